# The steps of the lab: functions for lab.sh. Which there are, and what each needs, only the catalogue knows.
# shellcheck shell=sh disable=SC2034,SC2154

# list_experiments: a line for each, from the table that `make docs` writes: a host with Docker may have no Node.
list_experiments() {
  awk -F ' *[|] *' '$2 ~ /^[0-9]+$/ {
    needs = index($3, ", needs ") ? substr($3, index($3, ", needs ")) : ""
    sub(/^\[/, "", $3); sub(/\].*/, "", $3); printf "  %2d  %s%s\n", $2, $3, needs
  }' experiments/README.md
}

# list_requirements: what some experiments need, each once.
list_requirements() { list_experiments | awk 'sub(/.*, needs /, "") && !seen[$0]++'; }

# tell_requirements: whether the runtime that make takes has what some experiments need.
tell_requirements() {
  LAB_DOCKER_SECONDS=${LAB_DOCKER_SECONDS:-3} default_runtime
  case $RUNTIME in compose | native) ;; *) return 0 ;; esac
  # shellcheck source=/dev/null
  . "scripts/$RUNTIME/runtime.sh"
  for name in $(list_requirements); do
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

# gather: what has to be known before anything is decided, for the tools.
gather() {
  require_password_files
  recall
  export_applied
  [ "$runs" = yes ] || LAB_APPLIED=''
  LAB_KEPT=$kept LAB_RUNS=$runs LAB_FLEET='' LAB_LACKS='' LAB_ARRANGED=''
  [ ! -e "$lab_folder/arranged" ] || LAB_ARRANGED=yes
  # A Prometheus that was ended by hand shows nothing that would have to go.
  if [ -e "$lab_folder/fleet" ] && runtime_services | grep -qE '^prometheus (running|frozen)$'; then LAB_FLEET=yes; fi
  for name in $(list_requirements) victoriametrics; do
    reason=$(runtime_lacks "$name")
    [ -z "$reason" ] || LAB_LACKS="$LAB_LACKS$name: $reason
"
  done
  # Of .env every name, and where it puts the lab: no password.
  LAB_WRITTEN=$(printf '%s' "$written" | sed -E '/^(BIND|[A-Z]+_PORT)=/!s/=.*//') LAB_FROM_FILES=$from_files
  # Of the environment only the names, of what could be meant for one instance, such as LATENCY_3.
  LAB_NUMBERED=$(env | sed -nE 's/^([A-Z_]+_[0-9]+)=.+/\1/p')
  export LAB_APPLIED LAB_KEPT LAB_RUNS LAB_FLEET LAB_LACKS LAB_ARRANGED LAB_WRITTEN LAB_FROM_FILES LAB_NUMBERED RUNTIME
}

# follow COMMAND [ARGUMENT…]: has the tools decide, and does what they say, line by line: scripts/cli/script.ts. Returns
# what the last measurement did, 0 where nothing was measured.
# shellcheck disable=SC2086 # none of the words holds a space
follow() {
  gather
  script=$(runtime_script "$@") || exit 1
  # Until it is moved the lab is where it was; and what was typed has been heard.
  there "$kept"
  LAB_TYPED=''
  code=0 count=0 failed=0 summary='' measured=0 measurements=0 begun=$(date +%s) begins='' earlier_where=$(cat "$lab_folder/where" 2>/dev/null || true)
  while IFS= read -r line <&5; do
    case $line in
      'held '*)
        [ "$code" -eq 0 ] || continue
        line=${line#held }
        ;;
    esac
    verb=${line%% *}
    case $line in *' '*) rest=${line#* } ;; *) rest='' ;; esac
    case $verb in
      # Is it an address of this machine?
      bind) runtime_binds "$rest" || fail "BIND must be an address of this machine, got \"$rest\": see ip address, or ifconfig" ;;
      say) say "$rest" ;;
      # Settings of the exporter that nobody is to read by accident.
      seal) INCIDENT=$rest && export INCIDENT ;;
      obtain) runtime_obtain $rest ;;
      place) write_where $rest ;;
      exporter) runtime_apply_exporter || give_up ;;
      departed)
        say 'lab: waiting until the fleet that has left is no longer shown'
        runtime_tools wait departed || true
        rm -f "$lab_folder/fleet"
        ;;
      apply) runtime_apply $rest || give_up ;;
      fleet) if [ "$rest" = yes ]; then : >"$lab_folder/fleet"; else rm -f "$lab_folder/fleet"; fi ;;
      # What an incident needs outside of the exporter. It outlives the lab's services, and so does the note of it.
      arrange) arrange "$rest" ;;
      wait) runtime_tools wait "${rest%% *}" || fail "${rest#* }" ;;
      # A line without its end is a step that failed, or was cut off.
      begin)
        earlier=$(cat "$lab_folder/applied" 2>/dev/null || true) begins=$(date +%s)
        printf '%s %s\n' "$rest" "$begins" >"$lab_folder/applied"
        ;;
      end)
        printf '%s %s %s\n' "$rest" "$begins" "$(date +%s)" >"$lab_folder/applied"
        begins='' earlier_where=$(cat "$lab_folder/where")
        ;;
      describe)
        export_applied
        runtime_tools describe "$rest"
        ;;
      measure)
        count=$((count + 1))
        tell_progress
        measure_and_note "$rest" ''
        ;;
      again) measure_and_note "${rest%% *}" "${rest#* }" ;;
      manual) perform_after "${rest%% *}" "${rest#* }" ;;
      skip) summary="$summary$(printf '  · experiment %-3s %s' "${rest%% *}" "${rest#* }")
" ;;
      summary) summarize ;;
      compare) print_compared || code=$? ;;
      down) runtime_down && forget ;;
      *) fail "this shell does not know \"$verb\": scripts/cli/script.ts and steps.sh differ" ;;
    esac
  done 5<<END
