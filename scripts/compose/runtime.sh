# The Compose runtime: functions for lab.sh, which says what each does. The host needs Docker and nothing else.
# shellcheck shell=sh

# shellcheck source=scripts/minimum-versions.sh
. scripts/minimum-versions.sh
# shellcheck source=scripts/host/requirements.sh
. scripts/host/requirements.sh
# shellcheck source=scripts/compose/docker.sh
. scripts/compose/docker.sh
# shellcheck source=scripts/compose/images.sh
. scripts/compose/images.sh
# shellcheck source=scripts/compose/up.sh
. scripts/compose/up.sh
# shellcheck source=scripts/compose/failure.sh
. scripts/compose/failure.sh

runtime_ready() {
  read_image_settings
  keep_out_foreign_settings
  require_docker
}

runtime_prepare() {
  list_images
  take_engine
  stale=$(built_from compose.yaml | sed "$([ -n "$COMPOSE_PROFILES" ] || echo /^grafana/d)" | find_stale)
  build_stale "$stale"
}

runtime_obtain() {
  # Services that extend the same file have one image: one of them is built for all. What extends compose.yaml itself
  # has an image that is there.
  stale=$(cat /dev/null "$@" |
    awk '/^  [a-z]/ { name = $1; sub(":", "", name) } /^ +extends:/ && match($0, /file: [^, ]+/) {
      file = substr($0, RSTART + 6, RLENGTH - 6)
      if (!seen[file]++) print name, file
    }' |
    while read -r name file; do built_from "$file" | sed "s/^[^ ]*/$name/"; done |
    find_stale)
  for file; do
    shift
    set -- "$@" -f "$file"
  done
  build_stale "$stale" "$@"
}

runtime_lacks() {
  [ -e "$debian_marker" ] || return 0
  requirement "$1"
  if [ "$kind" = flag ]; then
    [ -e "$module_marker" ] || echo 'the Prometheus of Debian is built without it: make images-module builds one that has it (Go 1.26)'
    return 0
  fi
  variable=$(echo "$1" | tr '[:lower:]' '[:upper:]')_IMAGE maker='make images-debian builds it'
  base_image=$(dot_env images.debian.env | sed -n "s/^$variable=//p")
  if [ -z "$base_image" ]; then
    [ -e "$module_marker" ] || {
      echo 'make images-debian builds no image of it: make images-module does (Go 1.26)'
      return 0
    }
    base_image=$(dot_env images.module.env | sed -n "s/^$variable=//p") maker='make images-module builds it (Go 1.26)'
  fi
  call_docker 20 image inspect "$base_image" >/dev/null 2>&1 || echo "its image is not there: $maker"
}

runtime_script() {
  require_password_files_in_containers
  # Only what compose.yaml fills in, and nothing secret: that is no setting that could be wrong.
  names=$(grep -o '[$]{[A-Z0-9_]*' compose.yaml | sed 's/..//' | grep -v 'PASSWORD$' | sort -u)
  gathered='LAB_TYPED LAB_WRITTEN LAB_FROM_FILES LAB_NUMBERED LAB_PORTS LAB_KEPT LAB_RUNS LAB_APPLIED LAB_FLEET LAB_LACKS LAB_ARRANGED RUNTIME'
  find_tools
  # shellcheck disable=SC2086 # words
  if [ -n "$tools_id" ]; then set -- "$tools_id" $tools_command script "$@"; else set -- prometheus-lab/tools script "$@"; fi
  # A setting without a value is taken out of what the container has.
  for name in $names $gathered; do set -- -e "$name" "$@"; done
  if [ -n "$tools_id" ]; then set -- exec "$@"; else set -- run --rm --network none "$@"; fi
  call_docker 60 "$@"
}

# find_tools: sets `tools_id` to the container in which the lab's commands are at hand while it runs, since making one
# takes longer than what they do; to nothing where it does not run, or is of an older image.
tools_command='node scripts/cli/main.ts'
find_tools() {
  tools_id=$(call_docker 30 ps --no-trunc --filter "$ours" --filter label=com.docker.compose.service=tools \
    --filter label=com.docker.compose.oneoff=False --filter status=running --format '{{.ID}} {{.Image}}' |
    awk '$2 == "prometheus-lab/tools" { print $1 }')
}

