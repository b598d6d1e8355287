# make check: every experiment in turn. Functions for lab.sh; source steps.sh and acts.sh first.
# shellcheck shell=sh disable=SC2154

# rounds: a line for each state that `make check` measures in: the step to apply, then the experiments.
rounds() {
  printf '%s\n' "$plan" | awk '
    /^exp-/ {
      state = $2 == "-" ? $1 : $2
      if (!(state in experiments)) order[++count] = state
      experiments[state] = experiments[state] " " $1
    }
    END { for (i = 1; i <= count; i++) print order[i] experiments[order[i]] }'
}

# measure_and_note STEP [WHEN]: measures an experiment for check_all, and keeps whether it held and how long that took.
measure_and_note() {
  before=$(date +%s) code=0
  measure "${1#exp-}" --tell || code=$?
  count=$((count + 1)) mark='✓'
  [ "$code" -eq 0 ] || mark='✗' failed=$((failed + 1))
  took=$(($(date +%s) - before))
  summary="$summary$(printf '  %s experiment %-3s %3d s%s' "$mark" "${1#exp-}" "$took" "${2-}")
"
}

# measure_phases STEP: does what is done by hand, phase by phase, and measures again after each, as long as all holds.
measure_phases() {
  for phase in $(phases "$1"); do
    [ "$code" -eq 0 ] || return 0
    count=$((count - 1))
    play "$1" "$phase" || say "lab: the next check says what that means for $1"
    measure_and_note "$1" ", after $played"
  done
}

# check_all: brings the lab into every state in turn, measures and undoes; then what held and where the time went.
check_all() {
  choose_runtime
  lock
  runtime_prepare
  make_plan
  state=unknown summary='' failed=0 count=0 applying=0 begun=$(date +%s)
  while read -r step experiments <&3; do
    find_lack "$step"
    if [ -n "$lack" ]; then
      say "— $experiments: not run here: $lack"
      summary="$summary$(printf '  · experiment %-3s not run here: %s' "${experiments#exp-}" "$lack")
"
      continue
    fi
    again=$aftermath changed=$overrides before=$(date +%s)
    if [ "$state" != "$changed" ]; then
      say "— $experiments: applying ${changed:-the base}"
      [ "$step" = "$experiments" ] || say '  each on instances of its own, where make exp-N plays one alone'
      apply "$step"
      state=$changed
    fi
    applying=$((applying + $(date +%s) - before))
    for experiment in $experiments; do
      measure_and_note "$experiment"
      measure_phases "$experiment"
    done
    [ -n "$changed" ] || continue
    say "— $experiments: undoing"
    before=$(date +%s)
    apply up
    applying=$((applying + $(date +%s) - before))
    state=''
    [ "$again" = - ] || [ "$code" -ne 0 ] || { count=$((count - 1)) && measure_and_note "$experiments" ", after the undo"; }
  done 3<<END
$(rounds)
END
  printf '\n%s  %d s in all, of which %d s to apply and undo\n' "$summary" "$(($(date +%s) - begun))" "$applying"
  [ "$failed" -eq 0 ] || fail "$failed of $count experiments did not hold"
}
