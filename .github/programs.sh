#!/usr/bin/env bash
# Takes the programs out of the images that .env pins, for the native runtime on a runner:
#
#   bash .github/programs.sh FOLDER    Prometheus, Alertmanager, Pushgateway, the blackbox exporter and Thanos into FOLDER/bin,
#                                      Grafana into FOLDER/grafana; later steps find them by PATH and GRAFANA_HOME
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:?usage: bash .github/programs.sh FOLDER}
mkdir -p "$folder/bin"

# image_of NAME: the image that .env pins in NAME.
image_of() { sed -n "s/^$1=//p" .env; }

# take IMAGE DESTINATION PATH…: copies paths out of an image.
take() {
  local container path destination=$2
  container=$(docker create "$1")
  shift 2
  for path; do docker cp "$container:$path" "$destination"; done
  docker rm "$container" >/dev/null
}

take "$(image_of PROMETHEUS_IMAGE)" "$folder/bin" /bin/prometheus /bin/promtool
take "$(image_of ALERTMANAGER_IMAGE)" "$folder/bin" /bin/alertmanager /bin/amtool
take "$(image_of PUSHGATEWAY_IMAGE)" "$folder/bin" /bin/pushgateway
take "$(image_of BLACKBOX_IMAGE)" "$folder/bin" /bin/blackbox_exporter
take "$(image_of THANOS_IMAGE)" "$folder/bin" /bin/thanos
# The same version for the runner's own libc.
take "$(image_of GRAFANA_IMAGE)-ubuntu" "$folder/grafana" /usr/share/grafana

echo "$folder/bin" >>"$GITHUB_PATH"
echo "GRAFANA_HOME=$folder/grafana" >>"$GITHUB_ENV"
"$folder/bin/prometheus" --version | head -n 1
