#!/bin/sh
# The lab's commands, the same in both runtimes. The Makefile calls it; it can be called by hand:
#
#   sh scripts/cli/lab.sh step exp-5      sh scripts/cli/lab.sh check 5 --json      sh scripts/cli/lab.sh down
#
# RUNTIME=compose or RUNTIME=native chooses where the services run; by default Docker where it answers. LAB_NAME names a
# lab beside the one without a name.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/../.."

# A stream that is closed would be the next file that is opened.
(exec 3<&0) 2>/dev/null || exec </dev/null
(exec 3>&1) 2>/dev/null || exec >/dev/null
(exec 3>&2) || exec 2>/dev/null

program=lab
# shellcheck source=scripts/cli/shell.sh
. scripts/cli/shell.sh
# shellcheck source=scripts/host/dot-env.sh
. scripts/host/dot-env.sh
# shellcheck source=scripts/cli/where.sh
. scripts/cli/where.sh
# shellcheck source=scripts/cli/runtime.sh
. scripts/cli/runtime.sh
# shellcheck source=scripts/cli/folder.sh
. scripts/cli/folder.sh
# shellcheck source=scripts/cli/lock.sh
. scripts/cli/lock.sh
# shellcheck source=scripts/cli/password-file.sh
. scripts/cli/password-file.sh
# shellcheck source=scripts/cli/steps.sh
. scripts/cli/steps.sh
# shellcheck source=scripts/cli/backtest.sh
. scripts/cli/backtest.sh
# shellcheck source=scripts/cli/compare.sh
. scripts/cli/compare.sh
# shellcheck source=scripts/cli/manual-steps.sh
. scripts/cli/manual-steps.sh

# Picks the runtime, says which and why, and loads its functions:
#
#   runtime_ready              fails where this machine cannot run it
#   runtime_prepare            builds or installs what the lab starts with; touches nothing that runs
#   runtime_script WORD…       prints what is to be done, see follow in steps.sh; needs nothing that runs
#   runtime_obtain OVERRIDE…   builds or finds what these files bring beyond the base; touches nothing that runs
#   runtime_apply OVERRIDE…    the base with these files laid over it, until every service is healthy; returns 3
#                              where it said why it cannot and touched nothing
#   runtime_apply_exporter     the exporter of the base, alone: nothing else is started again, whatever is set
#   runtime_runs               whether anything of the lab runs
#   runtime_where              where it runs, as its services say: NAME=VALUE lines
#   runtime_binds ADDRESS      whether this machine has it, so that a port can be opened there
#   runtime_tools ARGUMENT…    a command of scripts/cli/main.ts that reads the running lab
#   runtime_lacks NAME         why this runtime does not have what an experiment requires; nothing where it has it
#   runtime_services           a line NAME STATE for each service that was started: running, frozen or stopped
#   runtime_manual VERB SERVICE   kill, stop, start, restart, freeze or thaw; started means healthy
#   runtime_prepare_backtest, runtime_scenarios ARGUMENT…, runtime_backtest RULES ARGUMENT…: see backtest.sh
#   runtime_down, runtime_clean, runtime_status, runtime_logs
choose_runtime() {
  read_dot_env
  default_runtime
  case $RUNTIME in
    compose | native) ;;
    *) fail "RUNTIME must be compose or native, got \"$RUNTIME\"" ;;
  esac
  # What is printed names commands as they are for the lab without a name.
  say "runtime: $RUNTIME ($why)${LAB_NAME:+, lab: $LAB_NAME (add LAB=$LAB_NAME to each command below)}"
  require_own_folder
  # shellcheck source=/dev/null
  . "scripts/$RUNTIME/runtime.sh"
  runtime_ready
}

name_lab
command=${1-}
[ $# -eq 0 ] || shift
case $command in
  kill | stop | start | restart | freeze | thaw | down | clean | status | logs) require_known_names "$command" ;;
esac
case $command in
  experiments) list_experiments && tell_requirements ;;
  step) step "$@" ;;
  check) check "$@" ;;
  check-all) check_all ;;
  compare) compare ;;
  backtest) backtest "$@" ;;
  solve) solve "$@" ;;
  incident) incident ;;
  # Not typed by anybody: steps.sh calls it.
  due) due "$@" ;;
  answer) answer "$@" ;;
  progress) show_progress "$@" ;;
  kill | stop | start | restart | freeze | thaw) manual_step "$command" "${LAB_SERVICE-$*}" ;;
  down | clean) stop_lab "$command" ;;
  status) status ;;
  logs) choose_runtime && runtime_logs "$@" ;;
  *) fail "unknown command \"$command\": experiments, step STEP, check N, check-all, compare, backtest, solve N, incident, answer, progress, kill, stop, start, restart, freeze or thaw SERVICE, down, clean, status or logs" ;;
esac
