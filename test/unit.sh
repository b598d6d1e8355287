#!/bin/sh
# make test: everything that needs no Docker and no root. Fetches what it needs, once.
# shellcheck disable=SC2317 # the checks are called by their names
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/.."
mkdir -p .lab

program='make test'
# shellcheck source=scripts/cli/shell.sh
. scripts/cli/shell.sh

# shellcheck source=scripts/cli/runtime.sh
. scripts/cli/runtime.sh
# shellcheck source=scripts/cli/lock.sh
. scripts/cli/lock.sh
# Node's packages and promtool come the same way as for the native runtime.
# shellcheck source=scripts/native/runtime.sh
. scripts/native/runtime.sh
runtime_prepare

types() {
  npx --no-install tsc --noEmit
  npx --no-install tsc --noEmit -p guide/page
  npx --no-install tsc --noEmit -p tab
}

lint() {
  npx --no-install biome check --error-on-warnings . >.lab/lint.log 2>&1 || {
    cat .lab/lint.log >&2
    fail 'the linter found something'
  }
}

shells() {
  if has shellcheck; then
    # shellcheck disable=SC2046
    shellcheck -x $(find . -name '*.sh' -not -path './node_modules/*' -not -path './.lab/*') .ci/run
  else
    say 'skipped: shellcheck is not installed'
  fi
}

rules() {
  # shellcheck disable=SC2046
  promtool check rules prometheus/rules/*.yml $(find experiments -name rules.yml)
  # shellcheck disable=SC2046
  promtool test rules prometheus/tests/*.test.yml $(find experiments -name rules.test.yml)
}

routes() {
  # Without Alertmanager the lab still runs, so its own checker may be missing; Debian's packages bring it.
  if has amtool; then
    sed 's/@GUIDE_ADDRESS@/guide:8080/' alertmanager/alertmanager.yml.tmpl >.lab/alertmanager.yml
    amtool check-config .lab/alertmanager.yml
    for severity in warning critical; do
      amtool config routes test --config.file=.lab/alertmanager.yml --verify.receivers=guide "severity=$severity"
    done
  else
    say 'skipped: amtool is not installed'
  fi
}

# They run side by side, and what each says comes in this order.
checks='types lint shells rules routes'
running=''
for check in $checks; do
  "$check" >".lab/test-$check.log" 2>&1 &
  running="$running $!"
done
code=0
for check in $checks; do
  # shellcheck disable=SC2086
  set -- $running
  outcome=0
  wait "$1" || outcome=$?
  shift
  running=$*
  say "— $check"
  cat ".lab/test-$check.log"
  [ "$outcome" -eq 0 ] || code=1
done
[ "$code" -eq 0 ] || fail 'the unit tests were not run: see what failed above'

say '— unit tests'
node scripts/native/launch.js test/unit/main.ts .lab/test.log || code=$?
grep '^ *﹣' .lab/test.log | sed 's/^ *﹣/skipped:/' || true
# The runner's own summary, and below it every failed test in full.
sed -n '/^ℹ tests /,$p' .lab/test.log
say 'not tried here: the running stack. make e2e does that'
exit "$code"
