import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get as httpGet, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { marginSeconds } from '../../lab/evidence/scrape.ts';
import { freePort, freePortRow } from '../../test/support/ports.ts';
import { labProgram } from '../../test/support/programs.ts';
import { createApp } from '../src/server.ts';
import { coreExposition, corePercent } from '../src/signals/cores.ts';
import { cpuPercent } from '../src/signals/cpu.ts';
import type { Truth } from '../src/truth.ts';
import { fleetFrom } from './worlds.ts';

const start = 1_800_000_000;
let now = start + 100.25;
let server: Server;
let base: string;

before(async () => {
  const app = createApp({ signal: 'spikes', seed: 1, cores: 2, startedAt: start }, () => now);
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(base + path, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

test('a scrape holds every metric of the lab, all of one instant', async () => {
  now = start + 100.25;
  const { text, type } = await get('/metrics');
  assert.equal(type, 'text/plain; version=0.0.4; charset=utf-8');
  for (const line of [
    'cpu_usage_simulated 100',
    'cpu_spikes_total 50',
    'cpu_busy_seconds_total 50',
    'lab_info{signal="spikes",seed="1"} 1',
  ]) {
    assert.ok(text.split('\n').includes(line), `no line ${line}`);
  }
  for (const name of [
    'memory_usage_simulated',
    'cpu_usage{core="core1"}',
    'cpu_usage{core="core2"}',
    'requests_total',
  ]) {
    assert.match(text, new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} \\d+(\\.\\d+)?$`, 'm'));
  }
  assert.match(text, /^process_start_time_seconds /m);
});

test('on purpose a scrape is answered late, or as something else, and the truth says so', async (t) => {
  const answers = async (scrapeAnswer: { afterSeconds?: number; contentType?: string }) => {
    const wrong = createApp({ signal: 'random', seed: 1, cores: 1, startedAt: start, scrapeAnswer }, () => now);
    const own = wrong.listen(0, '127.0.0.1');
    t.after(() => own.close());
    await once(own, 'listening');
    return `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
  };
  const typed = await fetch(`${await answers({ contentType: 'text/html' })}/metrics`);
  assert.equal(typed.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(await typed.text(), /^requests_total \d+$/m);

  const slow = await answers({ afterSeconds: 0.3 });
  const order: string[] = [];
  const asked = ['/metrics', '/healthz'].map((path) => fetch(slow + path).then(() => order.push(path)));
  await Promise.all(asked);
  assert.deepEqual(order, ['/healthz', '/metrics']);
  const truth = (await (await fetch(`${slow}/truth?from=${start}&to=${start}`)).json()) as { scrapeAnswer: unknown };
  assert.deepEqual(truth.scrapeAnswer, { afterSeconds: 0.3 });
});

test('a slow page keeps neither the other instances waiting nor its own truth', async (t) => {
  const period = Math.ceil(start / 18) * 18;
  let at = period;
  const fleet = fleetFrom({ INSTANCES: '2', SLOW_2: '10ms' });
  const [usual, slow] = await Promise.all(
    fleet.map(async (world) => {
      const own = createApp(world, () => at, fleet).listen(0, '127.0.0.1');
      t.after(() => own.close());
      await once(own, 'listening');
      return `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
    }),
  );
  const began = performance.now();
  // 100 jobs wait, 10 ms each; a timer may be a millisecond early.
  assert.match(await (await fetch(`${slow}/metrics`)).text(), /^jobs_waiting 100$/m);
  assert.ok(performance.now() - began >= 990, `${performance.now() - began} ms`);

  at = period + 9;
  const hangUp = new AbortController();
  let isAnswered = false;
  const late = fetch(`${slow}/metrics`, { signal: hangUp.signal }).then(() => {
    isAnswered = true;
  });
  for (const url of [`${usual}/metrics`, `${usual}/metrics`, `${slow}/truth`])
    assert.equal((await fetch(url)).status, 200);
  assert.equal(isAnswered, false, 'after 17 s');
  hangUp.abort();
  await assert.rejects(late, { name: 'AbortError' });
});

test('OpenMetrics is sent to a scraper that asks for it, and plain text afterwards', async () => {
  const accept = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.1';
  const { text, type } = await get('/metrics', { accept });
  assert.equal(type, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.match(text, /^# TYPE requests counter\nrequests_total \d+$/m);
  assert.ok(text.endsWith('\n# EOF\n'));
  assert.doesNotMatch(text, /\n\n/);
  assert.match((await get('/metrics')).text, /^# TYPE requests_total counter\nrequests_total \d+$/m);
});

test('a scrape is compressed for whoever asks, and for nobody else', async () => {
  const encoding = async (accepted: string) => {
    const response = await fetch(`${base}/metrics`, { headers: { 'accept-encoding': accepted } });
    assert.match(await response.text(), /^requests_total \d+$/m);
    assert.equal(response.headers.get('vary'), 'Accept-Encoding');
    return response.headers.get('content-encoding');
  };
  assert.equal(await encoding('gzip'), 'gzip');
  assert.equal(await encoding('identity'), null);
  assert.equal(await encoding('gzip;q=0'), null);
  assert.equal(await encoding('br'), null);
});

test('a core is written as the truth has it', () => {
  const lines = coreExposition(3)(start + 0.5, 1)
    .trimEnd()
    .split('\n')
    .slice(2);
  assert.deepEqual(
    lines,
    [1, 2, 3].map((core) => `cpu_usage{core="core${core}"} ${corePercent(core, start, 1)}`),
  );
});

test('the truth is the signal itself', async () => {
  const { text } = await get(`/truth?from=${start}&to=${start + 90}&step=1`);
  const truth = JSON.parse(text);
  assert.equal(truth.signal, 'spikes');
  assert.equal(truth.startedAt, start);
  assert.equal(truth.instants.length, 91);
  assert.deepEqual(truth.cpuPercent.slice(0, 4), [100, 0, 100, 0]);
  assert.deepEqual(Object.keys(truth.cores), ['core1', 'core2']);
  assert.equal(truth.totals.spikes, 45);
  assert.equal(
    truth.totals.requests,
    truth.requestsPerSecond.slice(0, 90).reduce((sum: number, count: number) => sum + count, 0),
  );
});

test('the truth of the last minute is the default', async () => {
  const { from, to, step } = JSON.parse((await get('/truth')).text);
  assert.deepEqual([from, to, step], [now - 60, now, 1]);
});

test('the truth reports of as many cores as are asked for, and says how many there are', async () => {
  const { cores, coreCount } = JSON.parse((await get('/truth?cores=1')).text);
  assert.deepEqual(Object.keys(cores), ['core1']);
  assert.equal(coreCount, 2);
  const many = createApp({ signal: 'random', seed: 1, cores: 100_000, startedAt: start }, () => now).listen(
    0,
    '127.0.0.1',
  );
  await once(many, 'listening');
  const url = `http://127.0.0.1:${(many.address() as AddressInfo).port}/truth?from=${start - 800}&to=${start + 100}`;
  try {
    const reported = (await (await fetch(url)).json()) as { coreCount: number };
    assert.equal(reported.coreCount, 100_000);
    assert.equal((await fetch(`${url}&cores=1000`)).status, 400, 'a quarter of an hour of 1000 cores is too much');
  } finally {
    many.close();
  }
});

test('history has the target labels and timestamps, and its counters fall only where this process began', async () => {
  const { text, type } = await get(`/history?from=${start - 20}&to=${start + 10}&step=10`);
  assert.equal(type, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.ok(text.endsWith('# EOF\n'));
  const values = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}{[^}]*job="my_app",instance="exporter:8000"} (\\S+) (\\S+)$`, 'gm'))].map(
      ([, value, at]) => [Number(value), Number(at) - start],
    );
  assert.deepEqual(values('cpu_spikes_total'), [
    [0, -20],
    [5, -10],
    [0, 0],
    [5, 10],
  ]);
  assert.deepEqual(
    values('process_start_time_seconds').map(([value]) => value),
    [start - 20, start - 20, start, start],
  );
  assert.deepEqual(
    values('cpu_usage_simulated').map(([value]) => value),
    [-20, -10, 0, 10].map((at) => cpuPercent('spikes', start + at, 1)),
  );
});

test('an hour of many cores, every second, comes in pieces: each series in the order of time, one end', async () => {
  const cores = 1_000;
  const app = createApp({ signal: 'random', seed: 1, cores, startedAt: start }, () => start).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/history?from=${start - 3_600}&to=${start}&step=1`;
  try {
    const text = await (await fetch(url)).text();
    assert.equal(text.match(/^# EOF$/gm)?.length, 1);
    assert.ok(text.endsWith('\n# EOF\n'));
    for (const series of ['requests_total{', 'cpu_usage{core="core200",']) {
      const times = text
        .split('\n')
        .filter((line) => line.startsWith(series))
        .map((line) => Number(line.split(' ')[2]));
      assert.deepEqual(
        times,
        Array.from({ length: 3_601 }, (_, index) => start - 3_600 + index),
      );
    }
    assert.doesNotMatch(text, /core="core201"/);
  } finally {
    app.close();
  }
});

test('the targets are named as JSON to a job, next door to where the asker came to', async () => {
  const fleet = fleetFrom({ INSTANCES: '2', CLOCKS: 'on' });
  const servers = fleet.map((world) => createApp(world, () => now, fleet).listen(0, '127.0.0.1'));
  await Promise.all(servers.map((each) => once(each, 'listening')));
  const [first, second] = servers.map((each) => (each.address() as AddressInfo).port);
  const answer = async (port: number | undefined, path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return [response.status, response.headers.get('content-type'), await response.text()] as const;
  };
  try {
    const [status, type, text] = await answer(first, '/targets?job=my_app');
    assert.deepEqual([status, type], [200, 'application/json; charset=utf-8']);
    assert.deepEqual(JSON.parse(text)[0], {
      targets: [`127.0.0.1:${first! + 1}`],
      labels: { instance: 'exporter:8001' },
    });
    assert.equal((await answer(first, '/targets?job=my_app_native'))[2], '[]');
    assert.match((await answer(first, '/targets'))[2], /^job must be my_app, my_app_limited, .* got nothing$/m);
    assert.match((await answer(first, '/targets?job=x'))[2], /^job must be .* got "x"$/m);
    assert.match((await answer(first, '/wave'))[2], /^# TYPE wave_simulated gauge\nwave_simulated [\d.]+\n$/m);
    for (const path of ['/targets', '/history', '/wave']) assert.equal((await answer(second, path))[0], 404);
    for (const port of [first, second]) {
      const reported = JSON.parse((await answer(port, '/truth?instance=exporter:8001'))[2]);
      assert.deepEqual([reported.instance, reported.seed], ['exporter:8001', 2]);
    }
    assert.equal(JSON.parse((await answer(second, '/truth'))[2]).instance, 'exporter:8001');
  } finally {
    for (const each of servers) each.close();
  }
});

test('a shop is a page for people, and answered as its time has it', async () => {
  const [world] = fleetFrom({ SHOP: 'blackbox:9115' });
  const own = createApp(world, () => now).listen(0, '127.0.0.1');
  await once(own, 'listening');
  const shopAt = async (seconds: number, path = '/shop') => {
    now = world.startedAt + seconds;
    const response = await fetch(`http://127.0.0.1:${(own.address() as AddressInfo).port}${path}`, {
      redirect: 'manual',
    });
    const words = (await response.text()).match(/<p>(.*)<\/p>/)?.[1];
    return [response.status, response.headers.get('location') ?? words];
  };
  try {
    assert.deepEqual(await shopAt(17.9), [200, 'Cart: 2 items']);
    assert.deepEqual(await shopAt(18), [500, 'Internal Server Error']);
    assert.deepEqual(await shopAt(44), [302, '/login']);
    assert.deepEqual(await shopAt(44, '/login'), [200, 'Please log in.']);
    assert.deepEqual(await shopAt(5_000), [200, 'Sorry, we are closed for maintenance.']);
    assert.match(
      (await fetch(`http://127.0.0.1:${(own.address() as AddressInfo).port}/nowhere`)).statusText,
      /Not Found/,
    );
  } finally {
    own.close();
  }
});

test('a sample of just now can be held against the truth of as long as its scrape may take', async () => {
  now = start + 100.25;
  const second = Math.floor(now);
  assert.equal((await get(`/truth?from=${second}&to=${second + marginSeconds}&step=1`)).status, 200);
});

const wrong: [path: string, status: number, names: RegExp][] = [
  ['/truth?from=x', 400, /^from must be a number of seconds/],
  ['/truth?from=1&from=2', 400, /^from .* given once/],
  ['/truth?to=-1', 400, /^to /],
  ['/truth?cores=3', 400, /^cores must be a whole number from 0 to 2, given once, got "3"/],
  ['/truth?cores=1&cores=2', 400, /^cores .* given once/],
  ['/history?cores=1', 400, /^unknown parameter "cores": use from, to, step/],
  ['/truth?instance=exporter:8001', 400, /^instance must be exporter:8000, given once, got "exporter:8001"/],
  ['/truth?from=253402300700&to=253402300701', 400, /^to must not be over an hour after now/],
  ['/truth?from=5&to=4', 400, /^to \(4\) must not be before from \(5\)/],
  ['/truth?step=0', 400, /^step must be above 0/],
  ['/truth?step=1e3', 400, /^step /],
  ['/truth?form=1', 400, /^unknown parameter "form": use from, to, step, cores, instance/],
  ['/truth?from=0&to=99999999999&step=1000000', 400, /the limit is 100000/],
  ['/truth?from=0&to=20000&step=1', 400, /120006 points, the limit is 100000/],
  ['/history?from=0&to=600000&step=5', 400, /the limit is 1000000/],
  ['/history?step=', 400, /^step /],
  [
    '/history?from=253402300700&to=253402300799&step=5',
    400,
    /^to must not be after now \(1800000100\), got 253402300799/,
  ],
  ['/nothing', 404, /the exporter has \/metrics, \/truth, \/healthz, \/history, \/targets/],
  ['/%zz', 404, /no such path/],
];
for (const [path, status, names] of wrong) {
  test(`GET ${path} gets ${status} and a sentence`, async () => {
    const answer = await get(path);
    assert.equal(answer.status, status);
    assert.match(answer.text, names);
  });
}

test('another method gets 405 and the right one', async () => {
  const response = await fetch(`${base}/metrics`, { method: 'POST', body: 'x' });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get('allow'), 'GET, HEAD');
});

const run = (t: TestContext, environment: Record<string, string>, ...words: string[]): ChildProcess => {
  const [program, ...main] = labProgram('exporter/src/main.ts');
  const child = spawn(program, [...main, ...words], {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, HOST: '127.0.0.1', ...environment },
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
};

test('SIGTERM ends the process, even with a connection open', { timeout: 20_000 }, async (t) => {
  const port = await freePort();
  const child = run(t, { PORT: String(port) });
  await once(child.stdout!, 'data');
  await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'keep-alive' } });
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('with a certificate it answers by TLS as well, until the days are over that were asked for', {
  timeout: 20_000,
}, async (t) => {
  const [port, secure] = [await freePort(), await freePort()];
  const child = run(t, { PORT: String(port), SHOP: '127.0.0.1:9115', CERTIFICATE: `127.0.0.1:${secure}/3d` });
  await once(child.stdout!, 'data');
  const socket = connect({ host: '127.0.0.1', port: secure, rejectUnauthorized: false });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  const truth = (await (await fetch(`http://127.0.0.1:${port}/truth`)).json()) as Truth;
  assert.equal(Date.parse(socket.getPeerCertificate().valid_to) / 1_000, truth.startedAt + 3 * 86_400);
  assert.equal(truth.shop?.certificate?.to, truth.startedAt + 3 * 86_400);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a wrong setting ends the process with exit 1 and no stack', { timeout: 20_000 }, async (t) => {
  const child = run(t, { SIGNAL: 'spiky' });
  let output = '';
  child.stderr!.on('data', (chunk) => {
    output += chunk;
  });
  assert.deepEqual(await once(child, 'close'), [1, null]);
  assert.equal(output, 'exporter: cannot start\n  SIGNAL must be random, spikes, high or square, got "spiky"\n');
});

const text = (child: ChildProcess, stream: 'stdout' | 'stderr') => {
  let output = '';
  child[stream]!.on('data', (chunk) => {
    output += chunk;
  });
  return () => output;
};

test('an instance that leaves refuses connections, the others go on, and SIGTERM ends them all', {
  timeout: 20_000,
}, async (t) => {
  const port = await freePortRow(3);
  const child = run(t, { PORT: String(port), INSTANCES: '3', LEAVES_AFTER: '1s' });
  const output = text(child, 'stdout');
  await once(child.stdout!, 'data');
  const status = async (port: number) => {
    try {
      return (await fetch(`http://127.0.0.1:${port}/healthz`)).status;
    } catch (error) {
      return ((error as Error).cause as NodeJS.ErrnoException).code;
    }
  };
  while (!output().includes('exporter:8002 has left')) await once(child.stdout!, 'data');
  assert.deepEqual(await Promise.all([port, port + 1, port + 2].map(status)), [200, 200, 'ECONNREFUSED']);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('a scrape over a connection that is kept alive fails once its instance has left', {
  timeout: 40_000,
}, async (t) => {
  const port = await freePortRow(2);
  const child = run(t, { PORT: String(port), INSTANCES: '2', LEAVES_AFTER: '6s' });
  await once(child.stdout!, 'data');
  // As Prometheus does: one connection, which the next scrape takes again.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const scrape = (): Promise<{ status?: number; isReused?: boolean; error?: string }> =>
    new Promise((resolve) => {
      const request = httpGet({ port: port + 1, host: '127.0.0.1', path: '/metrics', agent }, (response) => {
        response.resume().on('end', () => resolve({ status: response.statusCode!, isReused: request.reusedSocket }));
        response.on('error', ({ message }) => resolve({ error: message }));
      });
      request.on('error', (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
    });
  assert.deepEqual(await scrape(), { status: 200, isReused: false });
  let last = await scrape();
  assert.equal(last.isReused, true);
  const left = once(child.stdout!, 'data');
  for (; last.error === undefined; last = await scrape()) await sleep(50);
  assert.match(String((await left)[0]), /exporter:8001 has left/);
  assert.deepEqual(await scrape(), { error: 'ECONNREFUSED' });
});

test('--check judges the environment and starts nothing', { timeout: 20_000 }, async (t) => {
  const right = run(t, { HOST: 'my-machine', PORT: 'none', INSTANCES: '12' }, '--check');
  assert.deepEqual(await once(right, 'close'), [0, null]);
  const wrong = run(t, { INSTANCES: '0', LATENCY: 'fast' }, '--check');
  const output = text(wrong, 'stderr');
  assert.deepEqual(await once(wrong, 'close'), [1, null]);
  assert.deepEqual(output().match(/^ {2}\w+ must be/gm), ['  INSTANCES must be', '  LATENCY must be']);
});
