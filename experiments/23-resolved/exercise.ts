import { activeSince } from '../../lab/evidence/samples.ts';
import { betweenScrapes } from '../../lab/judging/between.ts';
import { spread } from '../../lab/judging/instants.ts';
import { seriesOf as inWorld } from '../../lab/judging/scenario.ts';
import type { Exercise, Expected, Range, World } from '../../lab/model/exercise.ts';
import { seconds } from '../../lab/model/format.ts';
import { targetUp } from '../../lab/model/metrics.ts';
import { well, wellZeroed } from './findings.ts';
import { type Scene, sceneIn } from './scene.ts';
import { diskFree, failedOrders, fullBelow, orders } from './watch.ts';

const slowestSeconds = 5;
const command = 'make exp-23';
const known = `last_over_time(${diskFree}[5m])`;
const fine = `${diskFree} >= ${fullBelow}`;

/** Fine and full later, full, unread; and two that leave: one that was full and one that was fine. */
const disks: World = {
  where: 'with five disks, of which two have left',
  series: [
    ...['0.5 - 0.45 * (t >= bool 100)', 0.05, 'NaN'].map((value, index) => inWorld(diskFree, value, {}, index + 2)),
    ...[0.05, 0.5].map((value, index) => ({ ...inWorld(diskFree, value, {}, index + 5), during: [0, 100] as const })),
    ...[2, 3, 4].map((number) => inWorld('up', 1, {}, number)),
    ...[5, 6].map((number) => inWorld('up', 't < bool 100', {}, number)),
  ],
  at: [50, 150],
};

const services: World = {
  asks: { each: 'instance' },
  where: 'with three instances, of which one has no failure',
  series: [
    ...[200, 300, 500].map((value, index) => inWorld(orders, value, {}, index + 1)),
    ...[50, 30].map((value, index) => inWorld(failedOrders, value, {}, index + 1)),
  ],
  at: [50],
};

type Newest = (metric: string, instance: string) => number | undefined;
type Right = { number: Range } | { label: string; each: Record<string, Range> } | undefined;

/**
 * What the newest samples say, once each instance has been scraped.
 * @param metrics  the first is exposed by each of them
 */
const judgedBy =
  (
    metrics: readonly [string, ...string[]],
    membersOf: (scene: Scene) => readonly { instance: string }[],
    right: (newest: Newest, instances: readonly string[]) => Right,
  ): Exercise['expected'] =>
  async (read, lab) => {
    const scene = await sceneIn(lab, read);
    if (scene === undefined)
      return { kind: 'elsewhere', reason: 'no disk fills up, and no orders fail', type: command };
    if (lab.scrapeSeconds > slowestSeconds) {
      const reason = `a scrape every ${seconds(lab.scrapeSeconds)} sees too little of what happens`;
      return { kind: 'elsewhere', reason, type: `${command} SCRAPE_INTERVAL=5s` };
    }
    const span = { from: activeSince(lab), until: Math.min(lab.now - 1, scene.left.listedUntil!) };
    const instances = membersOf(scene).map(({ instance }) => instance);
    const candidates = (await betweenScrapes(read, metrics, instances, span)).flatMap(({ at, newest }): Expected[] => {
      const isWhole = instances.every((instance) => newest(metrics[0], instance) !== undefined);
      const expected = isWhole ? right(newest, instances) : undefined;
      return expected ? [{ at, ...expected }] : [];
    });
    const instants = spread(candidates);
    if (instants.length >= 3) return { kind: 'known', instants };
    return { kind: 'wait', seconds: lab.scrapeSeconds, reason: 'some more scrapes' };
  };

const unknownOrFull = judgedBy(
  [diskFree],
  ({ emptied, unread, left }) => [emptied, unread, left],
  (newest, instances) => {
    const isFine = (instance: string) => newest(targetUp, instance) === 1 && newest(diskFree, instance)! >= fullBelow;
    const bad = instances.filter((instance) => !isFine(instance)).length;
    // Of none a count says nothing.
    return bad === 0 ? undefined : { number: [bad, bad] };
  },
);

