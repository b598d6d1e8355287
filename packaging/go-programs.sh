#!/bin/sh
# Programs of the versions that .env pins, built from their Go modules: for machines that reach no image registry.
#
#   sh packaging/go-programs.sh NAME    prints the folder that holds the programs of NAME, a line of the table below;
#                                     builds them first where that has not been done (about 3 minutes)
#   sh packaging/go-programs.sh --kept NAME    the same, but builds nothing: ends with 3 where that has not been done
#
# Needs Go, as new as the module asks for, and a way to Go's modules. Ends with 3, and says why, where one of
# them is missing. What was built is kept by version in the user's cache folder, outside the clone, and counts
# as built only after it has answered a query. A program built from a module has no web pages for graphs:
# those are not part of the module.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/.."

# name, its image in .env, its module, the packages to build, the build tags. Without remove_all_sd Prometheus
# is twice as large; files and HTTP stay as ways of discovery. Without slicelabels Thanos builds, and panics at
# its first answer.
table='
prometheus      PROMETHEUS_IMAGE      github.com/prometheus/prometheus           cmd/prometheus,cmd/promtool netgo,remove_all_sd
thanos          THANOS_IMAGE          github.com/thanos-io/thanos                cmd/thanos                  netgo,slicelabels
victoriametrics VICTORIAMETRICS_IMAGE github.com/VictoriaMetrics/VictoriaMetrics app/victoria-metrics        netgo
'

program=go-programs
# shellcheck source=scripts/cli/shell.sh
. scripts/cli/shell.sh

cannot() {
  say "go-programs: $name $version cannot be built here: $*"
  exit 3
}

# module_version VERSION: as the module's tags say it. Prometheus 3.13.5 is v0.313.5 there.
module_version() {
  case $name in
    prometheus) echo "$1" | awk -F . '{ printf "v0.%d%02d.%d\n", $1, $2, $3 }' ;;
    *) echo "v$1" ;;
  esac
}

# Prints what of the module's go.mod does not reach the modules that use it, and so has to be repeated.
replacements() {
  sed -n '/^replace (/,/^)/p; /^replace [^(]/p' "$1"
}

# said_by_go KEY: what Go said of the module.
said_by_go() {
  sed -n "s/.*\"$1\": \"\(.*\)\".*/\1/p" "$work/module" | grep .
}

# Writes $work/go.mod, or says why this machine cannot build the module.
prepare() {
  command -v go >/dev/null || cannot 'Go is not installed'
  have=$(go env GOVERSION 2>/dev/null | sed 's/^go//')
  mkdir -p "$work"
  (cd "$work" && go mod download -json "$module@$module_version") >"$work/module" 2>"$work/log" ||
    cannot "its module cannot be had ($({ said_by_go Error || tail -n 1 "$work/log"; } | sed 's/\\"/"/g'))"
  mod=$(said_by_go GoMod)
  need=$(awk '$1 == "go" { print $2 }' "$mod")
  [ "$(printf '%s\n%s\n' "$need" "${have:-0}" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$need" ] ||
    cannot "it needs Go $need or newer, this is Go ${have:-without a version}"
  {
    printf 'module lab\ngo %s\nrequire %s %s\n' "$need" "$module" "$module_version"
    replacements "$mod"
  } >"$work/go.mod"
}

build() {
  say "go-programs: building $name $version from its Go module, once (about 3 minutes)"
  set --
  for package in $(echo "$packages" | tr , ' '); do set -- "$@" "$module/$package"; done
  (
    cd "$work"
    go build -mod=mod -trimpath -tags "$tags" -o bin/ \
      -ldflags "-s -w -X github.com/prometheus/common/version.Version=$version -X $module/lib/buildinfo.Version=v$version" "$@"
  ) >"$work/log" 2>&1 || {
    tail -n 15 "$work/log" >&2
    fail "$name $version could not be built, Go's own words are above"
  }
}

# start LOG COMMAND…: a program in the background, which ends with this script.
start() {
  log=$1
  shift
  "$@" >"$log" 2>&1 &
  newest=$!
  started="$started $newest"
}

# listening LOG: the address that the program says it listens on.
listening() {
  sed -n -e 's/.*msg="Listening on".* address=\([^ ]*\).*/\1/p' -e 's|.*started server at http://\([^/]*\)/.*|\1|p' "$1" |
    tail -n 1
}

# answers LOG: whether the newest program answers a query with the sample that was stored for it, within 30 s.
answers() {
  tries=0
  while [ "$tries" -lt 60 ] && kill -0 "$newest" 2>/dev/null; do
    address=$(listening "$1")
    if [ -n "$address" ] && "$promtool" query instant "http://$address" lab_built 2>/dev/null | grep -q '=> 42 @'; then
      return 0
    fi
    tries=$((tries + 1))
    sleep 0.5
  done
  return 1
}

