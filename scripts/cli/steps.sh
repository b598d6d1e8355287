# The steps of the lab: functions for lab.sh. Which there are, and what each needs, only the catalogue knows.
# shellcheck shell=sh disable=SC2034

# list_experiments: a line for each, from the table that `make docs` writes: a host with Docker may have no Node.
list_experiments() {
  awk -F ' *[|] *' '$2 ~ /^[0-9]+$/ {
    needs = index($3, ", needs ") ? substr($3, index($3, ", needs ")) : ""
    sub(/^\[/, "", $3); sub(/\].*/, "", $3); printf "  %2d  %s%s\n", $2, $3, needs
  }' experiments/README.md
}

# tell_requirements: whether the runtime that make takes has what some experiments need.
tell_requirements() {
  LAB_ENGINE_SECONDS=${LAB_ENGINE_SECONDS:-3} default_runtime
  case $RUNTIME in compose | native) ;; *) return 0 ;; esac
  # shellcheck source=/dev/null
  . "scripts/$RUNTIME/runtime.sh"
  for name in $(list_experiments | awk 'sub(/.*, needs /, "") && !seen[$0]++'); do
    lacks=$(runtime_lacks "$name")
    printf '      %s: %s\n' "$name" "${lacks:-runs here} (runtime: $RUNTIME)"
  done
}

# require_experiment STEP: fails, before anything is touched, where STEP is an experiment that does not exist.
require_experiment() {
  case $1 in exp-*) ;; *) return 0 ;; esac
  list_experiments | wanted=${1#exp-} awk '$1 "" == ENVIRON["wanted"] "" { found = 1 } END { exit !found }' && return 0
  say "lab: there is no experiment \"${1#exp-}\"; there are:"
  list_experiments >&2
  exit 1
}

# make_plan: checks the settings, and keeps what the tools print, a line for each step:
# COMMAND SHARED PRECONDITION ONCE AFTERMATH REQUIRES MEGABYTES OVERRIDE…, where - stands for none. An experiment that
# is a search gets one of its faults, by chance or as in: make_plan exp-8 --fault=path. Then follow lines for what is
# done by hand, act COMMAND PHASE VERB SERVICE SECONDS, and one for the memory that is free, free MEGABYTES.
make_plan() {
  require_handed_on
  require_password_files
  plan=$(runtime_plan "$@") || exit 1
}

# require_handed_on: fails where a setting of one instance, such as LATENCY_3, is none that compose.yaml hands on: it
# would change nothing, without a word.
require_handed_on() {
  handed_on=$(grep -oE '[$][{][A-Z_]+_[0-9]+' compose.yaml | sed 's/..//' | sort -u | tr '\n' ' ')
  lost=''
  for setting in $(env | sed -nE 's/^([A-Z_]+_[0-9]+)=.+/\1/p' | sort -u); do
    case " $handed_on" in *" $setting "*) continue ;; esac
    ! grep -qE "^ +${setting%_*}: [$]" compose.yaml || lost="$lost $setting"
  done
  [ -z "$lost" ] ||
    fail "not handed on to the exporter:$lost. Of the settings of one instance these are: ${handed_on% }. A file laid over compose.yaml may set any"
}

# look_up STEP: sets precondition, once, aftermath, requires, megabytes and overrides. A step may be a state that
# experiments share.
look_up() {
  line=$(printf '%s\n' "$plan" | grep "^$1 ") || fail "there is no step \"$1\""
  read -r _ _ precondition once aftermath requires megabytes overrides <<END
$line
END
}

# find_lack STEP: looks it up, and sets `lack` to why it does not run on this machine; to nothing where it does.
find_lack() {
  look_up "$1"
  lack=''
  [ "$requires" = - ] || lack=$(runtime_lacks "$requires")
  [ -z "$lack" ] || lack="it needs $requires, and $lack"
  free=$(printf '%s\n' "$plan" | sed -n 's/^free //p')
  [ -z "$lack" ] && [ "$megabytes" != - ] && [ -n "$free" ] && [ "$free" -lt "$megabytes" ] || return 0
  # What it takes is taken already.
  grep -q "^$1 " "$lab_folder/applied" 2>/dev/null || lack="it takes $megabytes MB of memory, and $free MB are free"
}

