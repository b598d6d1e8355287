#!/bin/sh
# make e2e: drives the lab by the README's commands and asserts through its published ports.
# It runs in one runtime (RUNTIME, or the one that make up takes). SMOKE=1 tries only what depends on the runtime:
# every step is applied and undone, and verdicts are not waited for.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/../.."

program=e2e
# shellcheck source=scripts/cli/shell.sh
. scripts/cli/shell.sh
# shellcheck source=scripts/cli/runtime.sh
. scripts/cli/runtime.sh
default_runtime
export RUNTIME

# The tests themselves run in Node here, whatever the lab runs on. The guide's need Chromium.
code=0
sh scripts/with-packages.sh node --import tsx test/e2e/main.ts || code=$?
exit "$code"
