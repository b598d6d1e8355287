#!/bin/sh
# Runs a command of this repository with Node's packages in place, installing them first where they are missing:
#
#   sh scripts/with-packages.sh node --import tsx scripts/docs.ts
set -eu
cd "$(dirname "$0")/.."
mkdir -p .lab

speaker="lab"
# shellcheck source=scripts/runtime.sh
. scripts/runtime.sh

# shellcheck source=scripts/native.sh
. scripts/native.sh
packages
exec "$@"
