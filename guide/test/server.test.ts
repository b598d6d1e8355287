import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { experiments } from '../../experiments/catalogue.ts';
import type { Notification } from '../../lab/model/reader.ts';
import { createReader, observe } from '../../lab/running/api.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { hasPages, type Places, placesFrom } from '../../lab/running/places.ts';
import { suppressionOf } from '../../lab/running/suppression.ts';
import { deadLinks } from '../../test/support/http.ts';
import { freePort } from '../../test/support/ports.ts';
import { serve } from '../../test/support/serve.ts';
import { exporterMilliseconds } from '../src/answered.ts';
import { createAppliedStore } from '../src/applied.ts';
import { createAsk } from '../src/ask/prometheus.ts';
import { createExercises } from '../src/exercises.ts';
import { createHealth } from '../src/health.ts';
import { createInbox } from '../src/inbox.ts';
import { createIncident, createIncidentStore } from '../src/incident.ts';
import { createLab } from '../src/lab.ts';
import { type Listening, listen } from '../src/listen.ts';
import { createOnCall } from '../src/on-call.ts';
import type { DrawnPicture } from '../src/picture.ts';
import { createSearch } from '../src/search.ts';
import { createApp } from '../src/server.ts';
import { askServices } from '../src/services.ts';
import { createSolvedStore } from '../src/solved.ts';
import { message } from './message.ts';

/** Where a test that needs a lab of its own finds its services. */
const labIn = (places: Places, inbox = createInbox()) => {
  const clock = () => now;
  const read = { ...createReader(places), notifications: async () => inbox.list() };
  const store = createSolvedStore(undefined, assert.fail);
  const access = { read, clock, observe: () => observe(places, exporterMilliseconds) };
  return {
    inbox,
    ask: createAsk(places, clock),
    applied: createAppliedStore(undefined, assert.fail),
    health: createHealth(places),
    lab: createLab({
      ...access,
      places,
      suppression: suppressionOf(places, read, clock),
      askServices: () => askServices(places),
      hasPages: () => hasPages(places.prometheus),
    }),
    exercises: createExercises({ ...access, store }),
    search: createSearch({ ...access, store }),
    incidents: createIncident({ ...access, store: createIncidentStore(undefined, () => {}) }),
    onCall: createOnCall(places),
  };
};
const now = 1_795_466_410;
let guide: Listening;
let base: string;
/** Nothing listens there: the whole lab is down. */
let nowhere: string;

before(async () => {
  nowhere = `localhost:${await freePort()}`;
  const places = { EXPORTER_ADDRESS: nowhere, PROMETHEUS_ADDRESS: nowhere, ALERTMANAGER_ADDRESS: nowhere };
  guide = await listen(
    createApp(labIn(placesFrom(places)), () => now),
    '127.0.0.1',
    0,
  );
  base = `http://127.0.0.1:${guide.port}`;
});
after(() => guide.close(0));

