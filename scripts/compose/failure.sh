# What is said and done where `compose up` failed. Source docker.sh first.
# shellcheck shell=sh disable=SC2154

# explain_failure FILE…: says in one place what stands in Compose's output and in the logs of the services that did not
# come up; sets `broken` to their names.
explain_failure() {
  broken=''
  port=$(sed -nE 's/.*(:|port )([0-9]+)[^0-9]*(port is already allocated|address already in use).*/\2/p' "$lab_folder/up.log" | head -n 1)
  if [ -n "$port" ]; then
    keeps=' (.env keeps it)'
    [ -z "${LAB_NAME-}${LAB_PORTS-}" ] || keeps=''
    make_up="make up${LAB_NAME:+ LAB=$LAB_NAME}${LAB_PORTS:+ PORTS=$LAB_PORTS}"
    say "lab: port $port is taken by another program: stop it, or choose another port, such as $make_up $(variable_of_port "$port" "$@")=$((port + 1))$keeps"
    return
  fi
  # A service that ends at once is restarted again and again, and may be seen running.
  ids=$(containers -a)
  # shellcheck disable=SC2086
  [ -z "$ids" ] || broken=$(
    call_docker 30 inspect -f '{{index .Config.Labels "com.docker.compose.service"}} {{.RestartCount}} {{json .State}}' $ids |
      awk '/"Status":"(restarting|exited|dead|unhealthy)"/ || ($2 > 0 && !/"Status":"healthy"/) { print $1 }'
  )
  # Compose stops what it was waiting for when it is ended itself.
  if [ -e "$up.silent" ]; then
    broken=$(cat "$up.silent")
    say "lab: for $silent_seconds s nothing has moved, neither in the log nor in the processes of $(echo "$broken" | tr "\n" " " | sed "s, \$,,")"
  fi
  [ -n "$broken" ] || tail -n 5 "$lab_folder/up.log" | printable >&2
  for service in $broken; do
    say "— $service did not become healthy; the last lines of its log:"
    # It was restarted again and again: the same lines once are enough.
    call_docker 30 logs --tail 12 "$(container_of "$service")" 2>&1 | awk '!seen[$0]++' | tail -n 6 | printable >&2
  done
}

# variable_of_port PORT FILE…: the setting that publishes it, `-f` before each file.
variable_of_port() {
  taken=$1
  shift
  compose 30 "$@" config 2>/dev/null | awk -v port="$taken" '
    /^  [a-z]/ { sub(":", "", $1); service = $1 }
    $1 == "published:" && $2 == "\"" port "\"" { variable = toupper(service) "_PORT" }
    END { print variable ? variable : "PORT" }'
}

# leave_nothing_half_started RAN_BEFORE: a service that cannot start is taken away; so is all of a lab that did not
# run before.
leave_nothing_half_started() {
  if [ -z "$1" ]; then
    compose_unpublished 120 --profile '*' down --remove-orphans >/dev/null 2>&1
    fail 'the lab did not start, and nothing of it was left running; see the lines above'
  fi
  for service in $broken; do call_docker 120 rm -f "$(container_of "$service")" >/dev/null 2>&1; done
  fail "the change failed${broken:+, and $broken was stopped}; make up returns to the base"
}
