#!/bin/sh
# Starts Prometheus: checks the settings, renders its configuration, loads an hour of history, execs the server.
#
#   sh entrypoint.sh [more flags for prometheus]
#   sh entrypoint.sh --check      checks the settings and starts nothing
#
# Runs in the image and, with LAB_CONFIG_DIR, LAB_EXPERIMENTS_DIR and LAB_DATA_DIR pointing into folders of yours,
# without Docker.
set -eu

# shellcheck source=prometheus/settings.sh
. "$(dirname -- "$0")/settings.sh"

SCRAPE_INTERVAL=${SCRAPE_INTERVAL:-5s}
EVALUATION_INTERVAL=${EVALUATION_INTERVAL:-5s}
FOR_GRACE_PERIOD=${FOR_GRACE_PERIOD:-1m}
SCRAPE_SCHEME=${SCRAPE_SCHEME:-http}
METRICS_PATH=${METRICS_PATH:-/metrics}
RELABEL=${RELABEL:-none}
OTLP_RECEIVER=${OTLP_RECEIVER:-off}
SHARD=${SHARD:-}
REPLICA=${REPLICA:-}
REMOTE_WRITE_URL=${REMOTE_WRITE_URL:-}
REMOTE_WRITE_USER=${REMOTE_WRITE_USER:-}
REMOTE_WRITE_PASSWORD_FILE=${REMOTE_WRITE_PASSWORD_FILE:-}
LOCALHOST=${LOCALHOST:-}
OWN_TARGET=${OWN_TARGET:-}
EXPORTER_ADDRESS=${EXPORTER_ADDRESS:-exporter:8000}
ALERTMANAGER_ADDRESS=${ALERTMANAGER_ADDRESS:-alertmanager:9093}
PROMETHEUS_ADDRESS=${PROMETHEUS_ADDRESS:-localhost:9090}
PROMETHEUS_LISTEN=${PROMETHEUS_LISTEN:-0.0.0.0:9090}
PROMETHEUS_URL=${PROMETHEUS_URL:-http://localhost:9090}
HISTORY_SECONDS=${HISTORY_SECONDS:-3600}
SHIFTS=${SHIFTS:-off}
LAB_ID=${LAB_ID:-}
LAB_CONFIG_DIR=${LAB_CONFIG_DIR:-/etc/prometheus}
LAB_EXPERIMENTS_DIR=${LAB_EXPERIMENTS_DIR:-/etc/prometheus/experiments}
LAB_DATA_DIR=${LAB_DATA_DIR:-/prometheus}

check_interval SCRAPE_INTERVAL "$SCRAPE_INTERVAL"
check_interval EVALUATION_INTERVAL "$EVALUATION_INTERVAL"
check_grace_period FOR_GRACE_PERIOD "$FOR_GRACE_PERIOD"
check_choice SCRAPE_SCHEME "$SCRAPE_SCHEME" http https
check_path METRICS_PATH "$METRICS_PATH" /metrics
check_choice RELABEL "$RELABEL" none rename drop
check_choice OTLP_RECEIVER "$OTLP_RECEIVER" off on
[ -z "$LAB_ID" ] || check_name LAB_ID "$LAB_ID" 0123456789abcdef
[ -z "$SHARD" ] || check_shard SHARD "$SHARD"
[ -z "$REPLICA" ] || check_name REPLICA "$REPLICA" a
[ -z "$REMOTE_WRITE_URL" ] || check_remote_write_url REMOTE_WRITE_URL "$REMOTE_WRITE_URL"
[ -z "$REMOTE_WRITE_USER" ] || check_user REMOTE_WRITE_USER "$REMOTE_WRITE_USER"
check_both REMOTE_WRITE_USER "$REMOTE_WRITE_USER" REMOTE_WRITE_PASSWORD_FILE "$REMOTE_WRITE_PASSWORD_FILE"
[ -z "$LOCALHOST" ] || check_host LOCALHOST "$LOCALHOST"
[ -z "$OWN_TARGET" ] || check_address OWN_TARGET "$OWN_TARGET" localhost:9100
check_address EXPORTER_ADDRESS "$EXPORTER_ADDRESS" exporter:8000
[ -z "${TARGET_ADDRESS-}" ] || check_address TARGET_ADDRESS "$TARGET_ADDRESS" exporter:8000
check_address ALERTMANAGER_ADDRESS "$ALERTMANAGER_ADDRESS" alertmanager:9093
check_address PROMETHEUS_ADDRESS "$PROMETHEUS_ADDRESS" localhost:9090
check_address PROMETHEUS_LISTEN "$PROMETHEUS_LISTEN" 0.0.0.0:9090
check_url PROMETHEUS_URL "$PROMETHEUS_URL" http://localhost:9090
check_whole_number HISTORY_SECONDS "$HISTORY_SECONDS" 0 86400
check_choice SHIFTS "$SHIFTS" off on
if [ "${1-}" = --check ]; then
  stop_on_problems prometheus
  exit 0
fi
check_file_in LAB_CONFIG_DIR "$LAB_CONFIG_DIR" prometheus.yml.tmpl
[ -z "$REMOTE_WRITE_PASSWORD_FILE" ] || check_password_file REMOTE_WRITE_PASSWORD_FILE "$REMOTE_WRITE_PASSWORD_FILE"
check_program promtool
check_program prometheus
check_writable LAB_DATA_DIR "$LAB_DATA_DIR"
check_space LAB_DATA_DIR "$LAB_DATA_DIR" 16
stop_on_problems prometheus

# One that holds recorded shifts instead of scraping anything: they are written to it anew whenever it starts.
if [ "$SHIFTS" = on ]; then
  rm -rf "$LAB_DATA_DIR/shifts"
  exec sh "$(dirname -- "$0")/shifts.sh" "$LAB_DATA_DIR/shifts" "$PROMETHEUS_LISTEN"
fi

say() {
  printf 'prometheus: %s\n' "$1" >&2
}

# is_from MAJOR MINOR: whether this Prometheus is of that version or newer. One that does not say is the newest.
version=$(prometheus --version 2>&1 | sed -n 's/^prometheus, version \([0-9][0-9.]*\).*/\1/p')
is_from() {
  printf '%s\n' "${version:-99.0}" | awk -F . -v major="$1" -v minor="$2" '{ exit !($1 > major || ($1 == major && $2 >= minor)) }'
}

# The rendered configuration lies in the data folder, the one place that can surely be written to.
# The rules go with it: rule_files are relative to the configuration. Those of an experiment get its name. sed is
# safe here, since no value that passed its check holds a |, an & or a backslash.
# Its folder bears the name of the lab, where it has one: by that flag the lab's commands know its own Prometheus.
rm -rf "$LAB_DATA_DIR/lab-config"
config_dir=$LAB_DATA_DIR/lab-config${LAB_ID:+/$LAB_ID}
config=$config_dir/prometheus.yml
mkdir -p "$config_dir/rules"
cp "$LAB_CONFIG_DIR"/rules/*.yml "$config_dir/rules/"
for rules in "$LAB_EXPERIMENTS_DIR"/*/rules.yml; do
  [ ! -e "$rules" ] || cp "$rules" "$config_dir/rules/$(basename "${rules%/rules.yml}").yml"
done
too_old=''
if ! is_from 3 9; then
  say "version $version leaves out the job my_app_native: it cannot have native histograms and creation times at once"
  too_old='/^ *# from 3\.9$/,/^$/d'
fi
# Where the exporter is scraped, should that differ from where it is.
TARGET_ADDRESS=${TARGET_ADDRESS:-$EXPORTER_ADDRESS}
one_metric='source_labels: [__name__], regex: cpu_usage_simulated'
case $RELABEL in
  none) relabel_rules='[]' ;;
  rename) relabel_rules="[{ $one_metric, target_label: __name__, replacement: cpu_usage_simulated_percent }]" ;;
  drop) relabel_rules="[{ $one_metric, action: drop }]" ;;