const sharesThatAreWell = judgedBy(
  [orders, failedOrders],
  ({ failing, healthy }) => [failing, healthy],
  (newest, instances) => {
    const shares = instances.map((instance): [string, Range] => {
      const share = 1 - (newest(failedOrders, instance) ?? 0) / newest(orders, instance)!;
      return [instance, [share, share]];
    });
    const isKnown = shares.every(([, [share]]) => !Number.isNaN(share));
    return isKnown ? { label: 'instance', each: Object.fromEntries(shares) } : undefined;
  },
);

export const exercises: readonly Exercise[] = [
  {
    task: `How many disks are full, or not known to be fine, since their host has left or their reading is NaN? One number; a disk is fine with ${fullBelow} free.`,
    start: `count(${diskFree} < ${fullBelow})`,
    hints: [
      'A series that is stale is not under any threshold, and neither is NaN.',
      'Turn it round: which disks are known, and which of them are fine?',
      '`last_over_time()` knows a series for as long as its window; `A unless B` leaves what of A is not in B.',
    ],
    answer: `count(${known} unless ${fine})`,
    why: 'What is known, unless it is fine: that counts the full ones, and those of which nothing is known any more.',
    mistakes: [
      {
        query: `count(${diskFree} < ${fullBelow})`,
        why: 'this leaves out what is stale and what is NaN: neither is under a threshold',
      },
      {
        query: `count(${known} < ${fullBelow})`,
        why: 'this remembers what is stale, but NaN is under no threshold, and a host that left with space on its disk is not known to be fine',
      },
      {
        query: `count(${diskFree} unless ${fine})`,
        why: 'this counts the NaN, but a series that is stale is in neither of the two',
      },
      { query: `count(${known})`, why: 'these are all disks that were ever seen, the fine ones included' },
    ],
    alsoRight: [
      `count(last_over_time(${diskFree}[1h]) and on (job, instance) up unless ${fine})`,
      `count(${diskFree} < ${fullBelow} or ${diskFree} != ${diskFree} or (${known} unless ${diskFree}))`,
      `sum(present_over_time(${diskFree}[5m]) unless ${fine})`,
    ],
    alsoWrong: [
      `count(${known}) - count(${fine})`,
      `count(${diskFree})`,
      `count(${diskFree} != ${diskFree})`,
      `count(up == 0) + count(${diskFree} < ${fullBelow})`,
      `count(absent(${diskFree}))`,
      `count(${diskFree} < ${fullBelow}) or vector(0)`,
      `count(${known} < bool ${fullBelow})`,
    ],
    worlds: [disks],
    slowestSeconds,
    expected: unknownOrFull,
  },
  {
    task: 'What share of its orders has not failed, for each instance since it began? 1 where none has.',
    start: well,
    hints: [
      'Where no order has failed there is no series of those that have.',
      '`A or B` takes of B what has no match in A.',
      `\`0 * ${orders}\` has the labels that are missing, and the value that is right there.`,
    ],
    answer: wellZeroed,
    why: 'A ratio is empty until the first error; `or 0 *` the other counter puts a 0 there that has the right labels.',
    mistakes: [
      {
        query: well,
        why: 'this says nothing of an instance where no order has failed: nothing is not 1. `or vector(0)` changes nothing: it has no labels, and so it matches no instance',
      },
      { query: `1 - sum(${failedOrders}) / sum(${orders})`, why: 'this is one number of all instances together' },
      { query: `(${failedOrders} or 0 * ${orders}) / ${orders}`, why: 'this is the share that has failed' },
    ],
    alsoRight: [
      `(${orders} - (${failedOrders} or 0 * ${orders})) / ${orders}`,
      `${well} or ${orders} / ${orders}`,
      `1 - (sum by (instance) (${failedOrders}) or 0 * sum by (instance) (${orders})) / sum by (instance) (${orders})`,
      `(${orders} - ${failedOrders} or ${orders}) / ${orders}`,
    ],
    alsoWrong: [
      `1 - (${failedOrders} or vector(0)) / ${orders}`,
      `${well} or vector(1)`,
      `${failedOrders} / ${orders} or 0 * ${orders}`,
      `1 - (${failedOrders} or on () vector(0)) / ${orders}`,
      `${well} or ${orders}`,
      `avg by (instance) (${well})`,
      `1 - rate(${failedOrders}[15s]) / rate(${orders}[15s])`,
    ],
    worlds: [services],
    slowestSeconds,
    expected: sharesThatAreWell,
  },
];
