#!/bin/sh
# Starts Alertmanager: checks the settings, renders its configuration, execs the server.
#
#   sh entrypoint.sh [more flags for alertmanager]
#
# Runs in the image and, with LAB_CONFIG_DIR and LAB_DATA_DIR pointing into a folder of yours, without Docker.
set -eu

# shellcheck source=prometheus/settings.sh
. "$(dirname -- "$0")/../prometheus/settings.sh"

GUIDE_ADDRESS=${GUIDE_ADDRESS:-guide:8080}
ALERTMANAGER_LISTEN=${ALERTMANAGER_LISTEN:-0.0.0.0:9093}
ALERTMANAGER_URL=${ALERTMANAGER_URL:-http://localhost:9093}
LAB_CONFIG_DIR=${LAB_CONFIG_DIR:-/etc/alertmanager}
LAB_DATA_DIR=${LAB_DATA_DIR:-/alertmanager}

# Debian's package gives the program a longer name.
program=alertmanager
if ! command -v alertmanager >/dev/null 2>&1 && command -v prometheus-alertmanager >/dev/null 2>&1; then
  program=prometheus-alertmanager
fi

check_address GUIDE_ADDRESS "$GUIDE_ADDRESS" guide:8080
check_address ALERTMANAGER_LISTEN "$ALERTMANAGER_LISTEN" 0.0.0.0:9093
check_url ALERTMANAGER_URL "$ALERTMANAGER_URL" http://localhost:9093
check_file_in LAB_CONFIG_DIR "$LAB_CONFIG_DIR" alertmanager.yml.tmpl
check_program amtool
check_program "$program"
check_writable LAB_DATA_DIR "$LAB_DATA_DIR"
check_space LAB_DATA_DIR "$LAB_DATA_DIR" 1
stop_on_problems alertmanager

# The data folder is the one place that can surely be written to. sed is safe here, since no value
# that passed its check holds a |, an & or a backslash.
config_dir=$LAB_DATA_DIR/lab-config
config=$config_dir/alertmanager.yml
mkdir -p "$config_dir"
sed -e "s|@GUIDE_ADDRESS@|$GUIDE_ADDRESS|g" "$LAB_CONFIG_DIR/alertmanager.yml.tmpl" >"$config"

if ! report=$(amtool check-config "$config" 2>&1); then
  printf 'alertmanager: cannot start, amtool refuses the configuration\n%s\n' "$report" >&2
  exit 1
fi

# What was sent before a stop is forgotten: an alert that fires again after make up is news to a learner.
rm -f "$LAB_DATA_DIR/nflog"

# exec: Alertmanager takes this process's place, so it gets the signals of docker stop.
# An empty cluster address switches off gossip: there is one Alertmanager here.
exec "$program" \
  "--config.file=$config" \
  "--storage.path=$LAB_DATA_DIR" \
  "--web.listen-address=$ALERTMANAGER_LISTEN" \
  "--web.external-url=$ALERTMANAGER_URL" \
  --cluster.listen-address= \
  "$@"
