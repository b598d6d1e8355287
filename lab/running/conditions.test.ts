import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labOf } from '../../test/lessons/verdicts.ts';
import type { Lab } from '../model/lab.ts';
import type { Notification, Reader } from '../model/reader.ts';
import { type ConditionName, conditions, waitFor } from './conditions.ts';

const lab = (scrapeSeconds: number, health = 'unknown') =>
  labOf({ scrapeSeconds, target: { health, lastError: '', scrapeUrl: '' } });
const notification = (status: Notification['status'], alertname = 'HighCPU') => ({ status, alertname }) as Notification;

/** Waits in simulated time. */
const wait = async (name: ConditionName, observe: (now: number) => Lab, inbox: Notification[] = []) => {
  let now = 0;
  const failure = await waitFor(name, {
    read: { notifications: async () => inbox } as Partial<Reader> as Reader,
    observe: async () => observe(now),
    pause: async (seconds) => {
      now += seconds;
    },
    clock: () => now,
  });
  return { failure, now };
};

test('a first scrape is waited for as long as the interval in force needs', async () => {
  const after = (seconds: number) => (now: number) => lab(60, now >= seconds ? 'up' : 'unknown');
  assert.deepEqual(await wait('scraped', after(0)), { failure: undefined, now: 0 });
  assert.deepEqual(await wait('scraped', after(62)), { failure: undefined, now: 62 });
  const { failure } = await wait('scraped', () => lab(60));
  assert.equal(failure, 'Prometheus did not scrape the exporter within 150 s');
  assert.equal((await wait('scraped', () => lab(1))).failure, 'Prometheus did not scrape the exporter within 32 s');
});
test('quiet means that the newest word on each alert is not that it fires', async () => {
  const inbox = [notification('resolved'), notification('firing')];
  assert.equal((await wait('quiet', () => lab(5), inbox)).failure, undefined);
  const other = [notification('firing', 'TargetDown'), ...inbox];
  assert.equal((await wait('quiet', () => lab(5), other)).failure, 'an earlier alert did not resolve within 80 s');
});
test('each limit follows from the intervals in force', () => {
  const at = (scrapeSeconds: number) =>
    Object.values(conditions).map(({ limitSeconds }) => limitSeconds({ scrapeSeconds, evaluationSeconds: 5 }));
  assert.deepEqual(at(1), [32, 60, 34]);
  assert.deepEqual(at(60), [150, 355, 270]);
});
