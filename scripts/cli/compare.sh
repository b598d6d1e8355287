# make compare: another backend is asked the same as the lab's Prometheus. Functions for lab.sh; source steps.sh first.
# shellcheck shell=sh disable=SC2154

# compare: asks the backend that QUERY_URL names, and starts nothing; without it one is started beside the lab, in a state
# in which most lessons can be asked, and the lab is left as it was found.
compare() {
  if [ -n "${QUERY_URL-}" ]; then
    require_running
    print_compared
    return
  fi
  choose_runtime
  lock
  runtime_prepare
  follow compare
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
