import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { seal } from '../../lab/settings/sealed.ts';
import { parseConfig } from '../src/config.ts';
import type { JobName } from '../src/instance.ts';
import { createPages } from '../src/pages.ts';
import { startTimeMetric } from '../src/process.ts';
import { createApp } from '../src/server.ts';
import { absencesOf, livingAt } from '../src/signals/crashes.ts';
import { relabellingJob } from '../src/signals/relabelling.ts';
import { spread, spreadWhile } from '../src/signals/spread.ts';
import { targetsOf } from '../src/targets.ts';
import { truth } from '../src/truth.ts';
import { delayAt } from '../src/world.ts';
import { fleetFrom, start } from './worlds.ts';

/** A scrape so many seconds after the start, line by line; undefined where nothing answers. */
const scraped = (environment: Record<string, string>) => {
  const world = fleetFrom(environment)[0];
  let now = start;
  const pages = createPages(world, () => now, new Registry(), startTimeMetric);
  return async (since: number) => {
    now = start + since;
    return (await pages('text'))?.split('\n');
  };
};
const valueIn = (lines: string[] | undefined, series: string) =>
  Number(lines?.find((line) => line.startsWith(`${series} `))?.split(' ')[1]);
const reported = (environment: Record<string, string>, from: number, to: number) => {
  const fleet = fleetFrom(environment);
  return truth(fleet[0], fleet, { from: start + from, to: start + to, step: to - from }, 0);
};

test('a count that is shared out otherwise for a while', () => {
  const of = spreadWhile((at) => 10 * at, spread([1_000, 0]), { split: spread([500, 500]), from: 20, to: 50 });
  assert.deepEqual([0, 20, 30, 50, 60].map(of), [
    [0, 0, 0, 0],
    [200, 0, 0, 0],
    [200, 0, 50, 50],
    [200, 0, 150, 150],
    [300, 0, 150, 150],
  ]);
});

const even = { INSTANCES: '1', TRAFFIC: '100' };

test('a route fails more for a while: page and truth count the same', async () => {
  const environment = { ...even, ERRORS: 'checkout:50%:0%:40%:40s@20s,search:50%:0%' };
  const at = scraped(environment);
  const failed = async (since: number) => valueIn(await at(since), 'http_requests_total{route="checkout",code="500"}');
  // 4 requests a second, half of them on that route.
  assert.deepEqual([await failed(20), await failed(30), await failed(60), await failed(90)], [0, 8, 32, 32]);
  const { errors } = reported(environment, 20, 60);
  assert.deepEqual(errors!.routes[0]!.errors, [0, 32]);
  assert.deepEqual(errors!.routes[1]!.errors, [0, 0]);
});

test('requests take longer for a while', async () => {
  const environment = { ...even, LATENCY: '0.1/50%:0.1,50%:2/40s@20s' };
  const at = scraped(environment);
  const slow = async (since: number) => {
    const lines = await at(since);
    const bucket = (boundary: string) => valueIn(lines, `http_request_duration_seconds_bucket{le="${boundary}"}`);
    return bucket('+Inf') - bucket('0.5');
  };
  assert.deepEqual([await slow(20), await slow(30), await slow(60), await slow(90)], [0, 20, 80, 80]);
  const { latency } = reported(environment, 20, 60);
  assert.deepEqual([latency!.while!.from - start, latency!.while!.to - start], [20, 60]);
  assert.equal(latency!.cumulative.at(-1)![1]! - latency!.cumulative[6]![1]!, 80);
});