runtime_apply() {
  thaw_all
  was_running=$(containers) || exit 1
  for override; do
    shift
    set -- "$@" -f "$override"
  done
  [ -z "${GRAFANA_ADMIN_PASSWORD_FILE-}" ] || set -- "$@" -f grafana/password-file.yaml
  [ -z "${REMOTE_WRITE_PASSWORD_FILE-}" ] || set -- "$@" -f prometheus/password-file.yaml
  ! is_up "$@" || return 0
  if bring_up "$@" up -d --wait --wait-timeout "$longest_seconds" --remove-orphans; then
    note_up
    return 0
  fi
  explain_failure "$@"
  leave_nothing_half_started "$was_running"
}

runtime_apply_exporter() {
  thaw_all
  bring_up up -d --wait --wait-timeout "$longest_seconds" --no-deps exporter && return 0
  explain_failure
  leave_nothing_half_started yes
}

runtime_runs() {
  ids=$(containers) || exit 1
  [ -n "$ids" ]
}

# What is published, also of a container that is stopped: whoever has started it.
runtime_where() {
  ids=$(containers -a) || exit 1
  # shellcheck disable=SC2086
  [ -z "$ids" ] || call_docker 30 inspect -f '{{index .Config.Labels "com.docker.compose.service"}}{{range .HostConfig.PortBindings}}{{range .}} {{.HostIp}} {{.HostPort}}{{end}}{{end}}' $ids |
    awk 'NF == 3 { name = toupper($1); gsub("-", "_", name); print "BIND=" $2; print name "_PORT=" $3 }'
}

# Docker itself is asked: it may be on another machine, or in a virtual one.
runtime_binds() { call_docker 60 run --rm -p "$1::80" --entrypoint true prometheus-lab/tools >/dev/null 2>&1; }

runtime_tools() {
  LEFT_OUT=$left_out
  # shellcheck disable=SC2090
  export LEFT_OUT
  patience=60
  case $1 in check | compare | wait | solve | answer) patience=unlimited ;; esac
  LOCALHOST=host.docker.internal
  export LOCALHOST
  # What may take long is ended with its container: Ctrl-C does not reach what is executed in one that goes on.
  tools_id=''
  [ "$patience" = unlimited ] || find_tools
  # shellcheck disable=SC2086 # words
  if [ -n "$tools_id" ]; then set -- "$tools_id" $tools_command "$@"; else set -- --entrypoint "$tools_command" tools "$@"; fi
  for name in LAB_NAME LAB_APPLIED LAB_TYPED LEFT_OUT NO_COLOR TERM QUERY_URL LOCALHOST; do set -- -e "$name" "$@"; done
  if [ -n "$tools_id" ]; then
    call_docker "$patience" exec -i "$@"
    return
  fi
  if [ ! -t 0 ] || [ ! -t 1 ] || [ "$patience" != unlimited ]; then set -- -T "$@"; fi
  # What a step has brought is no orphan, and needs no warning at each command.
  COMPOSE_IGNORE_ORPHANS=true
  export COMPOSE_IGNORE_ORPHANS
  tools_ended=0
  compose "$patience" run --rm --no-deps "$@" || tools_ended=$?
  unset COMPOSE_IGNORE_ORPHANS
  return "$tools_ended"
}

runtime_services() {
  ids=$(containers -a) || exit 1
  # shellcheck disable=SC2086
  [ -z "$ids" ] || call_docker 30 inspect -f '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}}' $ids |
    awk '$1 != "tools" { print $1, $2 == "paused" ? "frozen" : $2 == "running" || $2 == "restarting" ? "running" : "stopped" }' | sort
}

runtime_manual() {
  id=$(container_of "$2")
  case $1 in
    kill) call_docker 30 kill "$id" ;;
    stop) call_docker 60 stop -t 5 "$id" ;;
    start) call_docker 60 start "$id" && until_healthy "$2" "$id" ;;
    restart) call_docker 60 restart -t 5 "$id" && until_healthy "$2" "$id" ;;
    freeze) pause "$id" ;;
    thaw) call_docker 30 unpause "$id" ;;
  esac >/dev/null
}

