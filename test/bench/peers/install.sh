#!/bin/sh
# What the bench's peers need, from Debian's packages (root). Without it a missing peer is left out.
set -eu
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  python3 python3-prometheus-client golang-go golang-github-prometheus-client-golang-dev >/dev/null
