#!/usr/bin/env bash
# In an empty clone, as a user who has neither root nor Docker nor Prometheus: make up, exp-5, check-5,
# down; and in another one make test. The user and the clones are gone afterwards.
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "$0")/.."

user=lab-newcomer
home=$(mktemp -d)
# A run that was cut off may have left its user behind.
userdel "$user" 2>/dev/null || true
useradd --no-create-home --home-dir "$home" --shell /bin/bash "$user"
# shellcheck disable=SC2317  # called by the trap
leave() {
  pkill -u "$user" || true
  userdel "$user" 2>/dev/null || true
  rm -rf "$home"
}
trap leave EXIT

as_user() {
  runuser -u "$user" -- env -C "$1" HOME="$home" USER="$user" LOGNAME="$user" DOCKER_HOST=unix:///nowhere bash -ec "$2"
}

for clone in lab test; do git clone -q --no-hardlinks . "$home/$clone"; done
chown -R "$user" "$home"

# Side by side: the first mostly waits.
as_user "$home/test" 'make test' >"$home/test.log" 2>&1 &
tests=$!
as_user "$home/lab" 'make up && make exp-5 && make check-5 && make down'
code=0
wait "$tests" || code=$?
cat "$home/test.log"
[ "$code" -eq 0 ] || exit "$code"

# What has just been asked to end may take a moment.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  left=$(pgrep -u "$user" -l || true)
  [ -n "$left" ] || break
  sleep 0.5
done
[ -z "$left" ] || {
  echo "left running: $left" >&2
  exit 1
}
