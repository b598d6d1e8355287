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
  engine 30 ps -a --no-trunc --filter "$ours" --filter label=com.docker.compose.oneoff=False --format '{{.ID}} {{.Status}}' |
    awk '{ print $1, $2, $NF ~ /[)]$/ ? $NF : "" }' | sort
}
