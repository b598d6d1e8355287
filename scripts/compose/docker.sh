# How the lab talks to Docker: every call has a time limit, and every call of Compose names the lab's own project
# and files. Source scripts/cli/shell.sh, scripts/cli/runtime.sh and scripts/minimum-versions.sh first.
# shellcheck shell=sh disable=SC2034,SC2154

# Written by make images-debian and make images-module: whose base images are used.
debian_marker=.lab/images-debian
module_marker=.lab/images-module

# A time limit is named even where the output of a command goes to a file.
exec 4>&2

in_front=''
# call_docker SECONDS ARGUMENT…: docker, for so long at most; `unlimited` for what knows its own end.
call_docker() {
  patience=${LAB_DOCKER_SECONDS:-$1}
  [ "$1" != unlimited ] || patience=$1
  shift
  if [ "$patience" = unlimited ]; then
    docker "$@"
    return
  fi
  outcome=0
  # shellcheck disable=SC2086 # words of compose_unpublished()
  within "$patience" $in_front docker "$@" || outcome=$?
  [ "$outcome" -ne 124 ] ||
    fail "the Docker engine gives no answer within $patience s: restart Docker Desktop, or the docker service; or try RUNTIME=native" 2>&4
  return "$outcome"
}

# compose SECONDS ARGUMENT…: Compose on the lab, for so long at most. Files that are laid over compose.yaml come first.
# It reads no .env: what the settings are, the environment says by then.
compose() {
  limit=$1
  shift
  set -- -f compose.yaml "$@"
  call_docker "$limit" compose --progress quiet --project-name "$project" --project-directory . --env-file /dev/null "$@"
}

# compose_unpublished SECONDS ARGUMENT…: the same for what publishes no port, whatever addresses are set: Compose
# refuses a wrong one in words of its own, and one must not be in the way of make down.
compose_unpublished() {
  : "${any_addresses:=$(grep -o '[A-Z]*_PORT' compose.yaml | sort -u | sed 's/$/=1/' | tr '\n' ' ')}"
  in_front="env BIND=127.0.0.1 $any_addresses"
  outcome=0
  compose "$@" || outcome=$?
  in_front=''
  return "$outcome"
}

# Containers and volumes of the lab, also those of an override, which compose.yaml does not name.
ours=label=com.docker.compose.project=$project

# containers ARGUMENT…: their ids, those of one-off commands left out.
containers() { call_docker 30 ps -q --no-trunc --filter "$ours" --filter label=com.docker.compose.oneoff=False "$@"; }

# container_of SERVICE: its id, whether it runs or not; nothing where there is none.
container_of() { containers -a --filter "label=com.docker.compose.service=$1"; }

# thaw_all: what is frozen can be neither stopped nor changed.
thaw_all() {
  frozen=$(containers --filter status=paused) || exit 1
  # shellcheck disable=SC2086
  [ -z "$frozen" ] || call_docker 30 unpause $frozen >/dev/null
}

# read_image_settings: whose base images are used, where that was chosen, goes before .env.
read_image_settings() {
  [ ! -e "$debian_marker" ] || read_settings images.debian.env
  [ ! -e "$module_marker" ] || read_settings images.module.env
}

# keep_out_foreign_settings: what the user has set for other projects must not reach the lab's. Sets `left_out` to
# why Grafana does not run, where it does not.
keep_out_foreign_settings() {
  profiles=${COMPOSE_PROFILES-} left_out=''
  case " $from_files " in
    *' COMPOSE_PROFILES '*)
      reason='COMPOSE_PROFILES in .env does not name it'
      [ ! -e "$debian_marker" ] || reason='make images-debian builds no image of it'
      ;;
    *) reason="COMPOSE_PROFILES is \"$profiles\"" ;;
  esac
  for name in $(env | sed -n 's/^\(COMPOSE_[A-Za-z0-9_]*\)=.*/\1/p'); do unset "$name"; done
  # Images need BuildKit: the old builder does not know COPY --chmod.
  unset DOCKER_BUILDKIT
  COMPOSE_PROFILES=''
  case ",$profiles," in
    *,grafana,* | *,\*,*) COMPOSE_PROFILES=grafana ;;
    *) left_out="grafana: $reason" ;;
  esac
  export COMPOSE_PROFILES
}

# require_docker: a Docker that answers, and a Compose that is new enough.
require_docker() {
  has docker || fail 'docker is not installed: install Docker, or try RUNTIME=native'
  docker_answers ||
    fail "Docker does not answer ($silence): start Docker Desktop, or the docker service; or try RUNTIME=native"
  how="install Docker Compose $minimum_compose or newer, or try RUNTIME=native"
  # Not through a pipe or $(…): the exit status counts. Of this command alone: two that only ask may run at once.
  shown=$lab_folder/compose-version.$$
  call_docker 20 compose version --short >"$shown" 2>/dev/null || { rm -f "$shown" && fail "Docker has no Compose: $how"; }
  version=$(sed 's/^v//' "$shown")
  rm -f "$shown"
  case $version in [0-9]*) ;; *) fail "Docker has no Compose: $how" ;; esac
  is_at_least "$minimum_compose" "$version" || fail "Docker Compose $version is too old: $how"
}
