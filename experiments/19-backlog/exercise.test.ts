import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thanosUp, waiting } from '../../lab/evidence/remote-write.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { apiOver, away } from '../../lab/simulator/backend.ts';
import { every, expectationOf, labOf } from '../../test/lessons/verdicts.ts';
import { exercises } from './exercise.ts';

const start = 1_800_000_000;
const url = 'http://store:19291/api/v1/receive';
const another = 'http://receive-1:19291/api/v1/receive';

type Course = {
  /** since the step was applied */
  seconds: number;
  /** when the store was stopped and when it was back */
  stopped?: readonly [from: number, to: number];
  /** how long before this step another store got the last sample */
  otherSeconds?: number;
  isThere?: boolean;
  thanos?: string[];
};
/** Scraped every 5 s: 400 samples wait at rest, and by each scrape without the endpoint 500 more. */
const expected = ({ seconds, stopped, otherSeconds, isThere = true, thanos = ['store', 'query'] }: Course) => {
  const isDown = (at: number) => stopped !== undefined && at > start + stopped[0] && at < start + stopped[1];
  let queue = 400;
  const scrapes = every(5, start + 5, Array(Math.floor(seconds / 5)).fill(0));
  const queued = scrapes.map(([at]): Sample => {
    queue = isDown(at) ? queue + 500 : 400;
    return [at, queue];
  });
  const other = otherSeconds === undefined ? [] : every(5, start - otherSeconds - 50, Array(11).fill(300));
  const stored: Record<string, { labels: Record<string, string>; samples: readonly Sample[] }[]> = {
    [waiting]: [
      { labels: { url }, samples: queued },
      ...(other.length === 0 ? [] : [{ labels: { url: another }, samples: other }]),
    ],
    [thanosUp('store')]: [{ labels: {}, samples: scrapes.map(([at]) => [at, isDown(at) ? 0 : 1]) }],
  };
  const read = {
    samples: async (selector: string) => stored[selector] ?? [],
    at: () => (isThere ? apiOver([]) : away),
  } as unknown as Reader;
  const exporter = { signal: 'random', seed: 1, startedAt: start, cores: 2 } as const;
  return exercises[0]!.expected(read, labOf({ now: start + seconds, thanos, remoteWriteUrl: url, exporter }));
};
test('before an absence and after it there is something to distinguish', async () => {
  const known = await expected({ seconds: 200, stopped: [120, 160] });
  assert.equal(known.kind, 'known', JSON.stringify(known));
  const values = known.kind === 'known' ? known.instants.map((each) => 'number' in each && each.number[0]) : [];
  assert.deepEqual([values.filter((value) => value === 400).length, Math.max(...values.map(Number))], [3, 3_900]);
});
test('as long as another store is in the window, it waits', async () => {
  assert.equal(
    expectationOf(await expected({ seconds: 100, stopped: [20, 60], otherSeconds: 20 })),
    'wait 195: 5m in which nothing was sent to another store',
  );
});
test('where the endpoint was down in each window so far, it waits for one without', async () => {
  // Five minutes after the other store each window has the absence, until 365 s.
  const course: Course = { seconds: 330, stopped: [20, 60], otherSeconds: 20 };
  assert.equal(expectationOf(await expected(course)), 'wait 45: 5m in which the endpoint was up, to compare with');
  assert.equal(
    expectationOf(await expected({ ...course, stopped: [20, 900], isThere: false })),
    'make start SERVICE=store: the endpoint is down, and no 5m so far were without that',
  );
  assert.equal((await expected({ ...course, seconds: 385 })).kind, 'known');
});
test('a store that was there all the time is to be stopped', async () => {
  assert.equal(
    expectationOf(await expected({ seconds: 200 })),
    'make stop SERVICE=store: no more has waited than at rest',
  );
});
test('a store that was stopped a moment ago is waited for', async () => {
  assert.equal(expectationOf(await expected({ seconds: 200, isThere: false })), 'wait 15: the queue to grow');
});
test('without that store nothing is judged', async () => {
  assert.equal(
    expectationOf(await expected({ seconds: 200, thanos: ['receive-1'], stopped: [20, 60], isThere: false })),
    'make exp-19: Prometheus does not remote-write',
  );
  assert.equal(
    expectationOf(await expected({ seconds: 10, thanos: [] })),
    'wait 16: Prometheus to scrape the endpoint',
  );
});
