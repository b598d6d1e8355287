#!/bin/sh
# health.sh URL: ends with 0 where the service of this container answers at URL. It is each container's health check.
# Docker asks at one interval from start to end (start_interval needs Engine 25), and what it asks with is a process
# more in the container: four labs spent a quarter of two cores on that. So the interval is what a start can wait for,
# and once the service has answered, each further check waits first. /tmp is a tmpfs: a restart begins anew.
answered=${TMPDIR:-/tmp}/answered
[ ! -e "$answered" ] || sleep 10
if command -v wget >/dev/null; then
  # -Y off: busybox' wget takes a proxy of Docker's client configuration, and knows no exception from it.
  wget -Y off -T 3 -q -O /dev/null "$1"
else
  # bash speaks HTTP: starting a second Node would cost more than the exporter does.
  rest=${1#http://}
  at=${rest%%/*}
  # shellcheck disable=SC2016 # bash expands them
  timeout 3 bash -c 'exec 3<>"/dev/tcp/$1/$2" && printf "GET %s HTTP/1.0\r\n\r\n" "$3" >&3 && grep -q "200 OK" <&3' \
    health "${at%:*}" "${at#*:}" "/${rest#*/}"
fi && : >"$answered"
