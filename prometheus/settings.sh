# Checks of settings, shared by the entrypoints of Prometheus and Alertmanager.
# POSIX sh: runs in busybox (the images), dash, bash 3.2 and with BSD sed and awk (macOS).
#
# Every value is data and never code. Each check compares the whole value with what is allowed.
# `case` does that; `grep` looks at one line at a time, so a bad second line would pass it.
# An empty value counts as unset, because Compose passes an empty string for a variable that is not set.
# shellcheck shell=sh

# [a-z] must mean these 26 letters, whatever the language of the machine.
LC_ALL=C
export LC_ALL

newline='
'
problems=''

# problem TEXT: remembers one problem, so that all of them are reported at once.
problem() {
  problems="$problems  $1$newline"
}

# shown VALUE: the value on one line, control characters made visible, cut after 60 bytes; of a URL without what stands
# before its host, which may be a password.
shown() {
  # Not by gsub: what a backslash in its replacement means differs, in busybox from version to version.
  VALUE=$1 awk 'function visible(text, character, letter,   parts, count, i) {
    count = split(text, parts, character)
    text = parts[1]
    for (i = 2; i <= count; i++) text = text "\\" letter parts[i]
    return text
  }
  BEGIN {
    value = visible(visible(visible(ENVIRON["VALUE"], "\n", "n"), "\r", "r"), "\t", "t")
    gsub(/[\001-\037\177]/, "?", value)
    sub(/:\/\/.*@/, "://...@", value)
    if (length(value) > 60) value = substr(value, 1, 60) "..."
    printf "%s", value
  }'
}

# stop_on_problems PROGRAM: prints every problem and ends with 1, if there are any.
stop_on_problems() {
  [ -z "$problems" ] && return 0
  printf '%s: cannot start\n%s' "$1" "$problems" >&2
  exit 1
}

# duration_milliseconds DURATION: the length of a duration that fits Prometheus's grammar.
duration_milliseconds() {
  DURATION=$1 awk 'BEGIN {
    unit["ms"] = 1; unit["s"] = 1000; unit["m"] = 60000; unit["h"] = 3600000
    unit["d"] = 24 * unit["h"]; unit["w"] = 7 * unit["d"]; unit["y"] = 365 * unit["d"]
    rest = ENVIRON["DURATION"]
    while (match(rest, /^[0-9]+/)) {
      number = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1)
      match(rest, /^[a-z]+/)
      total += number * unit[substr(rest, 1, RLENGTH)]; rest = substr(rest, RLENGTH + 1)
    }
    printf "%.0f", total
  }'
}

# is_interval VALUE: Prometheus's own grammar (each unit at most once, largest first), from 100 ms to below 5 min.
# Prometheus has neither bound. But a scrape has to be over within its interval: at 50 ms some fail, at 1 ms nearly all,
# and no rule is ever evaluated. And a query shows a sample for 5 min at most: at a longer interval there is nothing to
# see most of the time. It also keeps the sum far from an overflow.
is_interval() { is_duration "$1" 100 300000; }

# is_duration VALUE LEAST BELOW: in Prometheus' grammar, within these milliseconds.
is_duration() {
  [ "${#1}" -le 30 ] || return 1
  case $1 in '' | *[!0-9ywdhms]*) return 1 ;; esac
  printf '%s\n' "$1" |
    grep -Eq '^([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$' || return 1
  duration_milliseconds "$1" | awk -v least="$2" -v below="$3" '{ exit !($1 >= least && $1 < below) }'
}

# is_whole_number VALUE MINIMUM MAXIMUM: digits without leading zeros, so that no shell reads them as octal.
is_whole_number() {
  case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ "${#1}" -le 9 ] && [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

# is_host VALUE: a name or an IPv4 address. Compose allows underscores in a service's name.
is_host() {
  [ "${#1}" -le 253 ] || return 1
  case $1 in '' | *[!A-Za-z0-9._-]* | [!A-Za-z0-9]* | *[!A-Za-z0-9]) return 1 ;; esac
}

# is_address VALUE: host:port.
is_address() {
  case $1 in *:*) ;; *) return 1 ;; esac
  is_host "${1%:*}" && is_whole_number "${1##*:}" 1 65535
}

# is_url VALUE: scheme and host, a port where needed. No path: it would move every page of the server below it.
is_url() {
  case $1 in
    http://*) authority=${1#http://} ;;
    https://*) authority=${1#https://} ;;
    *) return 1 ;;
  esac
  authority=${authority%/}
  is_address "$authority" || is_host "$authority"
}

