import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredIn } from '../../test/lessons/measured.ts';
import { eachFails, holds, said } from '../../test/lessons/verdicts.ts';
import { type Ended, type Measured, verdict } from './findings.ts';
import { lesson } from './lesson.ts';
import { look } from './verdict.ts';

const full = await measuredIn(lesson, look);
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
/** With one of the alerts changed. */
const where = (cause: Ended['cause'], change: (own: Ended) => Partial<Ended>) =>
  judged({ ended: full.ended.map((each) => (each.cause === cause ? { ...each, ...change(each) } : each)) });
/** With one sample of one disk stored as another value. */
const storedAs = (instance: string, change: (value: number) => number) =>
  judged({
    disks: full.disks.map((disk) => ({
      ...disk,
      series: disk.series.map((each) => ({
        ...each,
        samples: each.samples.map(([at, value]) => [at, disk.instance === instance ? change(value) : value] as const),
      })),
    })),
  });

test('four alerts are RESOLVED and nothing is fixed, one rightly, and the others go on', () => {
  holds(judged());
  const [happened, samples, ...alerts] = said(judged());
  assert.match(happened!, /from 08:05:07 on; exporter:8003 left at 08:05:21, exporter:8002 reads NaN from 08:05:21 on/);
  assert.match(samples!, /14 samples of three disks, NaN among them$/);
  assert.match(alerts[0]!, /^DiskFull of exporter:8003 was RESOLVED at 08:05:26, since its host has left.*: not fixed/);
  assert.match(alerts[2]!, /^DisksFull was RESOLVED/);
  assert.match(alerts[4]!, /^DiskFull of exporter:8001 .* its disk was emptied: fixed/);
  assert.match(alerts[5]!, /^the fix.* go on at every evaluation since, 2 at least/);
  assert.match(alerts[6]!, /is exporter:8000 30 %, and says nothing of exporter:8001/);
});
test('without an inbox the stored states are judged alone', () => {
  holds(judged({ ended: full.ended.map((each) => ({ ...each, resolved: undefined, keptResolved: undefined })) }));
});

eachFails({
  'a stored sample that the page never had fails, and so does a NaN that was not stored': [
    /^what was stored is right/,
    storedAs(full.scene.emptied.instance, (value) => value - 0.01),
    judged({ disks: full.disks.filter(({ instance }) => instance !== full.scene.unread.instance) }),
  ],
});
for (const { cause, watch } of full.ended) {
  const isFixed = cause === 'emptied';
  const own = `${watch.alert} (${cause})`;
  const words = new RegExp(`^${watch.alert} .*${isFixed ? ': fixed' : ': not fixed'}`);
  eachFails({
    [`${own}: no RESOLVED, a second one, or one at another time fails`]: [
      words,
      where(cause, () => ({ resolved: [] })),
      where(cause, ({ endedAt }) => ({ resolved: [endedAt!, endedAt! + 10] })),
      where(cause, ({ endedAt }) => ({ resolved: [endedAt! + 1] })),
    ],
    [`${own}: an expression that says something else fails`]: [
      words,
      where(cause, () => ({ says: isFixed ? undefined : 0.05 })),
    ],
    [`${own}: a RESOLVED that is right where it should be wrong, or the other way, fails`]: [
      new RegExp(`^${watch.alert} .*was RESOLVED`),
      where(cause, () => ({ isBad: isFixed })),
    ],
    [`${own}: the other alert that ends where it should go on, or the other way, fails`]: [
      /^the fix/,
      ...(isFixed
        ? [where(cause, ({ endedAt }) => ({ kept: [endedAt!] }))]
        : [
            where(cause, ({ later }) => ({ kept: later.slice(1) })),
            where(cause, ({ later }) => ({ keptResolved: later.slice(1, 2) })),
            where(cause, () => ({ later: [] })),
          ]),
    ],
  });
}
const { plain, zeroed } = full.ratios;
const [, healthy] = Object.keys(zeroed);
eachFails({
  'a ratio that is there without a failure fails, and so does the zero that is missing or wrong': [
    /^nothing is not 100 %/,
    judged({ ratios: { ...full.ratios, plain: zeroed } }),
    judged({ ratios: { ...full.ratios, zeroed: plain } }),
    judged({ ratios: { ...full.ratios, zeroed: { ...zeroed, [healthy!]: 0 } } }),
  ],
});
