# The native runtime: functions for lab.sh. The services are this machine's own processes; it needs Node and npm.
# shellcheck shell=sh

# The lab that is meant where nobody says: the one that has no name.
: "${lab_folder:=.lab}"

# shellcheck source=scripts/minimum-versions.sh
. scripts/minimum-versions.sh
# shellcheck source=scripts/host/requirements.sh
. scripts/host/requirements.sh

# What was unpacked here is the last choice: a program that is installed takes precedence.
PATH=$PATH:$PWD/.lab/bin
# So is a backend that was built before; building one takes minutes, and is left to whoever wants it.
for name in thanos victoriametrics; do
  ! kept=$(sh packaging/go-programs.sh --kept "$name" 2>/dev/null) || PATH=$PATH:$kept
done
export PATH

native() { node scripts/native/launch.js scripts/native/main.ts "$@"; }

runtime_ready() {
  case $PWD in
    *:*) fail "PATH cannot hold a folder with a colon in its name, and the lab is in $PWD: move it" ;;
  esac
  require_programs_start
  # Whatever is asked of a lab that runs is asked through Node.
  [ ! -e "$lab_folder/state.json" ] || packages
}

# One lab at a time: what is missing is fetched for all of them.
runtime_prepare() {
  lock .lab/preparing
  packages
  programs
  unlock
}

# The packages of package-lock.json, once.
packages_are_there=''
packages() {
  [ -z "$packages_are_there" ] || return 0
  packages_are_there=yes
  for tool in node npm; do
    has "$tool" || fail "$tool is missing: install Node $minimum_node or newer, which brings npm, or Docker"
  done
  version=$(node --version) || fail 'node does not run; its own words are above'
  is_at_least "$minimum_node" "${version#v}" || fail "Node ${version#v} is too old: the lab needs $minimum_node or newer"
  [ -n "$(node scripts/native/missing-packages.js)" ] || return 0
  say 'lab: installing the npm packages, once (npm ci)'
  install_packages >.lab/npm.log 2>&1 || {
    tail -n 15 .lab/npm.log >&2
    fail 'the npm packages could not be installed; the whole log is in .lab/npm.log'
  }
  missing=$(node scripts/native/missing-packages.js)
  [ -z "$missing" ] || fail "npm ci succeeded without $missing: which setting of npm leaves it out? See npm config list"
}

# What the user has set for projects of their own must not leave out what the lab needs. How npm reaches its
# registry is left to the user.
install_packages() (
  unset NODE_ENV
  npm ci --no-audit --no-fund --include=dev --include=optional --workspaces --include-workspace-root \
    --location=user --no-global --no-dry-run --no-package-lock-only --package-lock --bin-links \
    --install-strategy=hoisted --no-install-links
)

# Prometheus and Alertmanager, from PATH or else from Debian's packages.
programs() {
  wanted='' too_old='' suffices=yes
  if ! is_new_enough; then
    too_old="$(command -v prometheus) is version $version, and the lab needs $minimum_prometheus or newer"
    PATH=$PWD/.lab/bin:$PATH
    is_new_enough || suffices=no
  fi
  for tool in prometheus promtool; do
    { has "$tool" && [ "$suffices" = yes ]; } || wanted="$wanted $tool"
  done
  { has alertmanager || has prometheus-alertmanager; } && has amtool || wanted="$wanted prometheus-alertmanager"
  [ -n "$wanted" ] || return 0

  if has apt-get && has dpkg; then
    [ -z "$too_old" ] || say "lab: $too_old"
    say "lab: fetching$wanted from Debian's packages, once (into .lab/debian, without root)"
    # shellcheck disable=SC2086
    if sh packaging/debian-packages.sh .lab/debian $wanted; then
      link_programs
      return 0
    fi
  fi
  # The lab runs without Alertmanager, and says so when it starts.
  for tool in prometheus promtool; do
    { has "$tool" && is_new_enough; } || fail "${too_old:-prometheus and promtool are missing}: $(how_to_install)"
  done
}

# is_new_enough: whether the Prometheus in PATH is, where there is one; sets `version`. One that says none is. Fails where
# it hangs: so would every command that starts it.
is_new_enough() {
  patience=${LAB_PROGRAM_SECONDS:-20} answered=0
  said=$(within "$patience" prometheus --version 2>&1) || answered=$?
  [ "$answered" -ne 124 ] ||
    fail "$(command -v prometheus) --version gives no answer within $patience s: is that Prometheus? Put another before it in PATH"
  version=$(printf '%s\n' "$said" | sed -n 's/^prometheus, version \([0-9][0-9.]*\).*/\1/p')
  [ -z "$version" ] || is_at_least "$minimum_prometheus" "$version"
}

