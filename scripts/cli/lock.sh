# One command at a time: two at once would each undo half of what the other does.
# shellcheck shell=sh

# lock [FOLDER]: waits for its turn, by default at this lab; the lock is given back when the script ends.
lock() {
  waited=0
  turn=${1:-$lab_folder/lock}
  until words=$(LC_ALL=C mkdir "$turn" 2>&1); do
    # A full disk has no room for a lock: what makes room goes on without one.
    case $words in *'No space left'* | *'quota exceeded'*) return 0 ;; esac
    owner=$(cat "$turn/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      # Moved away before it is deleted, so that of two who find it only one breaks it; a fresh one goes back.
      mv "$turn" "$turn.$$" 2>/dev/null || continue
      [ "$(cat "$turn.$$/pid" 2>/dev/null || true)" = "$owner" ] || mv "$turn.$$" "$turn" 2>/dev/null || true
      rm -rf "$turn.$$"
    elif [ "$waited" -ge 180 ]; then
      fail "another lab command has been running for 3 minutes (pid ${owner:-unknown}); if it no longer runs, remove $turn"
    else
      [ "$waited" -gt 0 ] || say "lab: another lab command is running (pid ${owner:-unknown}), waiting for it"
      waited=$((waited + 1))
      sleep 1
    fi
  done
  # shellcheck disable=SC2034 # read by leave()
  locked="$locked $turn"
  printf '%s\n' "$$" 2>/dev/null >"$turn/pid" || true
}

# unlock: gives back the one that was taken last.
unlock() {
  rm -rf "$turn"
  locked=${locked% "$turn"}
}
