# The oldest versions that the lab runs with, for every script that asks. package.json and the README repeat
# them for their readers, and a test compares the three.
# shellcheck shell=sh disable=SC2034

# The first with node:util's parseEnv().
minimum_node=20.12
# The first with !override and !reset.
minimum_compose=2.24.4

# The oldest that the lab is tried with; 2.42, which Debian 12 has, does not read its configuration.
minimum_prometheus=3.5

# is_at_least MINIMUM VERSION: both of numbers and dots; what follows a - or + in VERSION does not count.
is_at_least() {
  [ "$(printf '%s\n%s\n' "$1" "${2%%[-+]*}" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$1" ]
}