# Makes commands of what was unpacked.
link_programs() {
  mkdir -p .lab/bin
  for tool in prometheus promtool amtool; do
    [ ! -e ".lab/debian/root/usr/bin/$tool" ] || ln -sf "../debian/root/usr/bin/$tool" ".lab/bin/$tool"
  done
  [ ! -e .lab/debian/root/usr/bin/prometheus-alertmanager ] ||
    sh packaging/debian-alertmanager.sh .lab
}

how_to_install() {
  how="put them into PATH, from your system's packages or from https://prometheus.io/download"
  [ "$(uname -s)" != Darwin ] || how='brew install prometheus alertmanager'
  printf '%s; then make up again' "$how"
}

runtime_script() { node scripts/native/launch.js scripts/cli/main.ts script "$@"; }

# What a file brings is found when it is applied, and nothing is touched before; what Debian has is fetched here.
runtime_obtain() {
  for name in $(requirements_from debian); do
    requirement "$name"
    ! grep -qs "file: $name/service.yaml" "$@" || has "$what" || fetch_brought "$name"
  done
}

# fetch_brought NAME: of which `what` and `package` are set.
fetch_brought() {
  if ! has "$package"; then
    say "lab: fetching $1 from Debian's packages, once (into .lab/debian, without root)"
    sh packaging/debian-packages.sh .lab/debian "$package" ||
      fail "$what is missing: put it into PATH, from https://prometheus.io/download"
  fi
  mkdir -p .lab/bin
  ln -sf "$(command -v "$package" || echo "../debian/root/usr/bin/$package")" ".lab/bin/$what"
}

runtime_apply() {
  outcome=0
  native apply "$@" || outcome=$?
  case $outcome in 0 | 3) return "$outcome" ;; esac
  [ ! -e "$lab_folder/state.json" ] || fail 'the change failed; make status shows what runs, make up returns to the base'
  fail 'the lab did not start, and nothing of it was left running; see the lines above'
}

runtime_apply_exporter() { runtime_apply --only=exporter; }

runtime_runs() { [ -e "$lab_folder/state.json" ]; }

# A lab of before wrote down what it started, and not where.
runtime_where() { [ -e "$lab_folder/where" ] || native where; }

runtime_binds() {
  node -e 'require("node:net").createServer().on("error", () => process.exit(1)).listen(0, process.argv[1], () => process.exit(0))' "$1"
}

runtime_tools() { native tools "$@"; }

runtime_services() { native services; }

runtime_manual() { native manual "$@" || exit 1; }

runtime_lacks() {
  requirement "$1"
  if [ "$kind" = flag ]; then
    # The lab's own Prometheus; Debian's is built without some.
    prometheus "$what" --version >/dev/null 2>&1 ||
      echo "no prometheus in PATH has the flag $what: the version that .env pins has it"
    return 0
  fi
  ! has "$what" || return 0
  case $origin in
    debian)
      { has "$package" || { has apt-get && has dpkg; }; } ||
        echo "$what is not in PATH: https://prometheus.io/download has it"
      ;;
    *) echo "$what is not in PATH: sh packaging/go-programs.sh $1 builds it (Go 1.26)" ;;
  esac
}

runtime_down() { [ ! -e "$lab_folder/state.json" ] || native down; }

runtime_clean() {
  runtime_down
  rm -rf "$lab_folder/data" "$lab_folder/logs" "$lab_folder/dashboards"
}

runtime_status() {
  if [ -e "$lab_folder/state.json" ]; then native status && runtime_logs prometheus | native tools storing; else say 'nothing is running'; fi
}

# runtime_logs [SERVICE…]: all of them without an argument.
runtime_logs() {
  if [ $# -eq 0 ]; then
    for log in "$lab_folder"/logs/*.log; do set -- "$@" "$(basename "$log" .log)"; done
  fi
  for service; do
    if [ -r "$lab_folder/logs/$service.log" ]; then
      printf '— %s, %s/logs/%s.log\n' "$service" "$lab_folder" "$service"
      tail -n 50 "$lab_folder/logs/$service.log" | printable
    elif [ "$service" != '*' ]; then
      say "lab: there is no log of \"$service\" in $lab_folder/logs"
    fi
  done
}

runtime_prepare_backtest() { runtime_prepare; }

runtime_scenarios() { native tools backtest "$@"; }

runtime_backtest() {
  rules=$1
  shift
  if [ "$rules" != /dev/null ]; then
    words=$(promtool check rules --lint=none "$rules" 2>&1) || refuse_rules "$words"
  fi
  native backtest "$@" <"$rules"
}
