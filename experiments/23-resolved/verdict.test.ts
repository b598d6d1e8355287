import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Target } from '../../lab/evidence/fleet.ts';
import { every, failsOnly, holds, said, truthOf } from '../../test/lessons/verdicts.ts';
import type { Ended } from './findings.ts';
import type { Member, Scene } from './scene.ts';
import { type Measured, verdict } from './verdict.ts';
import { diskFree, watches } from './watch.ts';

const start = 1_800_000_000;
const instants = Array.from({ length: 60 }, (_, index) => start + index);

/** A disk that is full from second 6 on, and something else from second 20 on. */
const member = (number: number, from20: { free: number; exposed: number | null }): Member => {
  const at = <T>(last: T) => instants.map((_, second) => (second < 6 ? 0.5 : second < 20 ? 0.05 : last));
  const disk = { free: at(from20.free), exposed: at(from20.exposed) };
  const truth = truthOf({ instants, startedAt: start, disk });
  return { number, instance: `exporter:${7999 + number}`, job: 'my_app', seed: 1, simulates: ['disk'], truth };
};
const orders = (failsFrom: number | null, stopsAt: number | null) =>
  truthOf({ instants, startedAt: start, orders: { total: [], failed: [], failsFrom, stopsAt } });
const emptied = member(2, { free: 0.5, exposed: 0.5 });
const unread = member(3, { free: 0.05, exposed: null });
const left = { ...member(4, { free: 0.05, exposed: 0.05 }), leavesAt: start + 20, listedUntil: start + 140 };
const failing = { ...member(1, { free: 0.5, exposed: 0.5 }), truth: orders(start + 3, start + 14) };
const scene: Scene = { emptied, unread, left, failing, healthy: { ...emptied, truth: orders(null, null) } };

/** Scraped every 5 s from second 2 on. */
const stored = (of: Member, values: number[]): Target & Member => ({
  ...of,
  series: [{ labels: { __name__: diskFree }, samples: every(5, start + 2, values) }],
  requests: [],
  up: [],
  scrapeAt: (at) => ({ at, durationSeconds: 0.01 }),
});

/** Evaluated every 5 s: the disks end at second 25, the orders at 35. */
const evaluations = (from: number) => [25, 30, 35, 40, 45].filter((at) => at >= from).map((at) => start + at);
const ended = (parts: Pick<Ended, 'watch' | 'cause'> & Partial<Ended>, at = 25): Ended => ({
  endedAt: start + at,
  says: Number.NaN,
  truly: '5 % is free',
  isBad: true,
  resolved: [start + at],
  later: evaluations(at),
  kept: evaluations(at),
  keptResolved: [],
  ...parts,
});
const full: Measured = {
  scene,
  disks: [
    stored(emptied, [0.5, 0.05, 0.05, 0.05, 0.5, 0.5]),
    stored(unread, [0.5, 0.05, 0.05, 0.05, Number.NaN, Number.NaN]),
    stored(left, [0.5, 0.05, 0.05, 0.05]),
  ],
  ended: [
    ended({ watch: watches.disk, cause: 'left', instance: left.instance, says: undefined }),
    ended({ watch: watches.disk, cause: 'unread', instance: unread.instance }),
    ended({ watch: watches.disks, cause: 'averaged' }),
    ended({ watch: watches.orders, cause: 'idle', instance: failing.instance }, 35),
    ended({ watch: watches.disk, cause: 'emptied', instance: emptied.instance, says: 0.5, isBad: false, kept: [] }),
  ],
  ratios: {
    at: start + 35,
    counted: { 'exporter:8000': { total: 140, failed: 112 }, 'exporter:8001': { total: 350 } },
    plain: { 'exporter:8000': 0.2 },
    zeroed: { 'exporter:8000': 0.2, 'exporter:8001': 1 },
  },
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
/** With one of the alerts changed. */
const where = (cause: Ended['cause'], change: Partial<Ended>) =>
  judged({ ended: full.ended.map((each) => (each.cause === cause ? { ...each, ...change } : each)) });

test('four alerts are RESOLVED and nothing is fixed, one rightly, and the others go on', () => {
  holds(judged());
  const [happened, samples, ...alerts] = said(judged());
  assert.match(happened!, /from 08:00:06 on; exporter:8003 left at 08:00:20, exporter:8002 reads NaN from 08:00:20 on/);
  assert.match(samples!, /16 samples of three disks, NaN among them$/);
  assert.match(alerts[0]!, /^DiskFull of exporter:8003 was RESOLVED at 08:00:25, since its host has left.*: not fixed/);
  assert.match(alerts[2]!, /^DisksFull was RESOLVED/);
  assert.match(alerts[4]!, /^DiskFull of exporter:8001 .* its disk was emptied: fixed/);
  assert.match(alerts[5]!, /^the fix.* go on at every evaluation since, 3 at least/);
  assert.match(alerts[6]!, /is exporter:8000 20 %, and says nothing of exporter:8001/);
});
test('without an inbox the stored states are judged alone', () => {
  holds(judged({ ended: full.ended.map((each) => ({ ...each, resolved: undefined, keptResolved: undefined })) }));
});
test('a stored sample that the page never had fails, and so does a NaN that was not stored', () => {
  const [first, second, third] = full.disks as [Target & Member, Target & Member, Target & Member];
  failsOnly(judged({ disks: [stored(emptied, [0.4]), second, third] }), /^what was stored is right/);
  failsOnly(judged({ disks: [first, third] }), /^what was stored is right/);
});
for (const { cause, watch } of full.ended) {
  const words = new RegExp(`^${watch.alert} .*${cause === 'emptied' ? ': fixed' : ': not fixed'}`);
  test(`${watch.alert} (${cause}): no RESOLVED, a second one, or one at another time fails`, () => {
    failsOnly(where(cause, { resolved: [] }), words);
    failsOnly(where(cause, { resolved: [start + 25, start + 35] }), words);
    failsOnly(where(cause, { resolved: [start + 26] }), words);
  });
  test(`${watch.alert} (${cause}): an expression that says something else fails`, () => {
    failsOnly(where(cause, { says: cause === 'emptied' ? undefined : 0.05 }), words);
  });
  test(`${watch.alert} (${cause}): a RESOLVED that is right where it should be wrong, or the other way, fails`, () => {
    failsOnly(where(cause, { isBad: cause === 'emptied' }), new RegExp(`^${watch.alert} .*was RESOLVED`));
  });
  test(`${watch.alert} (${cause}): the other alert that ends where it should go on, or the other way, fails`, () => {
    if (cause === 'emptied') return failsOnly(where(cause, { kept: [start + 25] }), /^the fix/);
    failsOnly(where(cause, { kept: evaluations(40) }), /^the fix/);
    failsOnly(where(cause, { keptResolved: [start + 40] }), /^the fix/);
    failsOnly(where(cause, { later: [] }), /^the fix/);
  });
}
test('a ratio that is there without a failure fails, and so does the zero that is missing or wrong', () => {
  const { ratios } = full;
  failsOnly(judged({ ratios: { ...ratios, plain: ratios.zeroed } }), /^nothing is not 100 %/);
  failsOnly(judged({ ratios: { ...ratios, zeroed: ratios.plain } }), /^nothing is not 100 %/);
  failsOnly(
    judged({ ratios: { ...ratios, zeroed: { ...ratios.zeroed, 'exporter:8001': 0 } } }),
    /^nothing is not 100 %/,
  );
});
