# Which lab is meant, and where it runs: that belongs to the lab from its start until make down, whatever the settings of
# this moment say. Source shell.sh first.
# shellcheck shell=sh disable=SC2034

# name_lab: sets the folder and the Compose project of the lab that LAB names: the one without a name, or one beside it.
name_lab() {
  case ${LAB_NAME-} in
    '') lab_folder=.lab project=prometheus-lab ;;
    *[!a-z0-9-]* | -* | *- | ???????????????????????????????*)
      fail "LAB must be a name of letters a to z, digits and -, 30 at most, such as LAB=two, got \"$(printf '%s' "$LAB_NAME" | tr '\001-\037\177' '?')\""
      ;;
    *) lab_folder=.lab/labs/$LAB_NAME project=prometheus-lab-$LAB_NAME ;;
  esac
  LAB_FOLDER=$lab_folder
  export LAB_FOLDER
}

# require_known_names COMMAND: fails where a name was typed that nothing of the lab reads. It would be dropped, and make
# down LABB=two would stop another lab than the one that is meant. The list is that of unknown-settings.ts and compose.yaml:
# what stops a lab has to work where there is no Node.
require_known_names() {
  for name in ${LAB_TYPED-}; do
    grep -qwF -e "$name" compose.yaml scripts/cli/unknown-settings.ts ||
      fail "$name is no setting, and nothing was done: make $1 reads LAB, RUNTIME and, where it is for one service, SERVICE"
  done
}

# read_dot_env: the settings that .env keeps.
read_dot_env() {
  [ -e .env ] || fail '.env is missing: it holds the lab'\''s versions and defaults, and git checkout .env brings it back'
  # A JOB of the user's shell is none of the lab's: one that is meant for it is typed, or stands in .env.
  case " ${LAB_TYPED-} " in *' JOB '*) ;; *) unset JOB ;; esac
  read_settings .env
}

# recall: sets `runs` to yes or no, and `kept` to where the lab runs, as NAME=VALUE lines: what was written down when it
# was started and, where its services say otherwise, what they say.
recall() {
  kept='' runs=no
  runtime_runs || return 0
  runs=yes
  kept=$(cat "$lab_folder/where" 2>/dev/null || true)
  found=$(runtime_where) || exit 1
  kept="$kept
$found"
}

# there LINES: the lab is where these say, whatever the environment says.
there() {
  while IFS= read -r line; do
    case $line in BIND=* | [A-Z]*_PORT=* | LAB_ID=*) export "${line?}" ;; esac
  done <<END
$1
END
}

# write_where NAME=VALUE…: writes down where the lab runs from now on, and goes there. What distinguishes this lab from any
# other is made when it is started.
write_where() {
  [ -n "${LAB_ID-}" ] || LAB_ID=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
  place=$(printf '%s\n' "RUNTIME=$RUNTIME" "LAB_ID=$LAB_ID" "$@")
  printf '%s\n' "$place" >"$lab_folder/where.new"
  mv "$lab_folder/where.new" "$lab_folder/where"
  there "$place"
}
