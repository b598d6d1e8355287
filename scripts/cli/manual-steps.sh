# What is done by hand to one service, such as `make kill SERVICE=shard-a`. Source steps.sh first.
# shellcheck shell=sh disable=SC2154

# manual_step kill|stop|start|restart|freeze|thaw [SERVICE]
manual_step() {
  require_running
  lock
  perform "$1" "${2-}"
}

frozen_words() { echo "$1 is frozen; make thaw SERVICE=$1 lets it go on"; }

# name_frozen: what could not be measured may be so because of them.
name_frozen() {
  for each in $(runtime_services | awk '$2 == "frozen" { print $1 }'); do say "lab: $(frozen_words "$each")"; done
}

# step_that_stopped SERVICE: the step that is on, where it is that step which runs no such service.
step_that_stopped() {
  read -r applied _ 2>/dev/null <"$lab_folder/applied" || return 0
  case $applied in exp-*) ;; *) return 0 ;; esac
  for file in experiments/"$(printf '%02d' "${applied#exp-}")"-*/compose.yaml; do
    ! grep -A 1 -xF -e "  $1:" "$file" 2>/dev/null | grep -q ' scale: 0$' || echo "$applied"
  done
}

# perform VERB SERVICE: fails, and touches nothing, where there is no such service or it is not in a state for that.
perform() {
  services=$(runtime_services) || exit 1
  now=$(printf '%s\n' "$services" | wanted=$2 awk '$1 "" == ENVIRON["wanted"] "" { print $2 }')
  case $1:$now in
    *:)
      stopped_by=$(step_that_stopped "$2")
      [ -z "$stopped_by" ] || fail "$2 is down: $stopped_by has stopped it, and make up starts it again"
      fail "SERVICE must be one of $(printf '%s\n' "$services" | awk '{ printf "%s%s", comma, $1; comma = ", " }'), got \"$(printf '%s' "$2" | tr '\001-\037\177' '?')\""
      ;;
    kill:stopped | stop:stopped | freeze:stopped | thaw:stopped) fail "$2 does not run; make start SERVICE=$2 starts it" ;;
    start:running) fail "$2 runs already; make restart SERVICE=$2 starts it anew" ;;
    thaw:running) fail "$2 is not frozen: it runs" ;;
    start:frozen | freeze:frozen) fail "$(frozen_words "$2")" ;;
  esac
  # What is frozen hears nothing else.
  case $1:$now in kill:frozen | stop:frozen | restart:frozen) runtime_manual thaw "$2" ;; esac
  runtime_manual "$1" "$2"
  case $1 in
    kill) done='was killed' ;;
    stop) done='was stopped' ;;
    start) done='runs' ;;
    restart) done='was restarted' ;;
    freeze) done='is frozen' ;;
    thaw) done='goes on' ;;
  esac
  say "lab: $2 $done"
}
