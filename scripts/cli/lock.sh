# One command at a time: two at once would each undo half of what the other does.
# shellcheck shell=sh

# lock: waits for its turn; the lock is given back when the script ends.
lock() {
  until mkdir .lab/lock 2>/dev/null; do
    owner=$(cat .lab/lock/pid 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      # Moved away before it is deleted, so that of two who find it only one breaks it; a fresh one goes back.
      mv .lab/lock ".lab/lock.$$" 2>/dev/null || continue
      [ "$(cat ".lab/lock.$$/pid" 2>/dev/null || true)" = "$owner" ] || mv ".lab/lock.$$" .lab/lock 2>/dev/null || true
      rm -rf ".lab/lock.$$"
    elif [ "${waited:=0}" -ge 180 ]; then
      fail "another lab command has been running for 3 minutes (pid ${owner:-unknown}); if it is gone, remove .lab/lock"
    else
      [ "$waited" -gt 0 ] || say "lab: another lab command is running (pid ${owner:-unknown}), waiting for it"
      waited=$((waited + 1))
      sleep 1
    fi
  done
  # shellcheck disable=SC2034 # read by leave()
  locked=.lab/lock
  printf '%s\n' "$$" >.lab/lock/pid
}