# start_prometheus PROMTOOL PROMETHEUS: one on any free port, which holds the sample lab_built 42.
start_prometheus() {
  promtool=$1
  printf '# TYPE lab_built gauge\nlab_built 42 %s\n# EOF\n' "$(($(date +%s) - 5))" >"$work/samples"
  "$promtool" tsdb create-blocks-from openmetrics "$work/samples" "$work/data" >/dev/null
  echo 'global: { external_labels: { origin: lab } }' >"$work/prometheus.yml"
  start "$work/prometheus.log" "$2" --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" \
    --web.listen-address=127.0.0.1:0
}

check_prometheus() {
  start_prometheus "$work/bin/promtool" "$work/bin/prometheus"
  answers "$work/prometheus.log"
}

# Asked through a sidecar: only series that came over the wire make a wrong build fail.
check_thanos() {
  prometheus=$(sh packaging/go-programs.sh prometheus) || exit
  start_prometheus "$prometheus/promtool" "$prometheus/prometheus"
  answers "$work/prometheus.log" || return 1
  source=$(listening "$work/prometheus.log")
  store=127.0.0.1:$((20000 + $$ % 12000))
  start "$work/sidecar.log" "$work/bin/thanos" sidecar --prometheus.url="http://$source" --tsdb.path="$work/data" \
    --http-address=127.0.0.1:0 --grpc-address="$store" --prometheus.get_config_interval=1s
  start "$work/query.log" "$work/bin/thanos" query --http-address=127.0.0.1:0 --grpc-address=127.0.0.1:0 \
    --endpoint-strict="$store"
  answers "$work/query.log"
}

# The sample comes as the lab's do, by remote write.
check_victoriametrics() {
  programs=$(sh packaging/go-programs.sh prometheus) || exit
  promtool=$programs/promtool
  start "$work/victoriametrics.log" "$work/bin/victoria-metrics" -httpListenAddr=127.0.0.1:0 \
    -storageDataPath="$work/data" -search.latencyOffset=0s
  printf '# TYPE lab_built gauge\nlab_built 42\n' >"$work/samples"
  tries=0
  until "$promtool" push metrics "http://$(listening "$work/victoriametrics.log")" "$work/samples" >"$work/push.log" 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || return 1
    sleep 0.5
  done
  answers "$work/victoriametrics.log"
}

# shellcheck disable=SC2317  # called by the trap
leave() {
  # shellcheck disable=SC2086
  [ -z "$started" ] || kill $started 2>/dev/null || true
  wait
  [ -z "$work" ] || rm -rf "$work"
}

kept_only=no
[ "${1-}" != --kept ] || { kept_only=yes && shift; }
[ $# -eq 1 ] || fail 'usage: sh packaging/go-programs.sh [--kept] NAME'
line=$(printf '%s' "$table" | awk -v name="$1" '$1 == name')
[ -n "$line" ] || fail "the name must be one of $(printf '%s' "$table" | awk 'NF { printf "%s%s", comma, $1; comma = ", " }'), got \"$1\""
# shellcheck disable=SC2086
set -- $line
name=$1 image=$2 module=$3 packages=$4 tags=$5
version=$(sed -n "s/^$image=.*:v//p" .env)
[ -n "$version" ] || fail ".env does not pin a version in $image"
module_version=$(module_version "$version")

cache=${XDG_CACHE_HOME:-${HOME:?must be set, to know where what is built is kept}/.cache}/prometheus-lab
recipe="$module $module_version $packages $tags"
built=$cache/$name-$version-$(uname -s)-$(uname -m)
if [ "$(cat "$built/built-from" 2>/dev/null)" = "$recipe" ]; then
  echo "$built"
  exit
fi
[ "$kept_only" = no ] || cannot 'only what was built before was asked for'

# A setting of the user's is not to change what is built, nor for which machine; and no other Go is fetched.
unset GOOS GOARCH GOFLAGS
export GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0

started=''
work=''
trap leave EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$cache" 2>/dev/null || fail "cannot create the folder $cache"
work=$(mktemp -d "$cache/building.XXXXXX" 2>/dev/null) || fail "cannot write to $cache"
prepare
build
"check_$name" || {
  tail -n 5 "$work"/*.log >&2
  fail "$name $version was built and does not answer a query; its own words are above"
}
echo "$recipe" >"$work/bin/built-from"
rm -rf "$built"
mv "$work/bin" "$built" 2>/dev/null || [ -e "$built/built-from" ] || fail "cannot write to $built"
say "go-programs: $name $version answers; it is kept in $built"
echo "$built"