# is_remote_write_url VALUE: scheme and host, a port where needed, and the path, which differs from backend to backend.
is_remote_write_url() {
  case $1 in *://*/*) ;; *) return 1 ;; esac
  after_scheme=${1#*://}
  is_url "${1%%://*}://${after_scheme%%/*}" && is_path "/${after_scheme#*/}"
}

# is_path VALUE: an absolute URL path of plain characters, without a query.
is_path() {
  [ "${#1}" -le 100 ] || return 1
  case $1 in /*) ;; *) return 1 ;; esac
  case $1 in *[!A-Za-z0-9._/-]*) return 1 ;; esac
}

# is_name VALUE: a short name of letters, digits, - and _, as a label's value or a part of a host's name.
is_name() {
  [ "${#1}" -le 30 ] || return 1
  case $1 in '' | *[!A-Za-z0-9_-]* | [!A-Za-z0-9]*) return 1 ;; esac
}

# is_shard VALUE: number/count, such as 0/2: the first of two.
is_shard() {
  case $1 in */*) ;; *) return 1 ;; esac
  is_whole_number "${1#*/}" 1 1000 && is_whole_number "${1%%/*}" 0 $((${1#*/} - 1))
}

# check_…  NAME VALUE: says what NAME must be when VALUE is not.
check_interval() {
  is_interval "$2" || problem "$1 must be a Prometheus duration from 100ms, in which a scrape or an evaluation has to be over, to below 5m, for which a query shows a sample, such as 5s, 500ms or 1m30s, got \"$(shown "$2")\""
}
check_grace_period() {
  is_duration "$2" 1000 86400000 || problem "$1 must be a Prometheus duration from 1s to below 1d, such as 10m, got \"$(shown "$2")\""
}
check_whole_number() {
  is_whole_number "$2" "$3" "$4" || problem "$1 must be a whole number from $3 to $4, got \"$(shown "$2")\""
}
check_address() {
  is_address "$2" || problem "$1 must be a host and a port such as $3, got \"$(shown "$2")\""
}
check_url() {
  is_url "$2" || problem "$1 must be http:// or https://, a host and, where needed, a port, such as $3, got \"$(shown "$2")\""
}
check_remote_write_url() {
  is_remote_write_url "$2" || problem "$1 must be http:// or https://, a host, a port where needed, and a path, such as http://localhost:8428/api/v1/write, got \"$(shown "$2")\""
}
check_host() {
  is_host "$2" || problem "$1 must be the name or the IPv4 address of a host, got \"$(shown "$2")\""
}
check_path() {
  is_path "$2" || problem "$1 must be a path of letters, digits and / . _ - such as $3, got \"$(shown "$2")\""
}
check_name() {
  is_name "$2" || problem "$1 must be a name of letters, digits, - and _, 30 at most, such as $3, got \"$(shown "$2")\""
}
check_shard() {
  is_shard "$2" || problem "$1 must be the number of a shard, from 0 on, and how many there are, 1000 at most, such as 0/2, got \"$(shown "$2")\""
}

# check_user NAME VALUE: a name to log in with.
check_user() {
  if [ "${#2}" -le 100 ]; then
    case $2 in *[!A-Za-z0-9._@+-]*) ;; *) return 0 ;; esac
  fi
  problem "$1 must be a name of letters, digits and . _ @ + - to log in with, got \"$(shown "$2")\""
}

# check_both NAME VALUE OTHER VALUE: both are set, or none is.
check_both() {
  [ -z "$2" ] || [ -n "$4" ] || problem "$3 must be set where $1 is, got \"\""
  [ -n "$2" ] || [ -z "$4" ] || problem "$1 must be set where $3 is, got \"\""
}

# check_password_file NAME FILE: its path may hold any character but a newline; what is in it is never shown.
check_password_file() {
  case $2 in
    *"$newline"*) ;;
    /*) [ -f "$2" ] && [ -r "$2" ] && [ -s "$2" ] && return 0 ;;
  esac
  problem "$1 must be the full path of a file with a password in it that user $(id -u) can read, got \"$(shown "$2")\""
}

# check_choice NAME VALUE CHOICE…
check_choice() {
  setting=$1 chosen=$2
  shift 2
  for choice; do [ "$chosen" != "$choice" ] || return 0; done
  problem "$setting must be one of $*, got \"$(shown "$chosen")\""
}

# check_file_in NAME FOLDER FILE: the folder's path may hold any character (spaces, say) but a newline.
check_file_in() {
  case $2 in
    *"$newline"*) ;;
    /*) [ -r "$2/$3" ] && return 0 ;;
  esac
  problem "$1 must be the full path of a folder that holds $3, got \"$(shown "$2")\""
}

# check_writable NAME FOLDER: the folder, or the nearest one above it that exists. Creates nothing.
check_writable() {
  case $2 in
    *"$newline"*) ;;
    /*)
      nearest=$2
      while [ ! -e "$nearest" ]; do nearest=$(dirname -- "$nearest"); done
      [ -d "$nearest" ] && [ -w "$nearest" ] && return 0
      ;;
  esac
  problem "$1 must be the full path of a folder that user $(id -u) can write to, got \"$(shown "$2")\""
}

# check_space NAME FOLDER MEGABYTES: free on the disk of the folder, or of the nearest one above it that exists.
# Prometheus on a full disk ends in a page of goroutines, Alertmanager in the words of sed; this says it in a line.
check_space() {
  case $2 in *"$newline"*) return 0 ;; esac
  on_disk=$2
  while [ ! -e "$on_disk" ] && [ "$on_disk" != / ] && [ "$on_disk" != . ]; do on_disk=$(dirname -- "$on_disk"); done
  free=$(df -Pk "$on_disk" 2>/dev/null | sed -nE 's/^.* ([0-9]+) +[0-9]+% .*$/\1/p' | tail -n 1)
  [ -z "$free" ] || [ $((free / 1024)) -ge "$3" ] ||
    problem "$1 must be on a disk with $3 MB free, the one of \"$(shown "$2")\" has $((free / 1024)) MB free"
}

# check_program NAME: the program is there to be run.
check_program() {
  command -v "$1" >/dev/null 2>&1 || problem "$1 must be installed and in PATH"
}