const request = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(base + path, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  request('/alerts', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

test('every answer carries the security headers, and none names the framework', async () => {
  for (const path of ['/', '/api/state', '/assets/main.js', '/nowhere']) {
    const { headers } = await request(path);
    assert.match(headers.get('content-security-policy')!, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.doesNotMatch(headers.get('content-security-policy')!, /unsafe/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('x-powered-by'), null);
  }
});

test('the licence of the lab and those of what a browser is sent are there in full', async () => {
  const { headers, text } = await request('/licences');
  assert.match(headers.get('content-type')!, /^text\/plain/);
  assert.match(text, /^— the Prometheus lab\n\nMIT License\n/);
  assert.match(text, /\n— @prometheus-io\/codemirror-promql\n\n\s*Apache License/);
  assert.match(text, /\n— uplot\n\nThe MIT License \(MIT\)\n\nCopyright \(c\) \d+ Leon Sorokin\n/);
  const { text: page } = await request('/');
  assert.ok(page.includes('<link rel="license" href="/licences" />'));
});

test('the page holds no script and no style of its own', async () => {
  const { text } = await request('/');
  assert.doesNotMatch(text, /<script(?!( type="module")? src=")|<style|\bon\w+=|style=|https?:/);
});

/** What a script loads later: `import("./editor-….js")`, or what it was made of. */
const imported = (script: string) =>
  [...script.matchAll(/(?:from|import\()\s*"\.\/([^"]+\.js)"/g)].map(([, file]) => `/assets/${file}`);

/** The page, and all that it and its scripts name. */
const filesOfPage = async () => {
  const seen = new Map<string, string>();
  const follow = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    const { status, text, headers } = await request(path);
    seen.set(path, text);
    assert.equal(status, 200, path);
    assert.match(headers.get('content-type')!, /^(text\/(html|css|javascript)|image\/svg\+xml)/, path);
    const named = [...text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, asset]) => asset!);
    for (const next of [...named, ...imported(text)]) await follow(next);
  };
  await follow('/');
  return seen;
};

const isEditor = (path: string) => /^\/assets\/editor-\w+\.js$/.test(path);

test('everything that the page and its scripts name is served', async () => {
  const paths = [...(await filesOfPage()).keys()];
  assert.ok(paths.includes('/assets/main.js') && paths.includes('/assets/main.css'), paths.join(' '));
  assert.ok(paths.some(isEditor), paths.join(' '));
});

test('all that a browser loads is under 260 kB compressed, and what the first picture waits for under 100 kB', async () => {
  let [bytes, withoutEditor] = [0, 0];
  for (const path of (await filesOfPage()).keys()) {
    const headers = { 'accept-encoding': 'gzip' };
    const { byteLength } = await (await fetchDirect(base + path, 5_000, { headers })).arrayBuffer();
    bytes += byteLength;
    if (!isEditor(path)) withoutEditor += byteLength;
  }
  assert.ok(bytes < 260_000, `${bytes} bytes`);
  assert.ok(withoutEditor > 10_000 && withoutEditor < 100_000, `${withoutEditor} bytes`);
});

test('a script is sent once: a browser that has it hears so', async () => {
  const { headers } = await request('/assets/main.js');
  assert.match(headers.get('content-type')!, /^text\/javascript/);
  const again = { headers: { 'if-none-match': headers.get('etag')! } };
  assert.equal((await fetchDirect(`${base}/assets/main.js`, 5_000, again)).status, 304);
});

test('a notification that is received can be read', async () => {
  assert.equal((await post(JSON.stringify(message()))).status, 204);
  const notifications = JSON.parse((await request('/api/notifications')).text) as Notification[];
  assert.deepEqual([notifications[0]?.alertname, notifications[0]?.receivedAt], ['HighCPU', now]);
});

const refused: [
  what: string,
  body: () => string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
  status: number,
  text: string,
][] = [
  ['another shape', () => '{}', {}, 400, 'version must be "4", got nothing'],
  ['no JSON', () => '{"version":', {}, 400, 'the body is not JSON'],
  ['an empty body', () => '', {}, 400, 'version must be "4", got nothing'],
  [
    'another type',
    () => 'version=4',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'the body must be JSON',
  ],
  ['too much', () => JSON.stringify({ pad: 'x'.repeat(1_100_000) }), {}, 413, 'the body is larger than 1mb'],
  [
    'a bomb',
    () => new Uint8Array(gzipSync(JSON.stringify({ pad: 'x'.repeat(9e6) }))),
    { 'content-encoding': 'gzip' },
    413,
    'the body is larger',
  ],
];
for (const [what, body, headers, status, text] of refused) {
  test(`the webhook refuses ${what} with ${status}`, async () => {
    const answer = await post(body(), headers);
    assert.equal(answer.status, status);
    assert.ok(answer.text.startsWith(text), answer.text);
    assert.match(answer.headers.get('content-type')!, /^text\/plain/);
  });
}

test('a message that is refused does not vanish: the page hears how many, when and why', async (t) => {
  const parts = labIn(
    placesFrom({ EXPORTER_ADDRESS: nowhere, PROMETHEUS_ADDRESS: nowhere, ALERTMANAGER_ADDRESS: nowhere }),
  );
  const own = await serve(
    t,
    createApp(parts, () => now),
  );
  const stateNow = async () => JSON.parse(await (await fetch(`http://${own}/api/state`)).text());
  assert.equal((await stateNow()).refused, undefined);
  for (const body of ['{', JSON.stringify(message({ version: '3' }))]) {
    await fetch(`http://${own}/alerts`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  }
  assert.deepEqual((await stateNow()).refused, { count: 2, at: now, reason: 'version must be "4", got "3"' });
});

test('a full message of Alertmanager is read, however long its texts are', async () => {
  const summary = 'x'.repeat(8_192);
  const { alerts } = message({}, { annotations: { summary } });
  assert.equal((await post(JSON.stringify(message({ alerts: Array(100).fill(alerts[0]) })))).status, 204);
});

test('an answer is taken as JSON only, and a lab that is away is said to be', async () => {
  const answer = (body: string, type = 'application/json') =>
    request('/api/solve', { method: 'POST', body, headers: { 'content-type': type } });
  const query = JSON.stringify({ experiment: 4, number: 1, query: 'avg(cpu_usage)' });
  assert.equal((await answer(query, 'text/plain')).status, 415);
  assert.deepEqual(await answer('[]').then(({ status, text }) => [status, text]), [
    400,
    'the body must be an object with experiment, number and query, got []\n',
  ]);
  const { status, text } = await answer(query);
  assert.equal(status, 200);
  assert.match(text, /^{"kind":"unknown","reason":"Prometheus does not answer at /);
});

const wrong: [method: string, path: string, status: number, text: string][] = [
  ['GET', '/alerts', 405, 'GET is not possible here: use POST\n'],
  ['GET', '/api/solve', 405, 'GET is not possible here: use POST\n'],
  ['POST', '/', 405, 'POST is not possible here: use GET\n'],
  ['DELETE', '/api/notifications', 405, 'DELETE is not possible here: use GET\n'],
  ['GET', '/assets/%zz', 400, 'the path holds a % that is no escape\n'],
  ['GET', '/api/picture?seconds=7', 400, 'seconds must be 60, 120, 300, 900 or 3600, got "7"\n'],
  ['GET', '/api/picture?seconds=60&seconds=60', 400, 'seconds must be 60, 120, 300, 900 or 3600, got ["60","60"]\n'],
  ['GET', '/api/picture?from=1', 400, 'unknown parameter "from": use step and seconds\n'],
];
for (const given of ['one', '0', '99']) {
  test(`GET /api/verdict?experiment=${given} says which there are`, async () => {
    const { status, text } = await request(`/api/verdict?experiment=${given}`);
    assert.equal(status, 400);
    assert.match(
      text,
      new RegExp(
        `^experiment must be (from )?1 to \\d+(, \\d+)*( or ${experiments.at(-1)!.number})?, got "${given}"\n$`,
      ),
    );
  });
}
for (const [method, path, status, text] of wrong) {
  test(`${method} ${path} is answered with ${status}`, async () => {
    const answer = await request(path, { method });
    assert.deepEqual([answer.status, answer.text], [status, text]);
  });
}

for (const path of [
  '/nowhere',
  '/assets/',
  '/assets/tsconfig.json',
  '/assets/..%2Fpackage.json',
  '/api',
  '/src/main.ts',
]) {
  test(`${path} does not exist`, async () => {
    const { status, text } = await request(path);
    assert.equal(status, 404);
    assert.match(text, /^no such path: the guide has \/, \/api\/state, /);
  });
}

test('with every service down the page hears which, and why', async () => {
  const { status, text } = await request('/api/state');
  const state = JSON.parse(text) as { services: { name: string; answers: boolean; reason: string }[] };
  assert.equal(status, 200);
  assert.deepEqual(
    state.services.map(({ reason }) => reason),
    ['Exporter', 'Prometheus', 'Alertmanager'].map(
      (name) => `${name} does not answer at ${nowhere}: nothing listens there, it is stopped or still starting`,
    ),
  );
});

test('with every service down the picture is empty and says why, and the verdict is unknown', async () => {
  const picture = JSON.parse((await request('/api/picture?step=exp-2&seconds=300')).text) as DrawnPicture;
  assert.deepEqual(
    picture.layers.map(({ samples }) => samples),
    picture.layers.map(() => undefined),
  );
  assert.equal(picture.missing.length, 2);
  const { verdict } = JSON.parse((await request('/api/verdict')).text) as { verdict: Record<string, unknown> };
  assert.deepEqual(verdict, {
    kind: 'unknown',
    reason: `Prometheus does not answer at http://${nowhere}: nothing listens there, it is stopped or still starting`,
  });
});

/** The data of every answer that the state of the lab is read from. */
const prometheusData = () => {
  const time = Date.now() / 1_000;
  return {
    activeTargets: [],
    groups: [],
    yaml: 'global:\n  scrape_interval: 5s\n',
    startTime: '2026-11-23T20:40:00Z',
    resultType: 'scalar',
    result: [time, String(time)],
  };
};

test('with an exporter that hangs the state still says what Prometheus knows', async (t) => {
  const data = prometheusData();
  const prometheus = await serve(t, (_, response) => void response.end(JSON.stringify({ status: 'success', data })));
  const hanging = await serve(t, () => {});
  const addresses = { PROMETHEUS_ADDRESS: prometheus, EXPORTER_ADDRESS: hanging, ALERTMANAGER_ADDRESS: nowhere };
  const places = placesFrom(addresses);
  const state = await labIn(places).lab.state();
  assert.deepEqual([state.lab?.scrapeSeconds, state.lab?.exporter, state.active], [5, undefined, undefined]);
  assert.deepEqual(
    state.services.map(({ answers }) => answers),
    [false, true, false],
  );
});

test('a service that does not run here is not asked, and is no reason for a notice', async () => {
  const services = await askServices(placesFrom({}), new Map([['alertmanager', 'not in PATH']]));
  assert.deepEqual(services[2], { name: 'Alertmanager', answers: false, leftOut: 'not in PATH', link: undefined });
});

test('without Grafana and without a web UI in Prometheus every link leads somewhere', async (t) => {
  const data = prometheusData();
  const prometheus = await serve(t, ({ url }, response) => {
    if (url === '/') response.writeHead(302, { location: '/query' }).end();
    else if (/^\/(api\/v1|-)\//.test(url ?? '')) response.end(JSON.stringify({ status: 'success', data }));
    else response.writeHead(404).end('404 page not found');
  });
  const other = await serve(t, (_, response) => void response.end('ok'));
  const portOf = (address: string) => address.split(':')[1]!;
  const places = placesFrom({
    EXPORTER_PORT: portOf(other),
    PROMETHEUS_PORT: portOf(prometheus),
    ALERTMANAGER_PORT: portOf(other),
    PROFILES: '',
  });
  const { services, steps, origins, grafana } = await labIn(places).lab.state();
  const links = [
    ...services.map(({ link }) => link),
    ...steps.flatMap(({ queries, dashboard }) => [...queries.map(({ link }) => link), dashboard]),
  ].filter((link) => link !== undefined);
  assert.equal(links.length, 2);
  assert.deepEqual(await deadLinks(links), []);
  assert.deepEqual([origins.length, grafana], [2, undefined]);
});