esac
# One of several: it keeps a part of the targets (SHARD), or the same as another one (REPLICA), and leaves the services
# of Thanos to the lab's own Prometheus. Its labels say to a reader of several whose series it has before it, and it
# watches itself under a name of its own.
external_labels=''
target_rules=''
own_name=prometheus
if [ -n "$SHARD$REPLICA" ]; then
  target_rules="{ source_labels: [job], regex: thanos, action: drop }"
  own_name=${SHARD:+shard-${SHARD%/*}}${SHARD:+${REPLICA:+-}}${REPLICA:+replica-$REPLICA}
fi
if [ -n "$SHARD" ]; then
  external_labels=" shard: '${SHARD%/*}' "
  target_rules="$target_rules, { source_labels: [instance], modulus: ${SHARD#*/}, target_label: __tmp_shard, action: hashmod }, { source_labels: [__tmp_shard], regex: '${SHARD%/*}', action: keep }"
fi
[ -z "$REPLICA" ] || external_labels="${external_labels:+${external_labels% },} replica: '$REPLICA' "
# reached AUTHORITY[/PATH]: localhost means the machine of the lab, also where Prometheus is in a container (LOCALHOST).
reached() {
  case ${LOCALHOST:+$1} in
    localhost[:/]* | 127.0.0.1[:/]*) printf %s "$LOCALHOST${1#"${1%%[:/]*}"}" ;;
    *) printf %s "$1" ;;
  esac
}
# Its instance is what the learner has typed, wherever that is reached.
own_target=''
[ -z "$OWN_TARGET" ] || own_target="{ targets: ['$(reached "$OWN_TARGET")'], labels: { instance: '$OWN_TARGET' } }"
# Where every sample goes as well. The password stays where it is: the configuration names a link beside it, whose
# path needs no quotes.
remote_write=''
if [ -n "$REMOTE_WRITE_URL" ]; then
  REMOTE_WRITE_URL=${REMOTE_WRITE_URL%%://*}://$(reached "${REMOTE_WRITE_URL#*://}")
  login=''
  if [ -n "$REMOTE_WRITE_USER" ]; then
    ln -s "$REMOTE_WRITE_PASSWORD_FILE" "$config_dir/remote-write-password"
    login=", basic_auth: { username: '$REMOTE_WRITE_USER', password_file: remote-write-password }"
  fi
  # One shard, and no other number of them: with each change what is not sent within the flush deadline is given up.
  remote_write="{ name: lab, url: '$REMOTE_WRITE_URL', queue_config: { max_shards: 1 }$login }"
fi
sed -e "s|@SCRAPE_INTERVAL@|$SCRAPE_INTERVAL|g" \
  -e "s|@EVALUATION_INTERVAL@|$EVALUATION_INTERVAL|g" \
  -e "s|@SCRAPE_SCHEME@|$SCRAPE_SCHEME|g" \
  -e "s|@METRICS_PATH@|$METRICS_PATH|g" \
  -e "s|@EXTERNAL_LABELS@|{$external_labels}|g" \
  -e "s|@TARGET_RULES@|[$target_rules]|g" \
  -e "s|@OWN_NAME@|$own_name|g" \
  -e "s|@RELABEL_RULES@|$relabel_rules|g" \
  -e "s|@TARGET_ADDRESS@|$TARGET_ADDRESS|g" \
  -e "s|@EXPORTER_ADDRESS@|$EXPORTER_ADDRESS|g" \
  -e "s|@ALERTMANAGER_ADDRESS@|$ALERTMANAGER_ADDRESS|g" \
  -e "s|@PROMETHEUS_ADDRESS@|$PROMETHEUS_ADDRESS|g" \
  -e "s|@REMOTE_WRITE@|[$remote_write]|g" \
  -e "s|@OWN_TARGET@|[$own_target]|g" \
  -e "$too_old" \
  "$LAB_CONFIG_DIR/prometheus.yml.tmpl" >"$config"

if ! report=$(promtool check config "$config" 2>&1); then
  printf 'prometheus: cannot start, promtool refuses the configuration\n%s\n' "$report" >&2
  exit 1
fi

# has_data: whether Prometheus has run on this folder before.
has_data() {
  [ -d "$LAB_DATA_DIR/wal" ] && return 0
  for meta in "$LAB_DATA_DIR"/*/meta.json; do
    [ -e "$meta" ] && return 0
  done
  return 1
}

# fetch URL FILE: a direct download, whatever proxy the environment names; 30 s at most.
# The limit comes from timeout, since wget -T crashes in Debian's busybox-static 1.35.
fetch() (
  unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
  if command -v curl >/dev/null 2>&1; then
    curl -fsS --connect-timeout 3 -m 30 -o "$2" "$1"
  else
    timeout 30 wget -q -O "$2" "$1"
  fi
)

# load_history: fills an empty data folder with what the exporter says it would have shown.
# History ends at the second that has begun, so every live scrape comes after it. The blocks are built
# in a scratch folder of the same file system and moved in when they are whole. It is promtool's TMPDIR,
# too, since /tmp may be read-only.
load_history() {
  scratch=$LAB_DATA_DIR/lab-history.tmp
  rm -rf "$scratch"
  mkdir -p "$scratch/blocks"
  trap 'rm -rf "$scratch"; exit 143' INT TERM

  to=$(date +%s)
  from=$((to - HISTORY_SECONDS))
  # A sample at every scrape, but no more than 3600 of a series.
  step=$(duration_milliseconds "$SCRAPE_INTERVAL" |
    awk -v longest="$HISTORY_SECONDS" '{ step = $1 / 1000; least = longest / 3600; printf "%.10g", (step > least ? step : least) }')
  url="http://$EXPORTER_ADDRESS/history?from=$from&to=$to&step=$step"

  if ! fetch "$url" "$scratch/samples" 2>"$scratch/errors"; then
    reason=$(tail -n 1 "$scratch/errors")
    say "starts without history: $EXPORTER_ADDRESS did not give any (${reason:-no answer})"
  elif ! TMPDIR=$scratch promtool tsdb create-blocks-from openmetrics "$scratch/samples" "$scratch/blocks" >"$scratch/errors" 2>&1; then
    say "starts without history: promtool refuses what $EXPORTER_ADDRESS gave ($(tail -n 1 "$scratch/errors"))"
  else
    blocks=0
    for meta in "$scratch"/blocks/*/meta.json; do
      [ -e "$meta" ] || continue
      mv "${meta%/meta.json}" "$LAB_DATA_DIR/"
      blocks=$((blocks + 1))
    done
    if [ "$blocks" -eq 0 ]; then
      say "starts without history: $EXPORTER_ADDRESS gave no samples"
    else
      samples=$(grep -vc '^#' "$scratch/samples")
      say "loaded $HISTORY_SECONDS s of history from $EXPORTER_ADDRESS: $samples samples in under $(($(date +%s) - to + 1)) s"
    fi
  fi

  trap - INT TERM
  rm -rf "$scratch"
}

if [ "$HISTORY_SECONDS" -gt 0 ] && ! has_data; then
  load_history
fi

# Prometheus holds a new target list back for 5 s, so the first scrape comes late. A hidden flag shortens
# that; it is asked for only where this version knows it.
at_once=--scrape.discovery-reload-interval=100ms
prometheus "$at_once" --version >/dev/null 2>&1 || at_once=''

# Whoever reaches this Prometheus may write to it then: only where a step asks for it.
otlp=''
[ "$OTLP_RECEIVER" = off ] || otlp=--web.enable-otlp-receiver

# What two fixes need; both change nothing where nothing is exposed or asked that they are about.
# A counter begins at 0 at its creation time, where OpenMetrics has it:
features=created-timestamp-zero-ingestion
# The modifier anchored:
! is_from 3 7 || features=$features,promql-extended-range-selectors

# A Prometheus that is stopped while nobody takes its samples would try for a minute: what has not been sent by then
# is not sent later either.
# An alert is sent again every 5 s while it fires, not every minute. Alertmanager takes one that is not sent
# for four times that as resolved, so that an experiment's alert does not outlive a restart by minutes.
# What an alert with a `for` of the grace period or longer has waited is restored after a restart.
# No page of another origin may read what Prometheus answers. The flag is a pattern for origins, and no browser sends one
# that is just this word; by default it fits all.
# exec: Prometheus takes this process's place, so it gets the signals of docker stop.
exec prometheus \
  ${at_once:+"$at_once"} \
  ${otlp:+"$otlp"} \
  "--config.file=$config" \
  "--storage.tsdb.path=$LAB_DATA_DIR" \
  "--web.listen-address=$PROMETHEUS_LISTEN" \
  "--web.external-url=$PROMETHEUS_URL" \
  --web.cors.origin=none \
  --rules.alert.resend-delay=5s \
  "--rules.alert.for-grace-period=$FOR_GRACE_PERIOD" \
  --storage.remote.flush-deadline=1s \
  "--enable-feature=$features" \
  "$@"
