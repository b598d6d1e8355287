#!/bin/sh
# make faults: breaks the lab on purpose and asserts what holds then; the settings are in test/faults/main.ts.
# It runs in one runtime (RUNTIME, or the one that make up takes), and ends the lab afterwards.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/../.."
mkdir -p .lab

program=faults
# shellcheck source=scripts/cli/shell.sh
. scripts/cli/shell.sh
# shellcheck source=scripts/cli/runtime.sh
. scripts/cli/runtime.sh

default_runtime
export RUNTIME

# The faults themselves run in Node here, some of them with a Prometheus of their own.
# shellcheck source=scripts/native/runtime.sh
. scripts/native/runtime.sh
packages
(programs) || say 'faults: without Prometheus on this machine, its own faults are skipped'

# Should a secret ever get into a log or an image, this one would be found there.
GRAFANA_ADMIN_PASSWORD=canary-$$
export GRAFANA_ADMIN_PASSWORD

code=0
node --import tsx test/faults/main.ts || code=$?
sh scripts/cli/lab.sh down >/dev/null 2>&1 || code=1
exit "$code"
