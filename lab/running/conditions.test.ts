import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labOf } from '../../test/lessons/verdicts.ts';
import type { Lab } from '../model/lab.ts';
import type { Notification, Reader } from '../model/reader.ts';
import type { Series } from '../promql/sample.ts';
import { type ConditionName, conditions, waitFor } from './conditions.ts';

const lab = (scrapeSeconds: number, health = 'unknown') =>
  labOf({ scrapeSeconds, prometheusStartedAt: -60, target: { health, lastError: '', scrapeUrl: '' } });
const instance = 'exporter:8000';
const notification = (status: Notification['status'], alertname = 'HighCPU') =>
  ({ status, alertname, labels: { alertname, instance } }) as unknown as Notification;
/** What Prometheus has stored of an alert that fires until an instant. */
const firingUntil = (at: number, alertname = 'HighCPU'): Series => ({
  labels: { __name__: 'ALERTS', alertstate: 'firing', alertname, instance },
  samples: [[at, 1]],
});

/** Waits in simulated time. */
const wait = async (
  name: ConditionName,
  observe: (now: number) => Lab,
  inbox: Notification[] = [],
  stored: (now: number) => Series[] = () => [],
  rule = { keepFiringSeconds: 0, active: [] as Series[] },
) => {
  let now = 0;
  const said: string[] = [];
  const failure = await waitFor(name, {
    read: {
      notifications: async () => inbox,
      samples: async () => stored(now),
      alertRule: async () => ({ forSeconds: 0, query: 'x', ...rule }),
      query: async () => rule.active,
    } as Partial<Reader> as Reader,
    observe: async () => ({ ...observe(now), now }),
    pause: async (seconds) => {
      now += seconds;
    },
    clock: () => now,
    say: (line) => said.push(line),
  });
  return { failure, now, ...(said.length > 0 && { said }) };
};

test('a first scrape is waited for as long as the current interval needs', async () => {
  const after = (seconds: number) => (now: number) => lab(60, now >= seconds ? 'up' : 'unknown');
  assert.deepEqual(await wait('scraped', after(0)), { failure: undefined, now: 0 });
  assert.deepEqual(await wait('scraped', after(62)), { failure: undefined, now: 62 });
  const { failure } = await wait('scraped', () => lab(60));
  assert.equal(failure, 'Prometheus did not scrape the exporter within 150 s');
  assert.equal((await wait('scraped', () => lab(1))).failure, 'Prometheus did not scrape the exporter within 32 s');
});
test('quiet means that the newest word on each alert of the lab is not that it fires', async () => {
  const inbox = [notification('resolved'), notification('firing')];
  const fires = (now: number) => [firingUntil(now), firingUntil(now, 'TargetDown')];
  assert.equal((await wait('quiet', () => lab(5), inbox, fires)).failure, undefined);
  const other = [notification('firing', 'TargetDown'), ...inbox];
  assert.equal(
    (await wait('quiet', () => lab(5), other, fires)).failure,
    'an earlier alert did not resolve within 140 s: TargetDown of exporter:8000',
  );
});
test('an alert that its rule alone keeps firing for half an hour is not waited for', async () => {
  const inbox = [notification('firing', 'CacheDown')];
  const fires = (now: number) => [firingUntil(now, 'CacheDown')];
  const quiet = async (keepFiringSeconds: number, active: Series[] = []) =>
    (await wait('quiet', () => lab(5), inbox, fires, { keepFiringSeconds, active })).failure;
  assert.equal(await quiet(1_800), undefined);
  assert.match((await quiet(30))!, /CacheDown of exporter:8000$/);
  const active = { labels: { __name__: 'dependency_up', instance }, samples: [] };
  assert.match((await quiet(1_800, [active]))!, /CacheDown of exporter:8000$/);
});
test('of a Prometheus that has just started nothing is known before it stores its alerts', async () => {
  const fresh = () => ({ ...lab(5), prometheusStartedAt: 0 });
  assert.deepEqual(await wait('quiet', fresh), { failure: undefined, now: 15 });
});
test('an alert that an earlier Prometheus has left is waited for as long as it may fire, and that is said', async () => {
  /** It fired before Prometheus began, and until so many seconds after that. */
  const left = (until: number) => (now: number) => [
    { ...firingUntil(0, 'BatchLate'), samples: [[-300, 1] as const, [Math.min(now, until), 1] as const] },
  ];
  const inbox = [notification('firing', 'BatchLate')];
  const started = () => lab(5);
  const said = [
    'BatchLate of exporter:8000 may fire until 00:04:00, 240 s from now, by what an earlier Prometheus has stored: waiting for that',
  ];
  // Its resolution is waited for as any other's.
  assert.deepEqual(await wait('quiet', started, inbox, left(238)), { failure: undefined, now: 273.5, said });
  assert.deepEqual(await wait('quiet', started, inbox, left(1_000)), {
    failure: 'an earlier alert did not resolve within 380 s: BatchLate of exporter:8000',
    now: 380.5,
    said,
  });
});
test("an alert that somebody else has sent to Alertmanager does not block the lab's lessons", async () => {
  const foreign = { status: 'firing', alertname: 'MyFirstAlert', labels: { alertname: 'MyFirstAlert' } };
  const sameName = { status: 'firing', alertname: 'HighCPU', labels: { alertname: 'HighCPU', by: 'hand' } };
  const inbox = [foreign, sameName, notification('resolved')] as unknown as Notification[];
  assert.deepEqual(
    await wait(
      'quiet',
      () => lab(5),
      inbox,
      (now) => [firingUntil(now)],
    ),
    {
      failure: undefined,
      now: 0,
    },
  );
});
test('an alert whose resolution never reaches the inbox, as under a silence, is waited for and then over', async () => {
  const ended = await wait(
    'quiet',
    () => lab(5),
    [notification('firing')],
    () => [firingUntil(0)],
  );
  assert.deepEqual(ended, { failure: undefined, now: 35.5 });
});
test('what stands in the way of a scrape is named', async () => {
  const failing = { ...lab(5), target: { health: 'down', lastError: 'connection refused', scrapeUrl: '' } };
  assert.match((await wait('scraped', () => failing)).failure!, / within 40 s: connection refused$/);
});
test('each limit follows from the current intervals', () => {
  const at = (scrapeSeconds: number) =>
    Object.values(conditions).map(({ limitSeconds }) => limitSeconds({ scrapeSeconds, evaluationSeconds: 5 }));
  assert.deepEqual(at(1), [32, 120, 34]);
  assert.deepEqual(at(60), [150, 415, 270]);
});
