import { noise } from '../../chance/noise.ts';
import {
  type Draw,
  harmless,
  type Scenario,
  type Shift,
  type ShiftEvent,
  scraped,
  shiftSeconds,
  shuffled,
  wholeWithin,
  within,
} from '../shift.ts';

const job = 'node';
const sizeBytes = 100e9;
const available = 'node_filesystem_avail_bytes';
const size = 'node_filesystem_size_bytes';
const mount = { mountpoint: '/' };

/** The share that is free, as straight lines between points; and when the disk's exporter does not answer. */
type Course = {
  points: readonly (readonly [second: number, share: number])[];
  silent?: readonly [number, number];
  event: (labels: Record<string, string>) => ShiftEvent;
};

/** A disk that fills, is full for a while, and is cleaned. Nothing is written while it is full. */
const filling = (
  what: string,
  shownBy: string,
  [from, fullAt, cleanedAt]: readonly [number, number, number],
  begin: number,
): Course => ({
  points: [
    [from, begin],
    [fullAt, 0],
    [cleanedAt, 0],
    [cleanedAt + 5, begin],
  ],
  event: (labels) => ({
    what,
    shownBy,
    labels,
    from,
    until: cleanedAt,
    damage: Array.from({ length: cleanedAt - from }, (_, second) => Number(from + second >= fullAt)),
  }),
});

const usual = 0.6;

/** Each takes 900 s at most, from a second of the shift on. */
const kinds = {
  steady: (draw: Draw, from: number) => {
    const fullAt = from + wholeWithin(draw, 400, 600);
    return filling('a disk that fills', 'windows', [from, fullAt, fullAt + wholeWithin(draw, 90, 150)], usual);
  },
  fast: (draw: Draw, from: number) => {
    const fullAt = from + wholeWithin(draw, 80, 140);
    return filling('a disk that fills fast', 'alerting', [from, fullAt, fullAt + wholeWithin(draw, 90, 150)], usual);
  },
  /** Its exporter does not answer while the space runs short, as on a machine that is about to die. */
  unseen: (draw: Draw, from: number): Course => {
    const fullAt = from + wholeWithin(draw, 300, 420);
    const shortAt = fullAt - Math.round((0.07 / usual) * (fullAt - from));
    const course = filling(
      'a disk that fills unseen',
      'missing-data',
      [from, fullAt, fullAt + wholeWithin(draw, 90, 150)],
      usual,
    );
    return { ...course, silent: [shortAt, fullAt + 25] };
  },
  /** A job that needs much space and gives it back. */
  sawtooth: (draw: Draw, from: number): Course => {
    const lowAt = from + wholeWithin(draw, 60, 110);
    const low = within(draw, 0.12, 0.2);
    return {
      points: [
        [from, usual],
        [lowAt, low],
        [lowAt + 10, low],
        [lowAt + 40, usual],
      ],
      event: (labels) => harmless('a job that gives its space back', [from, lowAt + 40], 'windows', labels),
    };
  },
  dip: (draw: Draw, from: number): Course => {
    const lowAt = from + wholeWithin(draw, 120, 200);
    return {
      points: [
        [from, usual],
        [lowAt, 0.07],
        [lowAt + 15, 0.07],
        [lowAt + 20, usual],
      ],
      event: (labels) => harmless('a dip under 10 %', [from, lowAt + 20], 'flapping', labels),
    };
  },
  /** A copy that takes a third of the disk at once, and stays. */
  copy: (draw: Draw, from: number): Course => {
    const left = within(draw, 0.22, 0.3);
    return {
      points: [
        [from, usual],
        [from + 5, left],
        [from + 700, left],
        [from + 705, usual],
      ],
      event: (labels) => harmless('a large copy', [from, from + 60], 'windows', labels),
    };
  },
} satisfies Record<string, (draw: Draw, from: number) => Course>;

const slotSeconds = shiftSeconds / 2;
const longestSeconds = 760;

/** The share that is free at a second, between the points before and after it. */
const shareAt = (points: Course['points'], second: number): number => {
  const next = points.findIndex(([at]) => at > second);
  if (next <= 0) return next === 0 ? points[0]![1] : (points.at(-1)?.[1] ?? usual);
  const [from, begin] = points[next - 1]!;
  const [until, end] = points[next]!;
  return begin + ((end - begin) * (second - from)) / (until - from);
};

const shift = (seed: number): Shift => {
  let count = 0;
  const draw = () => noise(seed, 300, count++);
  const placed = (names: readonly (keyof typeof kinds)[]): Course[] =>
    shuffled(draw, names).map((kind, slot) =>
      kinds[kind](draw, slot * slotSeconds + wholeWithin(draw, 20, slotSeconds - longestSeconds)),
    );
  const low = within(draw, 0.04, 0.08);
  const archive: Course = {
    points: [[0, low]],
    event: (labels) => harmless('a disk that is always nearly full', [0, shiftSeconds], 'alerting', labels),
  };
  const disks = shuffled(draw, [
    placed(['steady', 'sawtooth']),
    placed(['fast', 'copy']),
    placed(['unseen', 'dip']),
    placed(['sawtooth', 'dip']),
    [archive],
  ]);
  const made = disks.map((courses, index) => {
    const target = { job, instance: `node-${index + 1}:9100` };
    const points = courses.flatMap((course) => course.points);
    const isUp = (at: number) => !courses.some(({ silent }) => silent && at >= silent[0] && at < silent[1]);
    const free = (at: number) => {
      const share = shareAt(points, at);
      // A disk that is full is so to the byte.
      return share === 0 ? 0 : Math.round(sizeBytes * Math.max(0, share + 0.002 * noise(seed, 310 + index, at)));
    };
    const labels = { ...target, ...mount };
    return {
      series: [
        scraped({ __name__: 'up', ...target }, (at) => Number(isUp(at))),
        scraped({ __name__: available, ...labels }, (at) => (isUp(at) ? free(at) : undefined)),
        scraped({ __name__: size, ...labels }, (at) => (isUp(at) ? sizeBytes : undefined)),
      ],
      events: courses.map(({ event }) => event(labels)),
    };
  });
  return {
    seed,
    series: made.flatMap(({ series }) => series),
    events: made.flatMap(({ events }) => events).sort((one, other) => one.from - other.from),
  };
};

const share = `${available} / ${size}`;
const full = (window: string, seconds: number) => `predict_linear(${available}[${window}], ${seconds}) < 0`;

export const disk: Scenario = {
  name: 'disk',
  title: 'Disks that fill',
  deserves:
    'an incident begins when a disk begins to fill, and its damage is the seconds in which it is full. It deserves a page where 10 of them can be avoided',
  metrics: [
    `\`${available}{job, instance, mountpoint}\`, a gauge`,
    `\`${size}{job, instance, mountpoint}\``,
    '`up{job, instance}`',
  ],
  unit: 'seconds full',
  worth: 10,
  references: [
    { name: 'a threshold', expr: `${share} < 0.1` },
    { name: 'a threshold for 30 s', expr: `${share} < 0.1`, forSeconds: 30 },
    { name: 'a higher threshold', expr: `${share} < 0.35` },
    { name: 'a prediction', expr: full('1m', 120) },
    { name: 'a prediction over 5 m', expr: full('5m', 120) },
    { name: 'low and predicted', expr: `${share} < 0.15 and ${full('1m', 120)}` },
  ],
  shift,
};
