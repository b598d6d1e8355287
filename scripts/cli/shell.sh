# What the shell scripts of the lab share. A script sets `program`, the name that its messages begin with,
# changes to the repository, and sources this.
# shellcheck shell=sh

# What cannot be printed is no reason to end.
say() { printf '%s\n' "$*" >&2 || true; }
fail() {
  # shellcheck disable=SC2154 # set by the script
  say "$program: $*"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# printable: stdin as scripts/cli/terminal.ts prints it. What a service writes may hold what a terminal takes for a
# command, or what turns the direction of text; each such character is written out, such as \u001b.
printable() {
  LC_ALL=C tr -d '\000' | LC_ALL=C awk '
    BEGIN {
      for (byte = 1; byte < 256; byte++) code[sprintf("%c", byte)] = byte
      # In UTF-8: C0 and DEL; C1; U+061C; U+200E, 200F, 2028 to 202E; U+2066 to 2069; U+FEFF.
      command = "[\001-\010\013-\037\177]|\302[\200-\237]|\330\234|\342\200[\216\217\250-\256]|\342\201[\246-\251]|\357\273\277"
    }
    {
      while (match($0, command)) {
        number = code[substr($0, RSTART, 1)]
        if (RLENGTH > 1) number %= RLENGTH == 2 ? 32 : 16
        for (byte = 1; byte < RLENGTH; byte++) number = number * 64 + code[substr($0, RSTART + byte, 1)] % 64
        printf "%s\\u%04x", substr($0, 1, RSTART - 1), number
        $0 = substr($0, RSTART + RLENGTH)
      }
      print
    }'
}
