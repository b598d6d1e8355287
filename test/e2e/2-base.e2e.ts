import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { activeStep, steps } from '../../experiments/catalogue.ts';
import { start } from '../../grafana/src/start.ts';
import { cpu } from '../../lab/model/metrics.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { queryLink } from '../../lab/running/links.ts';
import { assertTrue } from '../faults/stored.ts';
import { make } from '../support/commands.ts';
import { answersOk } from '../support/http.ts';
import { docker } from '../support/runtime.ts';
import { until } from '../support/until.ts';
import { refusal } from './links.ts';
import { composeOnly, emptyQueries, lab } from './stack.ts';

/** The base lab from nothing: what runs, what is stored, what is shown. */

let output = '';
before(async () => {
  await make('clean');
  output = await make('up');
});

test('make up starts every service and prints where to look', async () => {
  // A step brings the querier.
  const { query: _, ...services } = lab.places.browser;
  for (const address of Object.values(services)) if (address) assert.ok(output.includes(address), `no ${address}`);
  for (const url of Object.values(lab.health)) assert.ok(await answersOk(url), url);
  await lab.scraped();
  assert.equal(activeStep(await lab.state()).command, 'up');
});

test('no page of another origin may read Prometheus, the exporter or the guide, or use the guide', async () => {
  const { prometheus, exporter, guide } = lab.places.browser;
  const headers = { Origin: 'https://evil.example' };
  const ask = (url: string, method: string) => fetchDirect(url, 5_000, { method, headers });
  const reported = await ask(`${prometheus}/api/v1/status/config`, 'GET');
  assert.deepEqual([reported.status, reported.headers.get('access-control-allow-origin')], [200, null]);
  for (const [url, method] of [
    [`${exporter}/metrics`, 'GET'],
    [`${guide}/api/state`, 'GET'],
    [`${guide}/api/solve`, 'POST'],
  ] as const) {
    assert.equal((await ask(url, method)).status, 403, url);
    assert.equal((await fetchDirect(url, 5_000, { method, headers: { Host: 'evil.example' } })).status, 403, url);
  }
});

test('a query of any step that is not marked finds something here, and one that never does finds nothing', async () => {
  const empty = async (expr: string) => (await lab.read.query(expr, lab.now())).length === 0;
  for (const { command, queries } of steps)
    for (const { expr, of, noValue } of queries) {
      if (of !== undefined) continue;
      if (noValue === 'always') assert.ok(await empty(expr), `${command}: ${expr} has a value`);
      // What is empty once the change is made is said of that time; what rests may rest without a value.
      // What a rule records is there after its first evaluation.
      if (noValue === undefined)
        await until(
          `${command}: a value of ${expr}, as no note says that it has none`,
          20,
          async () => !(await empty(expr)),
        );
    }
});

test('an hour of history and live samples are one series', async () => {
  const { exporter, now } = await lab.state();
  const [series, ...others] = await lab.read.samples(cpu, 3_700, now);
  assert.equal(others.length, 0);
  assert.deepEqual(series!.labels, { __name__: cpu, job: 'my_app', instance: 'exporter:8000' });
  const history = series!.samples.filter(([at]) => at < exporter!.startedAt).length;
  assert.ok(history > 650, `${history} samples of history`);
});

test('what Prometheus stored is what happened at that instant', async () => {
  const { exporter } = await lab.state();
  const samples = await until('three live samples', 30, async () => {
    const live = await lab.stored(exporter!.startedAt + 1, lab.now());
    return live.length >= 3 && live;
  });
  await assertTrue(lab, samples);
});

test('the containers run without root, capabilities or new privileges, on loopback ports', {
  skip: composeOnly,
}, async () => {
  const ids = (await docker('compose', 'ps', '-q')).split('\n');
  const containers = JSON.parse(await docker('inspect', ...ids));
  assert.ok(containers.length >= 4);
  for (const { Name, Config, HostConfig } of containers) {
    assert.match(Config.User, /^(node|nobody|\d*[1-9]\d*)/, `${Name} runs as ${Config.User || 'root'}`);
    assert.deepEqual(HostConfig.CapDrop, ['ALL'], Name);
    const isNoNewPrivileges = (option: string) => option.startsWith('no-new-privileges');
    assert.ok(HostConfig.SecurityOpt.some(isNoNewPrivileges), Name);
    assert.equal(HostConfig.ReadonlyRootfs, true, Name);
    assert.equal(HostConfig.Privileged, false, Name);
    const bindings = Object.values(HostConfig.PortBindings as Record<string, { HostIp: string }[]>).flat();
    for (const { HostIp } of bindings) assert.equal(HostIp, '127.0.0.1', Name);
  }
});

test('every panel of the start dashboard has data', async () => {
  for (const panel of start.panels) assert.deepEqual(await emptyQueries(panel), [], panel.title);
});

test("every link of every step opens in Prometheus' own page", async () => {
  const { prometheus } = lab.places.browser;
  const links = steps.flatMap((step) => step.queries.map((query) => queryLink(prometheus, query, step, true)));
  const refused = await Promise.all([...new Set(links)].map(refusal));
  assert.deepEqual(
    refused.filter((words) => words !== undefined),
    [],
  );
});

test('a range vector as a graph would be refused', async () => {
  const link = `${lab.places.browser.prometheus}/query?g0.expr=up%5B1m%5D&g0.tab=graph&g0.range_input=5m`;
  assert.match((await refusal(link))!, /^up\[1m\]: ./);
});
