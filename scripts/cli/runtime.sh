# What the commands share: how they speak, how they fail, and which runtime make up takes.
# A command sets `speaker` to its name before it sources this.
# shellcheck shell=sh disable=SC2034

say() { printf '%s\n' "$*" >&2; }
fail() {
  # shellcheck disable=SC2154  # set by the command
  say "$speaker: $*"
  exit 1
}

# Sets RUNTIME where it is not set, and `why` to the reason.
default_runtime() {
  why="RUNTIME=${RUNTIME-}"
  [ -z "${RUNTIME-}" ] || return 0
  if [ -e .lab/state.json ]; then
    RUNTIME=native why='the lab was started that way; make down ends it'
  elif docker info >/dev/null 2>&1; then
    RUNTIME=compose why='a Docker engine answers'
  else
    RUNTIME=native why='no Docker engine answers'
  fi
}
