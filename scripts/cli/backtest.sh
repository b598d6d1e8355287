# make backtest: alerts held against what happened in recorded shifts. Functions for lab.sh; source steps.sh first.
# shellcheck shell=sh disable=SC2154

# backtest [--json]: judges EXPR, or the rules of the file RULES; without either it says what there is to judge in. Needs
# nothing of the lab that runs, and touches nothing of it. Ends with 0 where no reference rule is better, 1 where one is,
# 2 where the rules cannot be judged.
backtest() {
  rules=${LAB_RULES-}
  if [ -n "$rules" ]; then
    { [ -f "$rules" ] && [ -r "$rules" ]; } || {
      say "lab: RULES must be a file that can be read, got \"$(printf '%s' "$rules" | printable)\""
      exit 2
    }
    set -- "$@" --rules
  fi
  for name in SCENARIO EXPR FOR KEEP; do
    eval "value=\${LAB_$name-}"
    option=$(echo "$name" | tr '[:upper:]' '[:lower:]')
    [ -z "$value" ] || set -- "$@" "--$option=$value"
  done
  choose_runtime
  lock
  runtime_prepare_backtest
  unlock
  if [ -n "$rules${LAB_EXPR-}" ]; then
    runtime_backtest "${rules:-/dev/null}" "$@"
  else
    runtime_scenarios "$@"
  fi
}

# refuse_rules WORDS: in the words of promtool, which names the file as it was handed to it.
refuse_rules() {
  say "lab: promtool refuses RULES:"
  printf '%s\n' "$1" | grep -vE '^(Checking |time=| *FAILED:|$)' | awk '!seen[$0]++' | printable >&2
  exit 2
}