# bring_up FILE…: the base with these files laid over it, once nothing of an earlier fleet is shown any more: until
# Prometheus has marked it as stale, it would be in every sum. Returns what runtime_apply returns.
bring_up() {
  # A Prometheus that was ended by hand has nothing to mark any more.
  if [ -e "$lab_folder/fleet" ] && runtime_services | grep -qE '^prometheus (running|frozen)$'; then
    # Prometheus goes on meanwhile, whatever is to change in it: one that begins anew marks nothing.
    runtime_apply_exporter || return
    say 'lab: waiting until the fleet that has left is no longer shown'
    runtime_tools wait departed || true
    rm -f "$lab_folder/fleet"
  fi
  runtime_apply "$@" || return
  if [ -n "${INSTANCES-}" ] || cat /dev/null "$@" | grep -q '^ *INSTANCES:'; then : >"$lab_folder/fleet"; fi
}

# apply STEP: brings the lab into that step's state and remembers when.
apply() {
  find_lack "$1"
  [ -z "$lack" ] || fail "$1 does not run here: $lack"
  # shellcheck disable=SC2086
  runtime_obtain $overrides
  first=$precondition
  # What happens once begins again by way of the base: with the settings in force nothing would be started.
  ! grep -q "^$1 [0-9]* [0-9]" "$lab_folder/applied" 2>/dev/null || first=$once
  if [ "$first" != - ]; then
    bring_up || exit 1
    [ "$precondition" = - ] || runtime_tools wait "$precondition" ||
      fail "$1 was not applied; the base lab is running"
  fi
  began=$(date +%s)
  earlier=$(cat "$lab_folder/applied" 2>/dev/null || true)
  # A line without its end is a step that failed, or was cut off.
  printf '%s %s\n' "$1" "$began" >"$lab_folder/applied"
  # shellcheck disable=SC2086 # none of their names holds a space
  bring_up $overrides || {
    # Nothing was touched: what was applied before still is.
    printf '%s\n' "$earlier" >"$lab_folder/applied"
    [ -n "$earlier" ] || rm "$lab_folder/applied"
    exit 1
  }
  printf '%s %s %s\n' "$1" "$began" "$(date +%s)" >"$lab_folder/applied"
}

step() {
  require_experiment "$1"
  choose_runtime
  lock
  runtime_prepare
  make_plan ${LAB_FAULT+"$1" "--fault=$LAB_FAULT"}
  apply "$1"
  export_applied
  runtime_tools describe "$1"
}

# require_running: ends with 2, as where a check cannot be measured, where nothing of the lab runs.
require_running() {
  choose_runtime
  runtime_runs && return 0
  say 'The lab is not running.'
  say '  Type: make up'
  exit 2
}

# check N [--json] [--tell]: ends with 0 where every claim holds, 1 where one does not, 2 where it cannot be measured.
check() {
  require_experiment "exp-$1"
  require_running
  measure "$@" ${LAB_TELL:+--tell}
}

# export_applied: gives the tools the step that was applied last.
export_applied() {
  LAB_APPLIED=$(cat "$lab_folder/applied" 2>/dev/null || true)
  export LAB_APPLIED
}

measure() {
  export_applied
  ask_tools check "$@"
}

# ask_tools ARGUMENT…: where nothing can be measured, says which service is frozen.
ask_tools() {
  runtime_tools "$@" || {
    answer=$?
    [ "$answer" -ne 2 ] || name_frozen
    return "$answer"
  }
}

# solve N: hands on what was typed as it is, whatever characters it holds.
solve() {
  require_experiment "exp-$1"
  require_running
  ask_tools solve "$@" ${LAB_QUERY+"--query=$LAB_QUERY"} ${LAB_NUMBER+"--number=$LAB_NUMBER"} \
    ${LAB_HINT+"--hint=$LAB_HINT"} ${LAB_ANSWER+"--answer=$LAB_ANSWER"} ${LAB_CAUSE+"--cause=$LAB_CAUSE"}
}

show_progress() {
  require_running
  ask_tools progress
}

# stop_lab down|clean
stop_lab() {
  choose_runtime
  lock
  "runtime_$1"
  rm -f "$lab_folder/applied" "$lab_folder/fleet"
}

status() {
  choose_runtime
  runtime_status
  [ -e "$lab_folder/applied" ] || return 0
  read -r applied _ finished <"$lab_folder/applied"
  [ -n "$finished" ] || applied="$applied, which did not succeed; make up returns to the base"
  say "applied last: $applied"
}
