# make compare: another engine is asked the same as the lab's Prometheus. Functions for lab.sh; source steps.sh first.
# shellcheck shell=sh disable=SC2154

# compare: asks the engine that QUERY_URL names, and starts nothing; without it one is started beside the lab, in a state
# in which most lessons can be asked, and the lab is left as it was found.
compare() {
  if [ -n "${QUERY_URL-}" ]; then
    require_running
    print_compared
    return
  fi
  choose_runtime
  lock
  lack=$(runtime_lacks victoriametrics)
  [ -z "$lack" ] || fail "make compare is not run here: it needs VictoriaMetrics, and $lack; or ask an engine of yours: QUERY_URL=http://…"
  found=''
  if runtime_runs; then found=$(sed 's/ .*//' "$lab_folder/applied" 2>/dev/null || true) && found=${found:-up}; fi
  runtime_prepare
  make_plan
  require_no_search
  say 'lab: starting a second engine, which takes about two minutes to have seen enough'
  apply compare
  code=0
  print_compared || code=$?
  say "lab: back to what was there before: ${found:-nothing that runs}"
  if [ -n "$found" ]; then apply "$found"; else runtime_down && rm -f "$lab_folder/applied" "$lab_folder/fleet"; fi
  return "$code"
}

# require_no_search: a fault that was chosen by chance would be another one afterwards.
require_no_search() {
  [ -n "$found" ] || return 0
  look_up "$found"
  case $overrides in */faults/*) fail "make compare would change the fault that $found has chosen: make up first" ;; esac
}

# print_compared: the table; with DOCS=1 the page that holds it, into docs/compare.md.
print_compared() {
  if [ -z "${DOCS-}" ]; then
    runtime_tools compare
    return
  fi
  runtime_tools compare --document >"$lab_folder/compare.md" || return
  cp "$lab_folder/compare.md" docs/compare.md
  say 'lab: docs/compare.md has been written'
}
