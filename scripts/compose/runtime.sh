# The Compose runtime: functions for lab.sh. Host needs Docker only.
# shellcheck shell=sh

compose_floor=2.24.4
# Written by make images-debian and make images-module: whose base images are used.
debian_marker=.lab/images-debian
module_marker=.lab/images-module

# Every call names the same files, so that nothing depends on the folder or on what is set outside.
compose() {
  set -- --progress quiet "$@"
  [ ! -e "$module_marker" ] || set -- --env-file images.module.env "$@"
  [ ! -e "$debian_marker" ] || set -- --env-file images.debian.env "$@"
  docker compose --env-file .env "$@"
}

runtime_prepare() {
  docker info >/dev/null 2>&1 ||
    fail 'Docker does not answer: start Docker Desktop, or the docker service; or try RUNTIME=native'
  version=$(docker compose version --short 2>/dev/null | sed 's/^v//') ||
    fail "docker compose is missing: install Docker Compose $compose_floor or newer"
  oldest=$(printf '%s\n%s\n' "$compose_floor" "${version%%[-+]*}" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)
  [ "$oldest" = "$compose_floor" ] || fail "Docker Compose $version is too old: the lab needs $compose_floor or newer"
  build
}

build() {
  compose --profile tools build >.lab/build.log 2>&1 && return 0
  if grep -qiE 'failed to resolve source metadata|failed to do request|pull access denied|no such host|i/o timeout|TLS handshake' .lab/build.log; then
    tail -n 3 .lab/build.log >&2
    fail 'the images cannot be pulled: is the image registry reachable? Without one: make images-debian, then make up again'
  fi
  tail -n 25 .lab/build.log >&2
  fail 'the images could not be built; the whole log is in .lab/build.log'
}

runtime_plan() {
  require_password_file_in_container
  docker run --rm --network none prometheus-lab/tools plan
}

runtime_apply() {
  was_running=$(compose ps -q | head -n 1)
  for override; do
    shift
    set -- "$@" -f "$override"
  done
  set -- -f compose.yaml "$@"
  [ -z "${GRAFANA_ADMIN_PASSWORD_FILE-}" ] || set -- "$@" -f grafana/password-file.yaml
  if compose "$@" up -d --wait --wait-timeout 90 --remove-orphans >.lab/up.log 2>&1; then return 0; fi
  explain_failure
  leave_nothing_half_started "$was_running"
}

# Says in one place what stands in Compose's output and in the logs of the services that did not come up.
explain_failure() {
  port=$(sed -nE 's/.*(:|port )([0-9]+)[^0-9]*(port is already allocated|address already in use).*/\2/p' .lab/up.log | head -n 1)
  broken=''
  if [ -n "$port" ]; then
    variable=$(compose config 2>/dev/null | awk -v port="$port" '/^  [a-z]/ { service = $1 } $1 == "published:" && $2 == "\"" port "\"" { sub(":", "", service); print toupper(service) "_PORT" }')
    say "lab: port $port is taken by another program: stop it, or choose another port, such as make up ${variable:-PORT}=$((port + 1)) (.env keeps it)"
    return
  fi
  # A service that ends at once is restarted again and again, and may be seen running.
  ids=$(compose ps -aq)
  # shellcheck disable=SC2086
  [ -z "$ids" ] || broken=$(
    docker inspect -f '{{index .Config.Labels "com.docker.compose.service"}} {{.RestartCount}} {{json .State}}' $ids |
      awk '/"Status":"(restarting|exited|dead|unhealthy)"/ || ($2 > 0 && !/"Status":"healthy"/) { print $1 }'
  )
  [ -n "$broken" ] || tail -n 5 .lab/up.log >&2
  for service in $broken; do
    say "— $service did not become healthy; the last lines of its log:"
    # It was restarted again and again: the same lines once are enough.
    compose logs --no-log-prefix --tail 12 "$service" 2>&1 | awk '!seen[$0]++' | tail -n 6 >&2
  done
}

# A service that cannot start is taken away; so is all of a lab that was not there before.
leave_nothing_half_started() {
  if [ -z "$1" ]; then
    compose --profile '*' down >/dev/null 2>&1
    fail 'the lab did not start, and nothing of it was left running; see the lines above'
  fi
  # shellcheck disable=SC2086
  [ -z "$broken" ] || compose rm -sf $broken >/dev/null 2>&1
  fail "the change was not made, and ${broken:-what failed} was stopped; make up returns to the base"
}

runtime_tools() {
  terminal=''
  [ -t 1 ] || terminal=-T
  # shellcheck disable=SC2086
  compose run --rm --no-deps $terminal -e LAB_APPLIED -e NO_COLOR tools "$@"
}

runtime_down() { compose --profile '*' down --remove-orphans; }

runtime_clean() { compose --profile '*' down --remove-orphans --volumes; }

runtime_status() {
  compose ps -a --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}'
  [ -z "$(compose ps -q prometheus)" ] || runtime_tools storing
  if read -r step _ 2>/dev/null <.lab/applied; then say "applied last: $step"; fi
}

runtime_logs() { compose logs --tail 50 "$@"; }
