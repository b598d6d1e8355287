# What Compose brought up last, and whether that is what runs. Source images.sh first.
# shellcheck shell=sh disable=SC2154

# A hash of what decided it, and the containers that then ran.
up=$lab_folder/up

# is_up ARGUMENT…: whether the same files, settings and images were brought up last, and the same containers are still
# there, each as healthy as then: Compose itself needs half a second to find that out. Sets `decided` to the hash.
is_up() {
  decided=$(
    # A setting may be a password.
    umask 077
    {
      cat compose.yaml ./*/service.yaml
      for file; do [ "$file" = -f ] || cat "$file"; done
      printf '%s\n' "$*" "$images"
    } >"$up.inputs"
    # shellcheck disable=SC2094 # the names are read before the first line is added
    for name in COMPOSE_PROFILES $(grep -o '[$]{[A-Z0-9_]*' "$up.inputs" | sed 's/..//' | sort -u); do
      eval "printf '%s=%s\n' \"$name\" \"\${$name-}\" \"\${$name+set}\""
    done >>"$up.inputs"
    printf '%s\0' "$up.inputs" | sum
    rm "$up.inputs"
  )
  [ "$(cat "$up" 2>/dev/null)" = "$(what_is_up)" ]
}

note_up() { what_is_up >"$up"; }

what_is_up() {
  printf '%s\n' "$decided"
  call_docker 30 ps -a --no-trunc --filter "$ours" --filter label=com.docker.compose.oneoff=False --format '{{.ID}} {{.Status}}' |
    awk '{ print $1, $2, $NF ~ /[)]$/ ? $NF : "" }' | sort
}

# How long a service may be silent or start again and again, and how long all of it may take while something moves.
silent_seconds=${LAB_SILENT_SECONDS:-75}
longest_seconds=300

# bring_up ARGUMENT…: Compose's up with these, until every service is healthy. Says what is waited for. A service whose
# log or processes move gets more time than one that is silent, or that ends again and again.
bring_up() {
  rm -f "$up.ended"
  (
    trap leave EXIT
    trap 'exit 143' TERM
    code=0
    compose $((longest_seconds + 30)) "$@" >"$lab_folder/up.log" 2>&1 || code=$?
    echo "$code" >"$up.ended"
  ) &
  running=$!
  watch "$running" &
  guard=$!
  wait "$running" 2>/dev/null || true
  running=''
  kill -9 "$guard" 2>/dev/null || true
  wait "$guard" 2>/dev/null || true
  guard=''
  [ ! -t 2 ] || printf '\r\033[K' >&2
  # Where Docker gave no answer, that was said.
  [ -e "$up.ended" ] || [ -e "$up.silent" ] || exit 1
  [ "$(cat "$up.ended" 2>/dev/null)" = 0 ]
}

# watch PID: says each second what is not ready yet; ends PID where that is silent for too long.
watch() {
  seconds=0 moved=0 seen=''
  rm -f "$up.silent"
  while sleep 1; do
    seconds=$((seconds + 1))
    waiting=$(docker ps -a --filter "$ours" --filter label=com.docker.compose.oneoff=False \
      --format '{{.ID}} {{.Label "com.docker.compose.service"}} {{.Status}}' 2>/dev/null |
      awk '/Restarting/ { print $2, "restarting"; next } /health: starting|Created/ { print $2, $1 }')
    [ -n "$waiting" ] || continue
    names=$(printf '%s\n' "$waiting" | awk '{ printf "%s%s", comma, $1; comma = ", " }')
    line="lab: waiting for $names to be ready ($seconds s)"
    if [ -t 2 ]; then
      printf '\r\033[K%s' "$line" >&2
    elif [ "$seconds" -eq 1 ] || [ "$seconds" -eq 10 ] || [ $((seconds % 30)) -eq 0 ]; then
      say "$line"
    fi
    [ $((seconds % 8)) -eq 0 ] || continue
    signs=$(printf '%s\n' "$waiting" | while read -r name id; do signs_of "$name" "$id"; done)
    [ "$signs" = "$seen" ] || moved=$seconds seen=$signs
    [ $((seconds - moved)) -lt "$silent_seconds" ] || {
      printf '%s\n' "$waiting" | awk '{ print $1 }' >"$up.silent"
      kill "$1"
      return
    }
  done
}

# signs_of SERVICE ID: what moves while it starts: the time that its processes have had, and the end of its log. One that
# ends again and again has none.
signs_of() {
  [ "$2" != restarting ] || { echo "$1" && return; }
  echo "$1 $(docker top "$2" -o pid,time 2>/dev/null | tr '\n' ' ') $(docker logs --tail 1 --timestamps "$2" 2>&1 | tail -n 1)"
}
