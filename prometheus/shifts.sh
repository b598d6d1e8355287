#!/bin/sh
# Starts the Prometheus of make backtest, which holds shifts that are written to it: it scrapes nothing, has no rules, and
# its data are worth nothing once it has ended.
#
#   sh shifts.sh FOLDER ADDRESS
set -eu

# Samples are years old, and those that a rule records come after all others. With blocks as long as that everything stays
# in one, which takes samples of any of its times. An expression may ask for more than this machine has: five million
# samples at once are about 80 MB.
exec prometheus --config.file=/dev/null --storage.tsdb.path="$1" --web.listen-address="$2" \
  --storage.tsdb.retention.time=100y --storage.tsdb.min-block-duration=20y --storage.tsdb.max-block-duration=20y \
  --query.max-samples=5000000 --query.timeout=10s --web.enable-remote-write-receiver --web.cors.origin='none' \
  --log.level=warn
