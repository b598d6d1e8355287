# The one reader of .env, for both runtimes and for Compose, which is handed what is read here: the values of a file as
# Compose itself reads it, for `docker compose` typed by hand. Plain awk: a host with Docker may have no Node.
# shellcheck shell=sh

# dot_env FILE: a line NAME=VALUE for each setting. $NAME, ${NAME}, ${NAME-word}, ${NAME:-word}, ${NAME+word} and
# ${NAME:+word} stand for another one, of the environment first and then of the lines above; between single quotes they
# do not. Fails, and names the line, at what Compose would refuse too, or read as more than one line.
dot_env() {
  awk -v file="$1" '
    function refuse(reason) {
      print "lab: " file ", line " NR ": " reason >"/dev/stderr"
      failed = 1
      exit 1
    }
    function look_up(name) { return name in ENVIRON ? ENVIRON[name] : name in own ? own[name] : "" }
    function is_set(name) { return name in ENVIRON || name in own }
    # What a text means once the settings in it are filled in.
    function filled(text,   result, at, name, rule, word, inner) {
      while ((at = index(text, "$")) > 0) {
        result = result substr(text, 1, at - 1)
        text = substr(text, at + 1)
        if (substr(text, 1, 1) == "$") {
          result = result "$"
          text = substr(text, 2)
        } else if (match(text, /^[A-Za-z_][A-Za-z0-9_]*/)) {
          result = result look_up(substr(text, 1, RLENGTH))
          text = substr(text, RLENGTH + 1)
        } else if (match(text, /^[{][A-Za-z_][A-Za-z0-9_]*(:?[-+][^{}$]*)?[}]/)) {
          inner = substr(text, 2, RLENGTH - 2)
          text = substr(text, RLENGTH + 1)
          match(inner, /^[A-Za-z0-9_]+/)
          name = substr(inner, 1, RLENGTH)
          rule = substr(inner, RLENGTH + 1)
          word = rule
          sub(/^:?[-+]/, "", word)
          if (rule == "") result = result look_up(name)
          else if (rule ~ /^:-/) result = result (look_up(name) != "" ? look_up(name) : word)
          else if (rule ~ /^-/) result = result (is_set(name) ? look_up(name) : word)
          else if (rule ~ /^:[+]/) result = result (look_up(name) != "" ? word : "")
          else result = result (is_set(name) ? word : "")
        } else refuse("write $$ for a dollar sign, or put the value between single quotes")
      }
      return result text
    }
    # What stands between the quotes that a value begins with; `rest` is what follows them.
    function quoted(text, quote,   result, at, letter) {
      for (at = 2; at <= length(text); at++) {
        letter = substr(text, at, 1)
        if (letter == quote) {
          rest = substr(text, at + 1)
          return result
        }
        if (letter == "\\" && substr(text, at + 1, 1) == quote) letter = substr(text, ++at, 1)
        else if (quote == "\"" && letter == "\\") {
          letter = substr(text, ++at, 1)
          if (letter == "$") letter = "$$"
          else if (letter == "t") letter = "\t"
          else if (letter ~ /[abcfnrv0]/) refuse("a value is one line of plain characters, and \\" letter " is none")
          else if (letter != "\\") letter = "\\" letter
        }
        result = result letter
      }
      refuse("a quote is not closed")
    }
    { sub(/\r$/, "") }
    NR == 1 { sub(/^\357\273\277/, "") }
    /^[ \t]*(#|$)/ { next }
    # A name alone is whatever the environment says.
    /^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*$/ { next }
    !/^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*[=:]/ { refuse("a line must be NAME=value, or begin with #") }
    {
      sub(/^[ \t]*(export[ \t]+)?/, "")
      match($0, /^[A-Za-z0-9_]+/)
      name = substr($0, 1, RLENGTH)
      value = substr($0, RLENGTH + 1)
      sub(/^[ \t]*[=:][ \t]*/, "", value)
      first = substr(value, 1, 1)
      if (first == "\047" || first == "\"") {
        value = quoted(value, first)
        if (rest !~ /^[ \t]*(#.*)?$/) refuse("after the closing quote only a comment may follow")
        if (first == "\"") value = filled(value)
      } else {
        sub(/ #.*/, "", value)
        sub(/[ \t]+$/, "", value)
        value = filled(value)
      }
      own[name] = value
      print name "=" value
    }
    END { exit failed }' "$1"
}

# read_settings FILE: sets and exports what the file says, and the environment does not. A file that is read later
# takes precedence over those before it. Keeps in `written` a line NAME=VALUE for each.
written='' from_files=''
read_settings() {
  lines=$(dot_env "$1") || exit 1
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    name=${line%%=*}
    case " $from_files " in
      *" $name "*) ;;
      *)
        eval "[ -z \"\${$name+set}\" ]" || continue
        from_files="$from_files $name"
        ;;
    esac
    export "$name=${line#*=}"
  done <<END
$lines
END
  written="$written$lines
"
}
