#!/usr/bin/env bash
# The lab on the native runtime, end to end, in a clone and on ports of its own, whatever runs on the usual ones. The
# verdicts read the same programs as on Compose: a smoke run tries what the runtime itself does.
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "$0")/.."

clone=$(mktemp -d)
# shellcheck disable=SC2317  # called by the trap
leave() {
  # A run that was cut off has left its lab running.
  make -C "$clone/lab" down >/dev/null 2>&1 || true
  rm -rf "$clone"
}
trap leave EXIT
git clone -q --no-hardlinks . "$clone/lab"
cd "$clone/lab"

# What the run before this one has built from its module.
for program in thanos victoriametrics; do
  ! folder=$(sh packaging/go-programs.sh "$program" 2>/dev/null) || PATH=$PATH:$folder
done
export PATH RUNTIME=native SMOKE=1
export EXPORTER_PORT=18000 PROMETHEUS_PORT=19090 ALERTMANAGER_PORT=19093 GRAFANA_PORT=13000 GUIDE_PORT=18080
# Below those that tests take.
export QUERY_PORT=15902 ENGINE_PORT=15950
make e2e
