import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { serve } from '../support/serve.ts';
import { grafanaAt, provisioningWarnings } from './grafana.ts';

/** A dashboard as Grafana gives it back: one panel on its own, one in a folded row, one that asks nothing. */
const lines = {
  uid: 'lab-lines',
  title: 'Lines',
  time: { from: 'now-5m', to: 'now' },
  panels: [
    { title: 'words', type: 'text' },
    {
      title: 'a line',
      datasource: { type: 'prometheus', uid: 'lab-prometheus' },
      targets: [
        { refId: 'A', expr: 'up', range: true },
        { refId: 'B', expr: 'rate(up[$__rate_interval])', range: true },
      ],
    },
    { title: 'row', panels: [{ title: 'folded', targets: [{ refId: 'A', expr: 'sum(up)', instant: true }] }] },
  ],
};

type Query = { refId: string; expr: string; datasource?: { uid?: string }; intervalMs: number; maxDataPoints: number };

/** Answers as Grafana 13 does; a query in `failing` fails, and one in `silent` gets no answer of its own. */
const standIn = async (t: TestContext, failing: string[] = [], silent: string[] = []) => {
  const asked: { from: string; to: string; queries: Query[] }[] = [];
  const listener: RequestListener = async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const [status, answer] = ((): [number, unknown] => {
      switch (request.url) {
        case '/api/health':
          return [200, { commit: 'abc', database: 'ok', version: '13.1.4' }];
        case '/api/frontend/settings':
          return [
            200,
            {
              datasources: {
                '-- Grafana --': { type: 'datasource', uid: 'grafana', meta: { builtIn: true } },
                Prometheus: { type: 'prometheus', uid: 'lab-prometheus', meta: { builtIn: false } },
              },
            },
          ];
        case '/api/search?type=dash-db&limit=5000':
          return [200, [{ id: 1, uid: lines.uid, title: lines.title, type: 'dash-db' }]];
        case `/api/dashboards/uid/${lines.uid}`:
          return [200, { meta: { provisioned: true, provisionedExternalId: 'lines.json' }, dashboard: lines }];
        case '/api/dashboards/home':
          return [200, { meta: { canEdit: false, folderTitle: 'General' }, dashboard: lines }];
        case '/api/ds/query': {
          asked.push(JSON.parse(body));
          const { queries } = asked.at(-1)!;
          const result = ({ expr }: Query) =>
            failing.includes(expr)
              ? { error: 'bad_data: parse error', errorSource: 'downstream', status: 400 }
              : { status: 200, frames: [{ schema: { fields: [] }, data: { values: [[1_795_611_640_000], [1]] } }] };
          const results = queries.filter(({ expr }) => !silent.includes(expr)).map((one) => [one.refId, result(one)]);
          return [
            queries.some(({ expr }) => failing.includes(expr)) ? 400 : 200,
            { results: Object.fromEntries(results) },
          ];
        }
        default:
          return [404, { message: 'Not found' }];
      }
    })();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
  return { grafana: grafanaAt(`http://${await serve(t, listener)}`), asked };
};

test('health, data source, dashboards and home are read from the answers of Grafana', async (t) => {
  const { grafana } = await standIn(t);
  assert.deepEqual(await grafana.health(), { commit: 'abc', database: 'ok', version: '13.1.4' });
  assert.deepEqual(await grafana.dataSources(), ['lab-prometheus'], 'its own data source is not the lab’s');
  assert.deepEqual(await grafana.dashboards(), [{ uid: 'lab-lines', title: 'Lines', provisioned: true }]);
  assert.equal(await grafana.home(), 'lab-lines');
  assert.equal(await grafana.value('lab-prometheus', 'up'), 1);
});

test('every query of every panel is asked as the dashboard has it, with its time and data source', async (t) => {
  const { grafana, asked } = await standIn(t);
  assert.deepEqual(await grafana.failedQueries('lab-lines'), []);
  assert.deepEqual(asked.flatMap(({ queries }) => queries.map(({ expr }) => expr)).sort(), [
    'rate(up[$__rate_interval])',
    'sum(up)',
    'up',
  ]);
  for (const { from, to, queries } of asked) {
    assert.deepEqual([from, to], ['now-5m', 'now']);
    for (const { intervalMs, maxDataPoints } of queries) assert.deepEqual([intervalMs, maxDataPoints], [5_000, 200]);
  }
  assert.equal(asked.find(({ queries }) => queries.length === 2)!.queries[1]!.datasource!.uid, 'lab-prometheus');
});

test('a query that fails is named with its panel, also where the others of the panel do not fail', async (t) => {
  const { grafana } = await standIn(t, ['rate(up[$__rate_interval])']);
  assert.deepEqual(await grafana.failedQueries('lab-lines'), [
    'a line: rate(up[$__rate_interval]): bad_data: parse error',
  ]);
});

test('a query without an answer counts as failed, also in a folded row', async (t) => {
  const { grafana } = await standIn(t, [], ['sum(up)']);
  assert.deepEqual(await grafana.failedQueries('lab-lines'), ['folded: sum(up): no answer']);
});

test('a query by hand that fails says why', async (t) => {
  const { grafana } = await standIn(t, ['up']);
  await assert.rejects(grafana.value('lab-prometheus', 'up'), /^Error: up: bad_data: parse error$/);
});

test('an answer that is none of the expected ones is named by path and status', async (t) => {
  const { grafana } = await standIn(t);
  await assert.rejects(grafana.failedQueries('gone'), /\/api\/dashboards\/uid\/gone answers 404: .*Not found/);
});

test('warnings and errors of provisioning are found in the log, others are not', () => {
  const log = [
    'logger=provisioning.dashboard t=2026-11-25T12:00:00Z level=info msg="finished to provision dashboards"',
    'logger=provisioning.plugins t=2026-11-25T12:00:00Z level=error msg="Failed to read plugin provisioning files"',
    'logger=provisioning t=2026-11-25T12:00:00Z level=warn msg="dashboard title is not unique in folder"',
    'logger=plugin.signature t=2026-11-25T12:00:00Z level=warn msg="something else"',
  ];
  assert.deepEqual(provisioningWarnings(log.join('\n')), [log[1], log[2]]);
});
