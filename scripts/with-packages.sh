#!/bin/sh
# Runs a command of this repository with Node's packages in place, installing them first where they are missing:
#
#   sh scripts/with-packages.sh node --import tsx scripts/dev/docs.ts
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/.."
mkdir -p .lab

program=lab
# shellcheck source=scripts/cli/shell.sh
. scripts/cli/shell.sh

# shellcheck source=scripts/native/runtime.sh
. scripts/native/runtime.sh
packages
exec "$@"
