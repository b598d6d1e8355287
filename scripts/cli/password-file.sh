# The file that GRAFANA_ADMIN_PASSWORD_FILE names: functions for lab.sh, before anything is touched.
# shellcheck shell=sh

# require_password_file: fails where the file is not there, is empty, or cannot be read by whoever starts the lab.
require_password_file() {
  password_file=${GRAFANA_ADMIN_PASSWORD_FILE-}
  [ -n "$password_file" ] || return 0
  wrong="GRAFANA_ADMIN_PASSWORD_FILE must be the path of a file with the password in it, and"
  [ -f "$password_file" ] || fail "$wrong there is no file \"$password_file\""
  [ -r "$password_file" ] || fail "$wrong $(id -un) cannot read \"$password_file\""
  [ -s "$password_file" ] || fail "$wrong \"$password_file\" is empty"
}

# require_password_file_in_container: a container's user sees the file with the rights it has on this machine.
# Grafana that cannot read it would start all the same, with the password admin.
require_password_file_in_container() {
  password_file=${GRAFANA_ADMIN_PASSWORD_FILE-}
  [ -n "$password_file" ] || return 0
  case $password_file in /*) ;; *) password_file=$PWD/$password_file ;; esac
  engine 60 run --rm --network none --user 472:0 --mount "type=bind,src=$password_file,dst=/password,readonly" \
    --entrypoint test prometheus-lab/tools -r /password >.lab/password.log 2>&1 && return 0
  tail -n 1 .lab/password.log >&2
  fail "GRAFANA_ADMIN_PASSWORD_FILE: Grafana's user 472 cannot read $password_file in its container: chown 472 the file, or chmod o+r"
}