# pause CONTAINER: the freezer of cgroups v1 gives up on a process that is busy, and takes it at another try.
pause() {
  tries=0
  until call_docker 30 pause "$1" 2>"$lab_folder/pause.error"; do
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || {
      cat "$lab_folder/pause.error" >&2
      return 1
    }
    sleep 1
  done
}

# until_healthy SERVICE CONTAINER: within a minute.
until_healthy() {
  tries=0
  until [ "$(call_docker 30 inspect -f '{{.State.Health.Status}}' "$2")" = healthy ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || fail "$1 is not healthy after a minute; make logs shows why"
    sleep 1
  done
}

runtime_down() {
  thaw_all
  compose_unpublished 120 --profile '*' down --remove-orphans
}

runtime_clean() {
  runtime_down
  # By their label: Compose itself deletes those of compose.yaml alone.
  volumes=$(call_docker 30 volume ls -q --filter "$ours") || exit 1
  # shellcheck disable=SC2086
  [ -z "$volumes" ] || call_docker 60 volume rm $volumes >/dev/null
}

runtime_status() {
  services=$(compose_unpublished 30 ps -aq) || exit 1
  if [ -z "$services" ]; then
    say 'nothing is running'
    return
  fi
  lines=$(compose_unpublished 30 ps -a --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}') || exit 1
  printf '%s\n' "$lines" | grep -v '^tools ' | printable
  id=$(compose_unpublished 30 ps -q prometheus) || exit 1
  [ -n "$id" ] || return 0
  # One after the other: a pipe would ask Docker twice at once.
  lines=$(runtime_logs prometheus 2>&1)
  printf '%s\n' "$lines" | runtime_tools storing
}

# runtime_logs [SERVICE…]: all of them without an argument. Compose itself shows those of compose.yaml alone.
runtime_logs() {
  # shellcheck disable=SC2046
  [ $# -gt 0 ] || set -- $(runtime_services | awk '{ print $1 }')
  for service; do
    id=$(container_of "$service")
    if [ -n "$id" ]; then
      call_docker 30 logs --tail 50 "$id" 2>&1 | service=$service awk '{ print ENVIRON["service"] "  | " $0 }' | printable
    else
      say "lab: there is no service \"$service\""
    fi
  done
}

# Of the lab's images only two.
runtime_prepare_backtest() {
  list_images
  stale=$(built_from compose.yaml | grep -E '^(prometheus|tools) ' | find_stale)
  build_stale "$stale"
}

runtime_scenarios() { run_shift_tools none "$@"; }

# A Prometheus of the command's own, which nobody reaches but tools in the same network of none.
runtime_backtest() {
  rules=$1
  shift
  # Named before it is there: whatever ends this script removes it.
  brought=$project-shifts-$$
  call_docker 60 run -d --rm --name "$brought" --network none --memory 512m --cap-drop ALL \
    --security-opt no-new-privileges:true --entrypoint sh prometheus-lab/prometheus \
    /lab/prometheus/shifts.sh /prometheus/shifts 127.0.0.1:9090 >/dev/null || exit 1
  if [ "$rules" != /dev/null ]; then
    words=$(call_docker 60 exec -i "$brought" promtool check rules --lint=none <"$rules" 2>&1) || refuse_rules "$words"
  fi
  run_shift_tools "container:$brought" "$@" <"$rules"
}

# run_shift_tools NETWORK ARGUMENT…: the command of the tools image.
run_shift_tools() {
  network=$1
  shift
  set -- prometheus-lab/tools backtest "$@"
  [ "$network" = none ] || set -- -e SHIFTS_ADDRESS=127.0.0.1:9090 "$@"
  for name in LAB_NAME LAB_TYPED NO_COLOR TERM; do set -- -e "$name" "$@"; done
  [ ! -t 1 ] || [ -n "${NO_COLOR-}" ] || set -- -t "$@"
  call_docker unlimited run --rm --init -i --network "$network" "$@"
}
