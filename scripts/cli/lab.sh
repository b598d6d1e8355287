#!/bin/sh
# The lab's commands, the same in both runtimes. The Makefile calls it; it can be called by hand:
#
#   sh scripts/cli/lab.sh step exp-5      sh scripts/cli/lab.sh check 5 --json      sh scripts/cli/lab.sh down
#
# RUNTIME=compose or RUNTIME=native chooses where the services run; by default Docker where it answers.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/../.."

program=lab
# shellcheck source=scripts/cli/shell.sh
. scripts/cli/shell.sh
# shellcheck source=scripts/cli/runtime.sh
. scripts/cli/runtime.sh
# shellcheck source=scripts/cli/lock.sh
. scripts/cli/lock.sh
# shellcheck source=scripts/cli/password-file.sh
. scripts/cli/password-file.sh
# shellcheck source=scripts/cli/steps.sh
. scripts/cli/steps.sh

# Picks the runtime, says which and why, and loads its functions:
#
#   runtime_prepare            builds or installs what the lab starts with; touches nothing that runs
#   runtime_plan               prints what the tools say of every step, see steps.sh; needs nothing that runs
#   runtime_apply OVERRIDE…    the base with these files laid over it, until every service is healthy
#   runtime_tools ARGUMENT…    a command of scripts/cli/main.ts that reads the running lab
#   runtime_down, runtime_clean, runtime_status, runtime_logs
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

command=${1-}
[ $# -eq 0 ] || shift
case $command in
  experiments) list_experiments ;;
  step) require_experiment "$1" && choose_runtime && step "$@" ;;
  check) require_experiment "exp-$1" && choose_runtime && check "$@" ;;
  solve) require_experiment "exp-$1" && choose_runtime && solve "$@" ;;
  progress) choose_runtime && runtime_tools progress ;;
  check-all) choose_runtime && check_all ;;
  down) choose_runtime && lock && runtime_down && rm -f .lab/applied .lab/fleet ;;
  clean) choose_runtime && lock && runtime_clean && rm -f .lab/applied .lab/fleet ;;
  status) choose_runtime && runtime_status ;;
  logs) choose_runtime && runtime_logs "$@" ;;
  *) fail "unknown command \"$command\": experiments, step STEP, check N, check-all, solve N, progress, down, clean, status or logs" ;;
esac
