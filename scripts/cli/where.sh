# Which lab is meant, and where it runs: that belongs to the lab from its start until make down, whatever the settings of
# this moment say. Source shell.sh first.
# shellcheck shell=sh

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

# read_dot_env: the settings that .env keeps.
read_dot_env() {
  [ -e .env ] || fail '.env is missing: it holds the lab'\''s versions and defaults, and git checkout .env brings it back'
  read_settings .env
}
