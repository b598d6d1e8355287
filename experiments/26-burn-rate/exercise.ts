import { only, storingSeconds } from '../../lab/evidence/samples.ts';
import { gapSeconds, midpoints, spread } from '../../lab/judging/instants.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { counter } from '../../lab/judging/world.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import { seconds } from '../../lab/model/format.ts';
import { ofExporter } from '../../lab/model/metrics.ts';
import { rate } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { blip, budget, burning, downtime, hard, isTrue, longSeconds, rateOver, shortSeconds, watches } from './burn.ts';
import { storyIn } from './verdict.ts';

const slowestSeconds = 5;
const command = 'make exp-26';
const ofHard = `{service="${hard}"}`;
const [long, short] = [longSeconds, shortSeconds].map((window) => rateOver(window, ofHard)) as [string, string];

/** Down from second 100 on for so long. */
const down = (lasts: number): string =>
  counter([
    [0, 0],
    [100, 1],
    [100 + lasts, 0],
  ]);

/** Long enough, and over; too short; and far too short. */
const worlds: readonly World[] = [
  {
    asks: 'alert',
    where: 'where it is down for 15 s',
    series: [seriesOf(downtime, down(15), { service: hard })],
    at: [50, 102, 112, 120, 127],
  },
  {
    asks: 'alert',
    where: 'where it is down for 2 s',
    series: [seriesOf(downtime, down(2), { service: hard })],
    at: [104, 115],
  },
  {
    asks: 'alert',
    where: 'where it is down for half a second',
    series: [seriesOf(downtime, down(0.5), { service: hard })],
    at: [104],
  },
];

/** A right answer, what kind of instant it is of, and the value that others are to lie far from. */
type Candidate = { expected: Expected; kind: string; value: number };

/** What the stored samples say half-way between two scrapes, from the start of the exporter until the page is over. */
const judgedBy =
  (
    right: (samples: Readonly<Record<string, readonly Sample[]>>, at: number) => Candidate | undefined,
  ): Exercise['expected'] =>
  async (read, lab) => {
    const story = await storyIn(lab, read);
    if (story === undefined) return { kind: 'elsewhere', reason: 'no service is down', type: command };
    if (lab.scrapeSeconds > slowestSeconds) {
      const reason = `${seconds(shortSeconds)} hold too few scrapes, one every ${seconds(lab.scrapeSeconds)}`;
      return { kind: 'elsewhere', reason, type: `${command} SCRAPE_INTERVAL=5s` };
    }
    const [begun, over] = [lab.exporter!.startedAt, story.hard.to + shortSeconds + 2 * lab.scrapeSeconds];
    const until = Math.min(lab.now - storingSeconds, over);
    if (until < over)
      return { kind: 'wait', seconds: over - until, reason: 'the downtime to have left the short window' };
    const stored = await read.samples(ofExporter(downtime), until - begun + longSeconds, until);
    const samples = Object.fromEntries(
      [blip, hard].map((service) => [service, only(stored.filter(({ labels }) => labels.service === service))]),
    );
    const candidates = midpoints(samples[hard]!, gapSeconds(lab)).flatMap(({ at }) =>
      at > begun ? (right(samples, at) ?? []) : [],
    );
    const instants = [...new Set(candidates.map(({ kind }) => kind))].flatMap((each) => {
      const own = candidates.filter(({ kind }) => kind === each);
      return spread(own, 3, ({ value }) => value);
    });
    if (instants.length >= 3) return { kind: 'known', instants: instants.map(({ expected }) => expected) };
    return { kind: 'elsewhere', reason: 'too few scrapes are stored since the exporter began', type: command };
  };

const isBurning = judgedBy(({ [hard]: samples = [] }, at) => {
  const isOf = (watch: keyof typeof watches) => isTrue(watches[watch], samples, at);
  return { expected: { at, fires: isOf('pair') }, kind: `${isOf('pair')} ${isOf('long')}`, value: at };
});

const factors = judgedBy((samples, at) => {
  const each = [blip, hard].map(
    (service) => [service, (rate(samples[service]!, at, longSeconds) ?? Number.NaN) / budget] as const,
  );
  const [short, long] = each.map(([, value]) => value) as [number, number];
  if (Number.isNaN(short + long)) return undefined;
  const ranges = Object.fromEntries(each.map(([service, value]) => [service, [value, value] as const]));
  return { expected: { at, label: 'service', each: ranges }, kind: `${short > 0}`, value: long };
});

