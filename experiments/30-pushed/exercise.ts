import { only, storingSeconds } from '../../lab/evidence/samples.ts';
import { spread } from '../../lab/judging/instants.ts';
import { timestampRange } from '../../lab/judging/ranges.ts';
import type { Exercise, Expected, Range } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { orders, storySeconds } from './pushed.ts';
import { devicesIn } from './verdict.ts';

const command = 'make exp-30';
const silentSeconds = 10;
const onlyLive = 'what devices push';

/** Between two points of every device, which come with each whole second. */
const betweenPoints = 0.6;

/** What the stored points say at some instants of a range of seconds after the first points. */
const judgedBy =
  (
    [earliest, latest]: readonly [number, number],
    right: (samples: readonly Sample[], at: number) => Range | undefined,
    value: (each: Record<string, Range>) => number,
  ): Exercise['expected'] =>
  async (read, lab: Lab) => {
    const devices = await devicesIn(lab, read);
    if (devices === undefined) return { kind: 'elsewhere', reason: 'no device pushes', type: command };
    const { first } = devices;
    const until = first + latest + 1;
    if (lab.now < until + storingSeconds)
      return { kind: 'wait', seconds: until + storingSeconds - lab.now, reason: 'what the devices push' };
    const stored = await read.samples(`${orders}{job="devices"}`, latest + 2, until);
    const candidates = Array.from({ length: latest - earliest + 1 }, (_, index): (Expected & { value: number })[] => {
      const at = first + earliest + index + betweenPoints;
      const rows = stored.flatMap((series) => {
        const range = right(only([series]), at);
        return range ? [[series.labels.instance!, range] as const] : [];
      });
      const each = Object.fromEntries(rows);
      return rows.length === 0 ? [] : [{ at, label: 'instance', each, value: value(each) }];
    }).flat();
    const instants = spread(candidates, 6, (each) => each.value);
    if (instants.length >= 3) return { kind: 'known', instants };
    return { kind: 'elsewhere', reason: 'too few points are stored', type: command };
  };

const silent = judgedBy(
  [17, 25],
  (samples, at) => {
    const last = samples.findLast(([time]) => time <= at)?.[0];
    return last === undefined || at - last <= silentSeconds ? undefined : timestampRange(at - last);
  },
  ({ stopped }) => stopped?.[0] ?? 0,
);

const counted = judgedBy(
  [8, storySeconds],
  (samples, at) => {
    const { length } = inWindow(samples, at, 10);
    return length === 0 ? undefined : [length, length];
  },
  ({ north, stopped }) => (north?.[0] ?? 0) - 2 * (stopped?.[0] ?? 0),
);

const age = `time() - timestamp(${orders})`;

export const exercises: readonly Exercise[] = [
  {
    task: 'Which devices have pushed nothing for more than 10 s, and for how many seconds? One line for each of them.',
    start: `absent(${orders})`,
    hints: [
      'Nobody scrapes a device: it has no `up`, and nothing marks its series as stale.',
      '`timestamp()` is when the newest sample was taken, as long as it is shown.',
      'Subtract it from `time()`.',
    ],
    answer: `${age} > ${silentSeconds}`,
    why: 'What is pushed has no up: only the age of its newest sample says that it has stopped, and only for five minutes.',
    mistakes: [
      { query: age, why: 'this is of all devices: those that push are younger than 10 s' },
      { query: `timestamp(${orders})`, why: 'this is when they pushed last, not how long ago' },
      {
        query: `${orders} unless last_over_time(${orders}[10s])`,
        why: 'these are the right devices, and what they counted: seconds are asked for',
      },
      { query: `absent(${orders})`, why: 'absent() is silent while any series is left' },
      { query: `rate(${orders}[1m]) == 0`, why: 'a rate is 0 where a device pushes that nothing happened' },
    ],
    alsoRight: [`${age} >= 10.1`, `(${age}) > 10`, `time() - max by (instance) (timestamp(${orders})) > 10`],
    alsoWrong: [
      `${age} > 60`,
      `count(${age} > 10)`,
      `${age} > bool 10`,
      'up == 0',
      `time() - timestamp(${orders} unless last_over_time(${orders}[10s]))`,
    ],
    onlyLive,
    expected: silent,
  },
  {
    task: 'How many points of each device have been stored in the last 10 s? One line for each.',
    start: `increase(${orders}[10s])`,
    hints: [
      'The value of a counter says nothing of how many samples brought it there.',
      'A function of a window counts its samples.',
    ],
    answer: `count_over_time(${orders}[10s])`,
    why: 'A counter bridges what is lost: how many samples there are says it, beside how many there should be.',
    mistakes: [
      {
        query: `increase(${orders}[10s])`,
        why: 'this is what the counter grew by: it bridges the samples that are missing',
      },
      { query: `changes(${orders}[10s])`, why: 'these are the changes between samples: one less than there are' },
      { query: `count(count_over_time(${orders}[10s]))`, why: 'these are the devices of which there is a sample' },
      { query: `count_over_time(${orders}[1m])`, why: 'this is of the last minute' },
    ],
    alsoRight: [
      `sum by (instance) (count_over_time(${orders}[10s]))`,
      `count_over_time({__name__="${orders}", job="devices"}[10s])`,
      `changes(${orders}[10s]) + 1`,
    ],
    alsoWrong: [`rate(${orders}[10s])`, `sum(count_over_time(${orders}[10s]))`, `count_over_time(${orders}[5s])`],
    onlyLive,
    expected: counted,
  },
];
