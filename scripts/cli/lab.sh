#!/bin/sh
# The lab's commands, the same in both runtimes. The Makefile calls it; it can be called by hand:
#
#   sh scripts/cli/lab.sh step exp-5      sh scripts/cli/lab.sh check 5 --json      sh scripts/cli/lab.sh down
#
# RUNTIME=compose or RUNTIME=native chooses where the services run; by default Docker where it answers.
set -eu
cd "$(dirname "$0")/../.."

speaker="lab"
# shellcheck source=scripts/cli/runtime.sh
. scripts/cli/runtime.sh

# Picks the runtime, says which and why, and loads its functions:
# runtime_prepare, runtime_apply STEP, runtime_tools ARGUMENT…, runtime_down, runtime_clean, runtime_status, runtime_logs.
choose_runtime() {
  default_runtime
  case $RUNTIME in
    compose | native) ;;
    *) fail "RUNTIME must be compose or native, got \"$RUNTIME\"" ;;
  esac
  say "runtime: $RUNTIME ($why)"
  mkdir -p .lab
  # shellcheck source=/dev/null
  . "scripts/$RUNTIME/runtime.sh"
}

# The settings that the commands themselves use, in a shell of its own; each service checks the others.
check_settings() (
  # shellcheck source=prometheus/settings.sh
  . prometheus/settings.sh
  for name in EXPORTER_PORT PROMETHEUS_PORT ALERTMANAGER_PORT GRAFANA_PORT GUIDE_PORT; do
    eval "value=\${$name-}"
    [ -z "$value" ] || check_whole_number "$name" "$value" 1 65535
  done
  value=${BIND-}
  [ "${#value}" -le 47 ] || value='?'
  case $value in
    *[!0-9A-Fa-f.:[\]]*) problem "BIND must be an IP address of this machine, got \"$(shown "$BIND")\"" ;;
  esac
  stop_on_problems lab
)

# Two commands at once would each undo half of what the other does.
lock() {
  until mkdir .lab/lock 2>/dev/null; do
    owner=$(cat .lab/lock/pid 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      # Moved away before it is deleted, so that of two who find it only one breaks it; a fresh one goes back.
      mv .lab/lock ".lab/lock.$$" 2>/dev/null || continue
      [ "$(cat ".lab/lock.$$/pid" 2>/dev/null || true)" = "$owner" ] || mv ".lab/lock.$$" .lab/lock 2>/dev/null || true
      rm -rf ".lab/lock.$$"
    elif [ "${waited:=0}" -ge 180 ]; then
      fail "another lab command has been running for 3 minutes (pid ${owner:-unknown}); if it is gone, remove .lab/lock"
    else
      [ "$waited" -gt 0 ] || say "lab: another lab command is running (pid ${owner:-unknown}), waiting for it"
      waited=$((waited + 1))
      sleep 1
    fi
  done
  printf '%s\n' "$$" >.lab/lock/pid
  trap 'rm -rf .lab/lock' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# apply STEP: brings the lab into that step's state and remembers when.
apply() {
  if ! grep -q "^$1 " .lab/applied 2>/dev/null; then
    case $1 in
      # An outage begins with a scrape that went well, by a Prometheus that goes on.
      exp-1) runtime_apply up && runtime_tools scraped ;;
      # An alert begins inactive: one that fires already is not notified again.
      exp-6) runtime_apply up && runtime_tools quiet ;;
    esac
  fi
  began=$(date +%s)
  runtime_apply "$1"
  printf '%s %s %s\n' "$1" "$began" "$(date +%s)" >.lab/applied
}

step() {
  check_settings || exit 1
  lock
  runtime_prepare
  apply "$1"
  runtime_tools describe "$1"
}

check() {
  LAB_APPLIED=$(cat .lab/applied 2>/dev/null || true)
  export LAB_APPLIED
  runtime_tools check "$@"
}

# All eight in order: apply, wait, measure, undo; then what held and where the time went.
check_all() {
  check_settings || exit 1
  lock
  runtime_prepare
  state=unknown summary='' failed=0 begun=$(date +%s)
  for number in 1 2 3 4 5 6 7 8; do
    before=$(date +%s)
    overrides=$(runtime_tools overrides "exp-$number")
    if [ "$state" != "$overrides" ]; then
      say "— exp-$number: applying" "${overrides:-the base}"
      apply "exp-$number"
      state=$overrides
    fi
    applied=$(date +%s)
    code=0
    check "$number" || code=$?
    if [ -n "$overrides" ]; then
      say "— exp-$number: undoing"
      apply up
      state=''
      case $number in
        1 | 6) [ "$code" -ne 0 ] || check "$number" || code=$? ;;
      esac
    fi
    [ "$code" -eq 0 ] && mark='✓' || mark='✗' failed=$((failed + (code != 0)))
    summary="$summary$(printf '  %s experiment %s   %3d s, of which %d s to apply' \
      "$mark" "$number" "$(($(date +%s) - before))" "$((applied - before))")
"
  done
  printf '\n%s  %d s in all\n' "$summary" "$(($(date +%s) - begun))"
  [ "$failed" -eq 0 ] || fail "$failed of 8 experiments did not prove themselves"
}

command=${1-}
[ $# -eq 0 ] || shift
case $command in
  step) choose_runtime && step "$@" ;;
  check) choose_runtime && check "$@" ;;
  check-all) choose_runtime && check_all ;;
  down) choose_runtime && lock && runtime_down && rm -f .lab/applied ;;
  clean) choose_runtime && lock && runtime_clean && rm -f .lab/applied ;;
  status) choose_runtime && runtime_status ;;
  logs) choose_runtime && runtime_logs "$@" ;;
  *) fail "unknown command \"$command\": step STEP, check N, check-all, down, clean, status or logs" ;;
esac