$script
END
  return "$code"
}

# give_up: nothing was touched, so what was applied before still is, and the lab is where it was.
give_up() {
  if [ -n "$begins" ]; then
    printf '%s\n' "$earlier" >"$lab_folder/applied"
    [ -n "$earlier" ] || rm "$lab_folder/applied"
  fi
  printf '%s\n' "$earlier_where" >"$lab_folder/where"
  [ -n "$earlier_where" ] || rm "$lab_folder/where"
  exit 1
}

# tell_progress: which experiment make check measures now, of how many, and what the rest takes at the pace so far.
tell_progress() {
  experiments=$(printf '%s\n' "$script" | grep -c '^measure ')
  left=''
  if [ "$measurements" -gt 0 ]; then
    all=$(printf '%s\n' "$script" | grep -cE '^(measure|held again) ')
    left=", about $((($(date +%s) - begun) * (all - measurements) / measurements)) s left"
  fi
  say "lab: experiment $count of $experiments$left"
}

# measure_and_note N SUFFIX: measures an experiment for make check, and keeps whether it held and how long that took.
measure_and_note() {
  before=$(date +%s) code=0
  measure "$1" --tell || code=$?
  mark='✓'
  [ "$code" -eq 0 ] || mark='✗' failed=$((failed + 1))
  took=$(($(date +%s) - before))
  measured=$((measured + took)) measurements=$((measurements + 1))
  summary="$summary$(printf '  %s experiment %-3s %3d s%s' "$mark" "$1" "$took" "${2# }")
"
}

# perform_after SECONDS 'VERB SERVICE': where it cannot be done, the check that follows says what that means.
perform_after() {
  [ "$1" -eq 0 ] || {
    say "  $1 s until make ${2% *} SERVICE=${2#* }"
    sleep "$1"
  }
  (perform "${2% *}" "${2#* }") || say 'lab: the next check says what that means'
}

# summarize: what held, and where the time went.
summarize() {
  all=$(($(date +%s) - begun))
  printf '\n%s  %d s in all, of which %d s to apply and undo\n' "$summary" "$all" "$((all - measured))"
  [ "$failed" -eq 0 ] || fail "$failed of $count experiments did not hold"
}

step() {
  require_experiment "$1"
  choose_runtime
  lock
  runtime_prepare
  follow step "$1" ${LAB_FAULT+"--fault=$LAB_FAULT"}
}

incident() {
  choose_runtime
  lock
  runtime_prepare
  follow step incident ${SEED:+"--seed=$SEED"} ${LAB_LEVEL+"--level=$LAB_LEVEL"}
}

# arrange COMMAND|no: what a step needs outside of the exporter; or nothing of that any more.
arrange() {
  if [ "$1" != no ]; then echo "$$" >"$lab_folder/arranged"; fi
  later=$(runtime_tools arrange "$1") || return 0
  if [ "$1" = no ]; then rm -f "$lab_folder/arranged"; fi
  [ -n "$later" ] || return 0
  # It goes on when this command has ended, and holds none of its streams.
  (trap '' HUP && exec sh scripts/cli/lab.sh due "$later" "$$") </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- &
}

# due SECONDS TOKEN: restarts what an incident wants restarted then, unless it is over before.
due() {
  left=$1
  while [ "$left" -gt 0 ]; do
    [ -e "$lab_folder/applied" ] && [ "$(cat "$lab_folder/arranged" 2>/dev/null)" = "$2" ] || return 0
    sleep 1
    left=$((left - 1))
  done
  require_running
  lock
  for service in $(runtime_tools due); do perform restart "$service"; done
}

# answer: hands on what was typed as it is.
answer() {
  require_running
  ask_tools answer "$@" ${LAB_INSTANCE+"--instance=$LAB_INSTANCE"} ${LAB_CAUSE+"--cause=$LAB_CAUSE"} \
    ${LAB_SINCE+"--since=$LAB_SINCE"} ${LAB_UNTIL+"--until=$LAB_UNTIL"} ${LAB_LOST+"--lost=$LAB_LOST"} \
    ${LAB_HINT+"--hint=$LAB_HINT"} ${LAB_ANSWER+"--answer=$LAB_ANSWER"}
}

check_all() {
  choose_runtime
  lock
  runtime_prepare
  follow check
}

# require_running: ends with 2, as where a check cannot be measured, where nothing of the lab runs.
require_running() {
  choose_runtime
  recall
  there "$kept"
  [ "$runs" = no ] || return 0
  say "The lab${LAB_NAME:+ $LAB_NAME} is not running."
  say "  Type: make up${LAB_NAME:+ LAB=$LAB_NAME}"
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
  ask_tools progress "$@"
}

# stop_lab down|clean
stop_lab() {
  choose_runtime
  lock
  runtime_runs || say "lab: nothing of $project runs"
  "runtime_$1"
  forget
}

# forget: what was known of a lab that is gone.
forget() { rm -f "$lab_folder/applied" "$lab_folder/fleet" "$lab_folder/where"; }

status() {
  choose_runtime
  recall
  there "$kept"
  say "lab: $project"
  runtime_status
  [ -e "$lab_folder/applied" ] || return 0
  read -r applied _ finished <"$lab_folder/applied"
  [ -n "$finished" ] || applied="$applied, which did not succeed; make up returns to the base"
  say "applied last: $applied"
}
