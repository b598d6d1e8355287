import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepNamed, steps } from '../../../experiments/catalogue.ts';
import { placesFrom } from '../../../lab/running/places.ts';
import { labOf } from '../../../test/lessons/verdicts.ts';
import { describe } from '../describe.ts';
import { memoryOverBase } from '../state-memory.ts';

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

test('beside the link of a query that has no value stands why', () => {
  const text = describe(stepNamed('exp-8')!, placesFrom({}), true);
  assert.match(text, /g0\.expr=fake_metric&\S+ {3}no value, on purpose\n/);
  assert.doesNotMatch(text, /g0\.expr=prometheus_tsdb_head_series&\S+ +no value/);
});

test('a query of another source is opened in the guide, and the querier has an address', () => {
  const text = describe(stepNamed('exp-18')!, placesFrom({ QUERY_PORT: '20902', GUIDE_PORT: '18080' }), true);
  assert.match(text, /^ {2}query +http:\/\/localhost:20902\/api\/v1\/query\?query=up$/m);
  assert.match(
    text,
    /asked of query, dedup=false: .*\n +http:\/\/localhost:18080\/#query=count\S+&of=query%2C%20dedup%3Dfalse\n/,
  );
  assert.doesNotMatch(describe(stepNamed('up')!, placesFrom({}), true), /^ {2}query /m);
});

test('a Prometheus without pages is named by an address that answers', () => {
  const addressIn = (pages: boolean) =>
    /^ {2}prometheus +(\S+)$/m.exec(describe(steps[0]!, placesFrom({}), pages))?.[1];
  assert.equal(addressIn(true), 'http://localhost:9090');
  assert.equal(addressIn(false), 'http://localhost:9090/api/v1/query?query=up');
});

test('at other intervals the words say which they are for', () => {
  const textAt = (scrapeSeconds: number) =>
    describe(stepNamed('spikes')!, placesFrom({}), true, '', labOf({ scrapeSeconds }));
  assert.match(
    textAt(1),
    /^Expect: .*\nThis text and its figures are for a scrape interval of 5 s .* This lab has 1 s and /m,
  );
  assert.doesNotMatch(textAt(5), /This text and its figures/);
});

test('what does not run stands there with the reason in place of its address', () => {
  const places = placesFrom({ PROFILES: '' });
  const leftOut = 'grafana: COMPOSE_PROFILES is "dev"\nalertmanager: alertmanager is not in PATH: brew install it';
  const text = describe(steps[0]!, places, true, leftOut);
  assert.match(text, /^ {2}grafana {7}left out \(COMPOSE_PROFILES is "dev"\)$/m);
  assert.match(text, /^ {2}alertmanager {2}left out \(alertmanager is not in PATH: brew install it\)$/m);
  assert.doesNotMatch(text, /dashboard {5}/);
});

test('the guide is the first address', () => {
  const [first] = /http:\S+/.exec(describe(steps[0]!, placesFrom({}), true)) ?? [];
  assert.equal(first, 'http://localhost:8080');
});

test('the memory over the base is a line, where it was measured', () => {
  for (const step of steps) {
    const lines = describe(step, placesFrom({}), true).match(/^Memory: about .* the base lab/gm) ?? [];
    assert.equal(lines.length, step.command in memoryOverBase ? 1 : 0, step.command);
  }
});
