# The files that GRAFANA_ADMIN_PASSWORD_FILE and REMOTE_WRITE_PASSWORD_FILE name: functions for lab.sh, before
# anything is touched.
# shellcheck shell=sh disable=SC2154

# require_password_files: fails where one is not there, is a folder, is empty, or cannot be read by whoever starts the lab.
require_password_files() {
  require_password_file GRAFANA_ADMIN_PASSWORD_FILE "${GRAFANA_ADMIN_PASSWORD_FILE-}"
  require_password_file REMOTE_WRITE_PASSWORD_FILE "${REMOTE_WRITE_PASSWORD_FILE-}"
}

# require_password_file NAME FILE
require_password_file() {
  [ -n "$2" ] || return 0
  wrong="$1 must be the path of a file with the password in it, and"
  [ ! -d "$2" ] || fail "$wrong \"$2\" is a folder"
  [ -f "$2" ] || fail "$wrong there is no file \"$2\""
  [ -r "$2" ] || fail "$wrong $(id -un) cannot read \"$2\""
  [ -s "$2" ] || fail "$wrong \"$2\" is empty"
}

# require_password_files_in_containers: a container's user sees a file with the rights it has on this machine.
# Grafana that cannot read its own would start all the same, with the password admin.
require_password_files_in_containers() {
  require_password_file_in_container GRAFANA_ADMIN_PASSWORD_FILE "${GRAFANA_ADMIN_PASSWORD_FILE-}" Grafana 472:0
  require_password_file_in_container REMOTE_WRITE_PASSWORD_FILE "${REMOTE_WRITE_PASSWORD_FILE-}" Prometheus 65534:65534
}

# require_password_file_in_container NAME FILE SERVICE USER:GROUP
require_password_file_in_container() {
  [ -n "$2" ] || return 0
  case $2 in /*) password_file=$2 ;; *) password_file=$PWD/$2 ;; esac
  call_docker 60 run --rm --network none --user "$4" --mount "type=bind,src=$password_file,dst=/password,readonly" \
    --entrypoint test prometheus-lab/tools -r /password >"$lab_folder/password.log" 2>&1 && return 0
  tail -n 1 "$lab_folder/password.log" >&2
  fail "$1: $3's user ${4%:*} cannot read $password_file in its container: chown ${4%:*} the file, or chmod o+r"
}