test('sessions get new names for a while, and none in the second of its end', async () => {
  const at = scraped({ ...even, CHURN: '10s:30s@20s' });
  const generation = async (since: number) =>
    (await at(since))!.find((line) => line.startsWith('session_active'))!.match(/"(\d+)-/)![1];
  const seen = [];
  for (const since of [0, 19.9, 20, 29.9, 30, 49.9, 50, 500]) seen.push(await generation(since));
  assert.deepEqual(seen, ['0', '0', '1', '1', '2', '3', '3', '3']);
  const { churn } = reported({ ...even, CHURN: '10s:30s@20s' }, 0, 60);
  assert.deepEqual([churn!.generations, churn!.lastBeginsAt - start, churn!.generation], [4, 40, [0, 3]]);
});

test('a gauge is stuck with its timestamp, and goes on', async () => {
  const at = scraped({ ...even, TIMESTAMPS: '40s@20s' });
  const stamped = async (since: number) =>
    (await at(since))!.find((line) => line.startsWith('temperature_stamped_celsius '));
  assert.equal(await stamped(21.5), await stamped(59.9));
  assert.match((await stamped(59.9))!, new RegExp(` ${start + 20}000$`));
  assert.match((await stamped(60))!, new RegExp(` ${start + 60}000$`));
  const { timestamps } = reported({ ...even, TIMESTAMPS: '40s@20s' }, 19, 59);
  assert.deepEqual([timestamps!.stopsAt - start, timestamps!.resumesAt! - start], [20, 60]);
  assert.deepEqual(timestamps!.measuredAt, [start + 19, start + 20]);
});

test('an instance that was down begins anew, with counters of its own', async () => {
  const at = scraped({ ...even, DOWN: '40s@20s' });
  assert.equal(valueIn(await at(19.9), 'requests_total'), 76);
  assert.equal(await at(20), undefined);
  assert.equal(await at(59.9), undefined);
  const back = await at(70);
  assert.equal(valueIn(back, 'requests_total'), 40);
  assert.equal(valueIn(back, 'process_start_time_seconds'), start + 60);
});

test('one that restarts is there between its crashes', () => {
  const [world] = fleetFrom({ RESTARTS: '8s:16s@20s' });
  assert.deepEqual(
    absencesOf(world).map(({ from, to }) => [from - start, to - start]),
    [
      [20, 21],
      [28, 29],
      [36, 37],
    ],
  );
  assert.deepEqual(
    [19, 20.5, 21, 36, 500].map((since) => (livingAt(world, start + since)?.startedAt ?? Number.NaN) - start),
    [0, Number.NaN, 21, Number.NaN, 37],
  );
});

test('what is otherwise for a while goes on by the clock where a process begins anew', async () => {
  const at = scraped({ ...even, RESTARTS: '50s:50s@10s', ERRORS: 'all:100%:0%:100%:30s@20s' });
  const failed = async (since: number) => valueIn(await at(since), 'http_requests_total{route="all",code="500"}');
  // The process of second 11 sees all of it, the one of second 61 nothing.
  assert.deepEqual([await failed(21), await failed(59), await failed(90)], [4, 120, 0]);
});

test('service discovery does not name an instance for a while', () => {
  const fleet = fleetFrom({ INSTANCES: '3', UNLISTED_3: '40s@20s' });
  const named = (since: number) =>
    targetsOf(fleet, 'my_app', 'exporter:8000', start + since).map(({ labels }) => labels.instance);
  assert.deepEqual(named(19), ['exporter:8001', 'exporter:8002']);
  assert.deepEqual(named(20), ['exporter:8001']);
  assert.deepEqual(named(60), ['exporter:8001', 'exporter:8002']);
  assert.throws(
    () => parseConfig({ UNLISTED_1: '40s@20s', INSTANCES: '2' }),
    /UNLISTED_1 must be of an instance from 2/,
  );
});

test('relabelling drops a page for a while: another job names the instance, with the labels that it has', () => {
  const fleet = fleetFrom({ INSTANCES: '3', RELABELLED_3: '40s@20s' });
  const named = (job: JobName, since: number) =>
    targetsOf(fleet, job, 'exporter:8000', start + since).map(({ labels }) => labels);
  const [second, third] = [{ instance: 'exporter:8001' }, { instance: 'exporter:8002' }];
  const relabelled = [{ job: 'my_app', ...third }];
  assert.deepEqual([named('my_app', 19), named(relabellingJob, 19)], [[second, third], []]);
  assert.deepEqual([named('my_app', 20), named(relabellingJob, 20)], [[second], relabelled]);
  assert.deepEqual([named('my_app', 60), named(relabellingJob, 60)], [[second, third], []]);
});

test('sealed settings are in force, and what nobody has sealed is refused by name', () => {
  const incident = seal({ LATENCY_2: '0.1', SEED: '7' });
  const config = parseConfig({ INSTANCES: '2', INCIDENT: incident });
  assert.deepEqual(config.each[1], { latency: { usual: [{ perMille: 1_000, seconds: 0.1 }] } });
  assert.equal(config.incident, incident);
  assert.throws(() => parseConfig({ INCIDENT: '7' }), /INCIDENT must be what make incident has made, got "7"/);
});

test('over HTTP a process that is not there closes the connection, and says who runs afterwards', async (t) => {
  const fleet = fleetFrom({ ...even, DOWN: '40s@20s' });
  let now = start + 30;
  const server = createApp(fleet[0], () => now, fleet).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await assert.rejects(fetch(`${url}/metrics`));
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  now = start + 70;
  assert.match(await (await fetch(`${url}/metrics`)).text(), /^requests_total 40$/m);
  const answer = (await (await fetch(`${url}/truth`)).json()) as { startedAt: number; absences: { from: number }[] };
  assert.deepEqual([answer.startedAt - start, answer.absences[0]!.from - start], [60, 20]);
});

test('a page is answered late for a while', () => {
  const [world] = fleetFrom({ SLOW_PAGE: '0.6:40s@20s' });
  assert.deepEqual(
    [19, 20, 59.9, 60].map((since) => delayAt(world, start + since)),
    [0, 0.6, 0.6, 0],
  );
  assert.deepEqual(reported({ SLOW_PAGE: '0.6:40s@20s' }, 19, 59).pageDelay, [0, 0.6]);
});
