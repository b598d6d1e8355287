# The native runtime: functions for lab.sh. The services are this machine's own processes; it needs Node and npm.
# shellcheck shell=sh

node_floor=20.12
# What was unpacked here is the last choice: a program that is installed goes before it.
PATH=$PATH:$PWD/.lab/bin
export PATH

native() { node --import tsx scripts/native/main.ts "$@"; }

runtime_prepare() {
  packages
  programs
}

# The packages of package-lock.json, once.
packages() {
  for tool in node npm; do
    has "$tool" || fail "$tool is missing: install Node $node_floor or newer, which brings npm, or Docker"
  done
  version=$(node --version)
  oldest=$(printf '%s\n%s\n' "$node_floor" "${version#v}" | sort -t . -k 1,1n -k 2,2n | head -n 1)
  [ "$oldest" = "$node_floor" ] || fail "Node ${version#v} is too old: the lab needs $node_floor or newer"
  # npm writes this file last.
  installed=node_modules/.package-lock.json
  [ ! -e "$installed" ] || [ -n "$(find package-lock.json -newer "$installed")" ] || return 0
  say 'lab: installing the npm packages, once (npm ci)'
  npm ci --no-audit --no-fund >.lab/npm.log 2>&1 && touch "$installed" && return 0
  tail -n 15 .lab/npm.log >&2
  fail 'the npm packages could not be installed; the whole log is in .lab/npm.log'
}

# Prometheus and Alertmanager, from PATH or else from Debian's packages.
programs() {
  wanted=''
  for tool in prometheus promtool; do
    has "$tool" || wanted="$wanted $tool"
  done
  { has alertmanager || has prometheus-alertmanager; } && has amtool || wanted="$wanted prometheus-alertmanager"
  [ -n "$wanted" ] || return 0

  if has apt-get && has dpkg; then
    say "lab: fetching$wanted from Debian's packages, once (into .lab/debian, without root)"
    # shellcheck disable=SC2086
    if sh scripts/debian-packages.sh .lab/debian $wanted; then
      link_programs
      return 0
    fi
  fi
  # The lab runs without Alertmanager, and says so when it starts.
  for tool in prometheus promtool; do
    has "$tool" || fail "$(how_to_install)"
  done
}

# Makes commands of what was unpacked.
link_programs() {
  mkdir -p .lab/bin
  for tool in prometheus promtool amtool; do
    [ ! -e ".lab/debian/root/usr/bin/$tool" ] || ln -sf "../debian/root/usr/bin/$tool" ".lab/bin/$tool"
  done
  [ ! -e .lab/debian/root/usr/bin/prometheus-alertmanager ] ||
    sh scripts/native/debian-alertmanager.sh .lab
}

how_to_install() {
  how="put them into PATH, from your system's packages or from https://prometheus.io/download"
  [ "$(uname -s)" != Darwin ] || how='brew install prometheus alertmanager'
  printf 'prometheus and promtool are missing: %s; then make up again' "$how"
}

runtime_plan() { node --import tsx scripts/cli/main.ts plan; }

runtime_apply() {
  native apply "$@" && return 0
  [ ! -e .lab/state.json ] || fail 'the change was not made; make status shows what runs, make up returns to the base'
  fail 'the lab did not start, and nothing of it was left running; see the lines above'
}

runtime_tools() {
  if [ ! -d node_modules/tsx ]; then
    say 'The lab is not running.'
    say '  Type: make up'
    return 2
  fi
  native tools "$@"
}

runtime_down() {
  [ ! -e .lab/state.json ] || packages
  [ ! -e .lab/state.json ] || native down
}

runtime_clean() {
  runtime_down
  rm -rf .lab/data .lab/logs .lab/dashboards
}

runtime_status() {
  if [ -e .lab/state.json ]; then native status && native tools storing; else say 'nothing is running'; fi
  [ ! -e .lab/applied ] || say "applied last: $(cut -d ' ' -f 1 .lab/applied)"
}

# runtime_logs [SERVICE…]: all of them without an argument.
runtime_logs() {
  if [ $# -eq 0 ]; then
    for log in .lab/logs/*.log; do set -- "$@" "$(basename "$log" .log)"; done
  fi
  for service; do
    if [ -r ".lab/logs/$service.log" ]; then
      printf '— %s, .lab/logs/%s.log\n' "$service" "$service"
      tail -n 50 ".lab/logs/$service.log"
    elif [ "$service" != '*' ]; then
      say "lab: there is no log of \"$service\" in .lab/logs"
    fi
  done
}
