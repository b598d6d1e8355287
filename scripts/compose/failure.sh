# What is said and done where `compose up` failed. Source engine.sh first.
# shellcheck shell=sh

# explain_failure: says in one place what stands in Compose's output and in the logs of the services that did not
# come up; sets `broken` to their names.
explain_failure() {
  broken=''
  port=$(sed -nE 's/.*(:|port )([0-9]+)[^0-9]*(port is already allocated|address already in use).*/\2/p' .lab/up.log | head -n 1)
  if [ -n "$port" ]; then
    say "lab: port $port is taken by another program: stop it, or choose another port, such as make up $(variable_of_port "$port")=$((port + 1)) (.env keeps it)"
    return
  fi
  # A service that ends at once is restarted again and again, and may be seen running.
  ids=$(compose_unpublished 30 ps -aq)
  # shellcheck disable=SC2086
  [ -z "$ids" ] || broken=$(
    engine 30 inspect -f '{{index .Config.Labels "com.docker.compose.service"}} {{.RestartCount}} {{json .State}}' $ids |
      awk '/"Status":"(restarting|exited|dead|unhealthy)"/ || ($2 > 0 && !/"Status":"healthy"/) { print $1 }'
  )
  [ -n "$broken" ] || tail -n 5 .lab/up.log >&2
  for service in $broken; do
    say "— $service did not become healthy; the last lines of its log:"
    # It was restarted again and again: the same lines once are enough.
    compose_unpublished 30 logs --no-log-prefix --tail 12 "$service" 2>&1 | awk '!seen[$0]++' | tail -n 6 >&2
  done
}

# variable_of_port PORT: the setting that publishes it.
variable_of_port() {
  compose 30 config 2>/dev/null | awk -v port="$1" '
    /^  [a-z]/ { sub(":", "", $1); service = $1 }
    $1 == "published:" && $2 == "\"" port "\"" { variable = toupper(service) "_PORT" }
    END { print variable ? variable : "PORT" }'
}

# leave_nothing_half_started RAN_BEFORE: a service that cannot start is taken away; so is all of a lab that did not
# run before.
leave_nothing_half_started() {
  if [ -z "$1" ]; then
    compose_unpublished 120 --profile '*' down >/dev/null 2>&1
    fail 'the lab did not start, and nothing of it was left running; see the lines above'
  fi
  # shellcheck disable=SC2086
  [ -z "$broken" ] || compose_unpublished 120 rm -sf $broken >/dev/null 2>&1
  fail "the change failed${broken:+, and $broken was stopped}; make up returns to the base"
}
