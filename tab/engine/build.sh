#!/bin/sh
# Compiles Prometheus' PromQL engine and its rules for a browser, of the version that .env pins.
#
#   sh tab/engine/build.sh           prints the folder that holds promql.wasm and wasm_exec.js; compiles them first where
#                                    that has not been done (about a minute)
#   sh tab/engine/build.sh --kept    the same, but compiles nothing: ends with 3 where that has not been done
#
# Needs Go, as new as the module asks for, or else Docker, which takes GO_IMAGE of .env; and a way to Go's modules. Ends
# with 3, and says why, where one of them is missing. What was compiled is kept in the user's cache folder, by what it is
# made from.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")"

cannot() {
  echo "engine: it cannot be compiled here: $*" >&2
  exit 3
}

made_from=$(cat build.sh go.mod go.sum ./*.go | cksum | cut -d ' ' -f 1)
kept=${XDG_CACHE_HOME:-$HOME/.cache}/prometheus-lab/engine-$made_from
if [ -e "$kept/promql.wasm" ]; then
  echo "$kept"
  exit
fi
[ "${1-}" != --kept ] || cannot 'it has not been: make site does it'
has_docker() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }
command -v go >/dev/null || has_docker || cannot 'Go is not installed, and no Docker answers'
echo 'engine: compiling the PromQL engine for a browser, once (about a minute)' >&2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# keep FOLDER: whole or not at all, since another one may be compiling the same.
keep() {
  chmod 644 "$1"/*
  mkdir -p "$(dirname "$kept")"
  mv "$1" "$kept" 2>/dev/null || [ -e "$kept/promql.wasm" ]
  echo "$kept"
}

# In a container, which leaves nothing behind but Go's image.
if ! command -v go >/dev/null; then
  image=$(sed -n 's/^GO_IMAGE=//p' ../../.env)
  container=$(docker create --workdir /engine --env XDG_CACHE_HOME=/kept "$image" sh build.sh 2>"$work/log") ||
    cannot "with Docker ($(tail -n 1 "$work/log"))"
  trap 'docker rm -f "$container" >/dev/null 2>&1; rm -rf "$work"' EXIT
  docker cp . "$container:/engine" >/dev/null
  built=$(docker start --attach "$container" 2>"$work/log") || cannot "in $image ($(tail -n 1 "$work/log"))"
  docker cp "$container:$built" "$work/built" >/dev/null
  keep "$work/built"
  exit
fi

go mod download github.com/prometheus/prometheus 2>"$work/log" || cannot "its module cannot be had ($(tail -n 1 "$work/log"))"
module=$(go list -m -f '{{.Dir}}' github.com/prometheus/prometheus)

# What rules and engine import of these two packages is a type each; their other files bring a Kubernetes client and
# every cloud's, which are half of the program. A copy without them takes the module's place.
cp -R "$module" "$work/prometheus"
chmod -R u+w "$work/prometheus"
find "$work/prometheus/notifier" -name '*.go' ! -name alert.go -exec rm {} +
rm "$work/prometheus/util/logging/dedupe.go"
cp go.mod go.sum "$work"
go mod edit -replace "github.com/prometheus/prometheus=$work/prometheus" "$work/go.mod"

mkdir "$work/built"
GOOS=js GOARCH=wasm go build -modfile="$work/go.mod" -trimpath -tags slicelabels -ldflags '-s -w' \
  -o "$work/built/promql.wasm" . >"$work/log" 2>&1 || {
  tail -n 15 "$work/log" >&2
  exit 1
}
cp "$(go env GOROOT)/lib/wasm/wasm_exec.js" "$work/built"
# Of every module that is in it, and of Go.
{
  printf -- '— Go\n\n' && cat "$(go env GOROOT)/LICENSE"
  GOOS=js GOARCH=wasm go list -modfile="$work/go.mod" -tags slicelabels -deps -f '{{with .Module}}{{.Path}} {{.Dir}}{{end}}' . |
    sort -u | while read -r name folder; do
    for file in "$folder"/LICENSE*; do
      [ ! -e "$file" ] || { printf -- '\n— %s\n\n' "$name" && cat "$file"; }
    done
  done
} >"$work/built/licences.txt"
keep "$work/built"
