# What some steps need beside the base lab, for both runtimes. The catalogue says which step needs which.
# shellcheck shell=sh

# Its name, and what it is: a program (its command, and who has it: debian, in a package and under a name of Debian's
# own, or go, as packaging/go-programs.sh builds it), or a flag that the lab's own Prometheus has to know.
requirements='
thanos          program thanos            go
victoriametrics program victoria-metrics  go
pushgateway     program pushgateway       debian prometheus-pushgateway
blackbox        program blackbox_exporter debian prometheus-blackbox-exporter
alertmanager    program alertmanager      debian prometheus-alertmanager
OTLP            flag    --web.enable-otlp-receiver
'

# requirement NAME: sets `kind`, `what` and `origin` to what stands there, and `package` to Debian's. Fails where there is no such line.
requirement() {
  # shellcheck disable=SC2046 # words
  set -- "$1" $(printf '%s\n' "$requirements" | name=$1 awk '$1 == ENVIRON["name"]')
  [ $# -gt 1 ] || fail "\"$1\" is required, and scripts/host/requirements.sh does not know it"
  # shellcheck disable=SC2034 # for the runtimes
  kind=$3 what=$4 origin=${5-} package=${6-}
}

# requirements_from ORIGIN: the names of those that are had there.
requirements_from() { printf '%s\n' "$requirements" | origin=$1 awk '$4 == ENVIRON["origin"] { print $1 }'; }
