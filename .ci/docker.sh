#!/usr/bin/env bash
# Makes sure that a Docker engine answers, with Compose and buildx, and installs from Debian's
# packages what is missing. For CI and for test machines: needs root and Debian. A dockerd
# started here stays; its log is in $DOCKERD_LOG.
set -euo pipefail
unset CDPATH
cd -- "$(dirname -- "$0")/.."

# shellcheck source=scripts/minimum-versions.sh
. scripts/minimum-versions.sh
log=${DOCKERD_LOG:-/var/log/dockerd.log}
start_seconds=60
plugins=${DOCKER_CONFIG:-$HOME/.docker}/cli-plugins

fail() {
  echo "docker: $*" >&2
  exit 1
}

# Runs a command in silence; shows what it said only if it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" >&2
    fail "this failed, its own words are above: $*"
  }
}

docker_answers() { timeout 20 docker info >/dev/null 2>&1; }

compose_suffices() {
  local version
  version=$(docker compose version --short 2>/dev/null) || return 1
  is_at_least "$minimum_compose" "${version#v}"
}

install_docker() {
  quietly apt-get -qq update
  DEBIAN_FRONTEND=noninteractive quietly apt-get -qq install --yes --no-install-recommends docker.io iptables
}

start_docker() {
  local pid=$$ waited
  if [[ -d /run/systemd/system ]]; then
    quietly systemctl start docker
  else
    setsid nohup dockerd >"$log" 2>&1 </dev/null &
    pid=$!
  fi
  for ((waited = 0; waited < start_seconds * 5; waited++)); do
    ! docker_answers || return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  [[ ! -f $log ]] || tail -n 20 "$log" >&2
  fail "dockerd ended, or did not answer within $start_seconds s; the end of $log is above"
}

install_plugins() {
  packaging/debian-packages.sh .lab/debian docker-compose docker-buildx
  mkdir -p "$plugins"
  cp .lab/debian/root/usr/libexec/docker/cli-plugins/* "$plugins/"
}

if ! docker_answers; then
  [[ $(id -u) -eq 0 ]] || fail "no Docker engine answers, and only root can start one"
  if ! command -v docker >/dev/null || ! command -v dockerd >/dev/null || ! command -v iptables >/dev/null; then
    install_docker
  fi
  start_docker
fi
if ! compose_suffices || ! docker buildx version >/dev/null 2>&1; then
  install_plugins
fi
compose_suffices || fail "docker compose $minimum_compose or newer is needed, this is $(docker compose version --short 2>&1 | head -n 1)"
buildx=$(docker buildx version | awk '{ print $2 }') || fail "docker buildx does not run"

echo "docker: Docker $(docker version --format '{{.Server.Version}}, command line {{.Client.Version}}')," \
  "Compose $(docker compose version --short), buildx $buildx"