export const exercises: readonly Exercise[] = [
  {
    task: `Write the alert that is worth a page: true while ${hard} has burnt its budget over ${longSeconds} s more than 14.4 times as fast as 99 % allow, and burns it as fast over the last ${shortSeconds} s.`,
    start: `${short} > ${budget}`,
    hints: [
      'The objective leaves 1 % of the time; 14.4 times as much is a share of 0.144.',
      'rate() of a counter of seconds is the share of the time.',
      '`A and B` is true where both return a series.',
    ],
    answer: `${long} > ${burning} and ${short} > ${burning}`,
    why: 'The long window decides whether it is worth a page, the short one ends the page soon after the downtime has ended.',
    mistakes: [
      {
        query: `${short} > ${budget}`,
        why: 'this pages for every second of downtime: it is true long before a page is worth it',
      },
      { query: `${short} > ${burning}`, why: 'the short window alone is true after two seconds of downtime' },
      { query: `${long} > ${burning}`, why: 'the long window alone goes on when the downtime is over' },
      {
        query: `${long} > ${burning} or ${short} > ${burning}`,
        why: 'this is true where either window is: both have to be over it',
      },
      {
        query: `${long} > ${budget} and ${short} > ${budget}`,
        why: 'this is true where the budget is burnt at all, not 14.4 times as fast',
      },
    ],
    alsoRight: [
      `${short} > ${burning} and ${long} > ${burning}`,
      `${long} / ${budget} > 14.4 and ${short} / ${budget} > 14.4`,
      `increase(${downtime}${ofHard}[${longSeconds}s]) > 4.32 and increase(${downtime}${ofHard}[${shortSeconds}s]) > 1.44`,
      `sum(${long}) > ${burning} and sum(${short}) > ${burning}`,
      `(${long} > bool ${burning}) * (${short} > bool ${burning}) == 1`,
    ],
    alsoWrong: [
      `${long} > ${burning} unless ${short} > ${burning}`,
      `${long} > bool ${burning} and ${short} > bool ${burning}`,
      `${long} > 14.4 and ${short} > 14.4`,
      `${long} + ${short} > ${burning}`,
    ],
    worlds,
    slowestSeconds,
    expected: isBurning,
  },
  {
    task: `How many times as fast as 99 % allow has each service burnt its budget over the last ${longSeconds} s? One line for each; 1 is just what is allowed.`,
    start: rateOver(longSeconds),
    hints: [
      'rate() of a counter of seconds is the share of the time that was downtime.',
      'The objective allows a share of 1 - 0.99.',
      'Divide what was by what is allowed.',
    ],
    answer: `${rateOver(longSeconds)} / (1 - 0.99)`,
    why: 'The burn rate is the share that was bad over the share that the objective allows: 1 uses up the budget in just its period.',
    mistakes: [
      {
        query: rateOver(longSeconds),
        why: 'this is the share of the time that was downtime: divide by what is allowed',
      },
      {
        query: `${rateOver(longSeconds)} / 0.99`,
        why: 'the objective is what has to be well: the budget is the rest, 0.01',
      },
      { query: `${rateOver(shortSeconds)} / ${budget}`, why: `this is of the last ${shortSeconds} s alone` },
      {
        query: `increase(${downtime}[${longSeconds}s]) / ${budget}`,
        why: `this is of the seconds of downtime, not of their share of ${longSeconds} s`,
      },
      { query: `${downtime} / ${budget}`, why: 'this is of all downtime since the exporter began' },
    ],
    alsoRight: [
      `100 * ${rateOver(longSeconds)}`,
      `increase(${downtime}[${longSeconds}s]) / ${longSeconds} / ${budget}`,
      `sum by (service) (${rateOver(longSeconds)}) / ${budget}`,
    ],
    alsoWrong: [
      `${rateOver(longSeconds)} * ${budget}`,
      `sum(${rateOver(longSeconds)}) / ${budget}`,
      `${rateOver(60)} / ${budget}`,
      `${rateOver(longSeconds)} > ${burning}`,
    ],
    slowestSeconds,
    expected: factors,
  },
];
