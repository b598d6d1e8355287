# What the shell scripts of the lab share. A script sets `program`, the name that its messages begin with,
# changes to the repository, and sources this.
# shellcheck shell=sh

# What cannot be told is no reason to end.
say() { printf '%s\n' "$*" >&2 || true; }
fail() {
  # shellcheck disable=SC2154 # set by the script
  say "$program: $*"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }
