#!/bin/sh
# make test: everything that needs no engine and no root. Fetches what it needs, once.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/.."
mkdir -p .lab

program='make test'
# shellcheck source=scripts/cli/shell.sh
. scripts/cli/shell.sh

# Node's packages and promtool come the same way as for the native runtime.
# shellcheck source=scripts/native/runtime.sh
. scripts/native/runtime.sh
runtime_prepare

say '— types'
npx --no-install tsc --noEmit
npx --no-install tsc --noEmit -p guide/page
say '— lint'
npx --no-install biome check --error-on-warnings . >.lab/lint.log 2>&1 || {
  cat .lab/lint.log >&2
  fail 'the linter found something'
}
if command -v shellcheck >/dev/null 2>&1; then
  # shellcheck disable=SC2046
  shellcheck -x $(find . -name '*.sh' -not -path './node_modules/*' -not -path './.lab/*') .ci/run
else
  say 'skipped: shellcheck is not installed'
fi
say '— rules'
# shellcheck disable=SC2046
promtool check rules prometheus/rules/*.yml $(find experiments -name rules.yml)
# shellcheck disable=SC2046
promtool test rules prometheus/tests/*.test.yml $(find experiments -name rules.test.yml)

say '— routes of alerts'
# Without Alertmanager the lab still runs, so its own checker may be missing; Debian's packages bring it.
if command -v amtool >/dev/null 2>&1; then
  sed 's/@GUIDE_ADDRESS@/guide:8080/' alertmanager/alertmanager.yml.tmpl >.lab/alertmanager.yml
  amtool check-config .lab/alertmanager.yml
  for severity in warning critical; do
    amtool config routes test --config.file=.lab/alertmanager.yml --verify.receivers=guide "severity=$severity"
  done
else
  say 'skipped: amtool is not installed'
fi

say '— unit tests'
code=0
# shellcheck disable=SC2046
node --import tsx --test --test-concurrency=3 --test-reporter=spec --test-reporter-destination=.lab/test.log \
  $(find . -name '*.test.ts' -not -path './node_modules/*' -not -path './.lab/*' | sort) || code=$?
grep '^ *﹣' .lab/test.log | sed 's/^ *﹣/skipped:/' || true
# The runner's own summary, and below it every failed test in full.
sed -n '/^ℹ tests /,$p' .lab/test.log
say 'not tried here: the running stack. make e2e does that'
exit "$code"
