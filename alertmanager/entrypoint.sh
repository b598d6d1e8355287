#!/bin/sh
# Starts Alertmanager: checks the settings, renders its configuration, execs the server. With ROUTES_OF, the name of an
# experiment's folder, what that has in alertmanager.yml is added to the base's routes and inhibit_rules.
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
LAB_EXPERIMENTS_DIR=${LAB_EXPERIMENTS_DIR:-/etc/alertmanager/experiments}
LAB_DATA_DIR=${LAB_DATA_DIR:-/alertmanager}
ROUTES_OF=${ROUTES_OF-}

# Debian's package gives the program a longer name.
program=alertmanager
if ! command -v alertmanager >/dev/null 2>&1 && command -v prometheus-alertmanager >/dev/null 2>&1; then
  program=prometheus-alertmanager
fi

check_address GUIDE_ADDRESS "$GUIDE_ADDRESS" guide:8080
check_address ALERTMANAGER_LISTEN "$ALERTMANAGER_LISTEN" 0.0.0.0:9093
check_url ALERTMANAGER_URL "$ALERTMANAGER_URL" http://localhost:9093
check_file_in LAB_CONFIG_DIR "$LAB_CONFIG_DIR" alertmanager.yml.tmpl
if [ -n "$ROUTES_OF" ]; then
  if is_name "$ROUTES_OF"; then added=$LAB_EXPERIMENTS_DIR/$ROUTES_OF/alertmanager.yml; else added=''; fi
  [ -r "$added" ] ||
    problem "ROUTES_OF must be the name of a folder of experiments/ that holds alertmanager.yml, such as 27-one-rack, got \"$(shown "$ROUTES_OF")\""
fi
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
base=$LAB_CONFIG_DIR/alertmanager.yml.tmpl
if [ -n "$ROUTES_OF" ]; then
  # Of the two lists the lines below their name, which is where the base has its own.
  sed -n '/^routes:$/,/^inhibit_rules:$/s/^ /   /p' "$added" >"$config.routes"
  sed -n '/^inhibit_rules:$/,$s/^ / /p' "$added" >"$config.inhibit_rules"
  sed -e "/^  routes:\$/r $config.routes" -e "/^inhibit_rules:\$/r $config.inhibit_rules" "$base" >"$config.tmpl"
  base=$config.tmpl
fi
sed -e "s|@GUIDE_ADDRESS@|$GUIDE_ADDRESS|g" "$base" >"$config"

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
