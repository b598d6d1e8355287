# The stages of .ci/run: what each took beside its budget, and what was not run.
# shellcheck shell=bash

stage_table=''
stages_not_run=''
budget_in_all=30 # minutes

# clock SECONDS: as minutes and seconds.
clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# line NAME SECONDS BUDGET [REMARK]: one line of the table; the budget is in minutes.
line() {
  local over=${4-}
  [ "$2" -le $(($3 * 60)) ] || over="${over:+$over, }over its budget"
  printf '  %-68s %6s of %3d min%s\n' "$1" "$(clock "$2")" "$3" "${over:+   $over}"
}

# stage BUDGET NAME COMMAND…: runs the command in this shell; where it fails, the run ends, after the table.
stage() {
  local began=$SECONDS
  stage_budget=$1 stage_name=$2 stage_began=$SECONDS
  shift 2
  printf '\n=== %s (at %s)\n' "$stage_name" "$(clock "$began")"
  "$@"
  stage_table+=$(line "$stage_name" $((SECONDS - began)) "$stage_budget")$'\n'
  stage_name=''
}

# beside LOG COMMAND…: starts it in the background; what it says goes to the file LOG. One at a time.
beside() {
  beside_log=$1
  shift
  "$@" >"$beside_log" 2>&1 &
  beside_pid=$!
}

# joined NAME: waits for what was started beside, prints what it said, and returns what it ended with.
joined() {
  local code=0
  wait "$beside_pid" || code=$?
  beside_pid=''
  printf '\n=== beside it: %s\n' "$1"
  cat "$beside_log"
  return "$code"
}

# not_run WHAT: named in the table; a machine that lacks something does not look as if it had proved it.
not_run() {
  stages_not_run+="  not run: $1"$'\n'
}

# shellcheck disable=SC2317  # called by the trap
print_stages() {
  # Nothing that a run has started outlives it.
  [ -z "${beside_pid-}" ] || joined 'what had not ended yet' || true
  [ -z "${stage_name-}" ] ||
    stage_table+=$(line "$stage_name" $((SECONDS - stage_began)) "$stage_budget" FAILED)$'\n'
  printf '\n=== stages\n%s%s%s\n' "$stage_table" "$(line 'in all' "$SECONDS" "$budget_in_all")" \
    "${stages_not_run:+$'\n'$stages_not_run}"
}
trap print_stages EXIT
