# Which runtime a command takes, and time limits, since Docker may hang. Source shell.sh first.
# shellcheck shell=sh disable=SC2034,SC2154

# within SECONDS COMMAND…: the exit code of the command, or 124 where it was ended because the time was up.
# macOS has no timeout(1).
within() {
  limit=$1
  shift
  asked_at=$(date +%s)
  # A shell gives what runs in the background no input, and lets it ignore Ctrl-C: leave() ends it then.
  { "$@" <&3 3<&- & } 3<&0
  running=$!
  (
    passed=0
    while [ "$passed" -lt "$limit" ]; do
      sleep 1
      passed=$((passed + 1))
    done
    kill "$running"
    sleep 1
    kill -9 "$running"
  ) >/dev/null 2>&1 4>&- &
  guard=$!
  ended=0
  wait "$running" 2>/dev/null || ended=$?
  running=''
  # By force: a shell that has just been forked may miss another signal. A sleep of a second may be left of it.
  kill -9 "$guard" 2>/dev/null || true
  wait "$guard" 2>/dev/null || true
  guard=''
  if [ "$ended" -ne 0 ] && [ $(($(date +%s) - asked_at)) -ge "$limit" ]; then ended=124; fi
  return "$ended"
}

# Whatever ends a script ends what it waits for, and gives back its lock.
running='' guard='' locked='' brought=''
leave() {
  [ -z "$running" ] || kill "$running" 2>/dev/null || true
  [ -z "$guard" ] || kill -9 "$guard" 2>/dev/null || true
  # shellcheck disable=SC2086 # their names hold no space
  [ -z "$locked" ] || rm -rf $locked
  # A container of the command's own, with its volume.
  [ -z "$brought" ] || docker rm -f -v "$brought" >/dev/null 2>&1 || true
}
trap 'leave' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# docker_answers: whether a Docker engine answers, asked once; sets `silence` to the reason where none does.
answer=''
docker_answers() {
  [ -z "$answer" ] || return "$answer"
  silence='no Docker engine answers'
  has docker || return 1
  answer=0
  within "${LAB_DOCKER_SECONDS:-20}" docker version --format "{{.Server.Version}}" >/dev/null 2>&1 || answer=$?
  [ "$answer" -ne 124 ] || silence="the Docker engine gives no answer within ${LAB_DOCKER_SECONDS:-20} s"
  return "$answer"
}

# default_runtime: sets RUNTIME, and `why` to the reason. A lab that runs stays in the runtime that it was started in.
default_runtime() {
  why="RUNTIME=${RUNTIME-}"
  started=$(started_in)
  if [ -n "$started" ] && [ "$started" != "${RUNTIME-}" ]; then
    [ -z "${RUNTIME-}" ] || say "lab: RUNTIME=$RUNTIME does not count: the lab was started in $started; make down ends it"
    RUNTIME=$started why='the lab was started that way; make down ends it'
  fi
  [ -z "${RUNTIME-}" ] || return 0
  if docker_answers; then
    RUNTIME=compose why='a Docker engine answers'
  else
    RUNTIME=native why=$silence
  fi
}

# started_in: the runtime of the lab that runs, where that is written down.
started_in() {
  known=${lab_folder:-.lab}
  if [ -e "$known/state.json" ]; then
    echo native
  elif [ "${RUNTIME-}" = native ] && grep -q '^RUNTIME=compose$' "$known/where" 2>/dev/null && docker_answers &&
    [ -n "$(within 20 docker ps -q --filter "label=com.docker.compose.project=$project")" ]; then
    echo compose
  fi
}
