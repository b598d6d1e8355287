import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steps } from '../../../experiments/catalogue.ts';
import { placesFrom, queryLink } from '../../../lab/places.ts';
import { describe } from '../describe.ts';

test('the places follow the ports and the address that they bind to', () => {
  const { browser, prometheus } = placesFrom({
    PROMETHEUS_ADDRESS: 'prometheus:9090',
    PROMETHEUS_PORT: '19090',
    BIND: '192.0.2.7',
    PROFILES: '',
  });
  assert.equal(prometheus, 'http://prometheus:9090');
  assert.equal(browser.prometheus, 'http://192.0.2.7:19090');
  assert.equal(browser.grafana, undefined);
  assert.equal(placesFrom({ BIND: '0.0.0.0' }).browser.grafana, 'http://localhost:3000');
});

test('a link opens Prometheus with the query filled in, whatever signs the query holds', () => {
  const expr = '100 * rate(cpu_usage{core="core1"}[2m]) > bool 80';
  const link = new URL(queryLink('http://localhost:9090', expr, true));
  assert.equal(link.pathname, '/query');
  assert.equal(link.searchParams.get('g0.expr'), expr);
  assert.doesNotMatch(link.href, /[()'*\s]/, 'a terminal must not cut it short');
  assert.equal(new URL(queryLink('http://localhost:9090', expr, false)).searchParams.get('query'), expr);
});

for (const step of steps) {
  test(`make ${step.command} prints the addresses, the change, the queries and what to expect`, () => {
    const text = describe(step, placesFrom({}), true);
    for (const part of [
      'http://localhost:8080',
      'http://localhost:9090',
      `/d/${step.dashboard}`,
      step.changes,
      step.expect,
    ]) {
      assert.ok(text.includes(part), `no ${part}`);
    }
    for (const { expr, read } of step.queries) {
      assert.ok(text.includes(expr) && text.includes(read), `no ${expr}`);
    }
  });
}

test('the guide is the first address', () => {
  const [first] = /http:\S+/.exec(describe(steps[0]!, placesFrom({}), true)) ?? [];
  assert.equal(first, 'http://localhost:8080');
});
