import { noise } from '../../chance/noise.ts';
import { instanceName, job } from '../../model/metrics.ts';
import {
  type Draw,
  harmless,
  isDuring,
  leadSeconds,
  type Scenario,
  type Shift,
  type ShiftEvent,
  scraped,
  scrapeSeconds,
  shiftSeconds,
  shuffled,
  wholeWithin,
  within,
} from '../shift.ts';

/** The objective is 99 %: this share of the requests may fail. */
const budget = 0.01;

/** What fails on any day. */
const everyday = 0.002;

/** Requests per second of one instance. */
const busy = 25;
const idle = 1;

const instances = [1, 2] as const;
const name = 'http_requests_total';

/** A time in which more fails than the budget allows. */
type Burn = { what: string; from: number; until: number; share: number; shownBy: string };

type Kind = { what: string; seconds: [number, number]; share: [number, number]; shownBy: string };

const kinds: Record<'blip' | 'hard' | 'slow', Kind> = {
  blip: { what: 'a blip', seconds: [5, 15], share: [0.3, 0.6], shownBy: 'flapping' },
  hard: { what: 'a hard burn', seconds: [90, 240], share: [0.08, 0.38], shownBy: 'alerting' },
  slow: { what: 'a slow burn', seconds: [240, 320], share: [0.02, 0.04], shownBy: 'windows' },
};

/** One of each slot, so that they do not overlap. */
const slotSeconds = 360;

const burnsOf = (draw: Draw): Burn[] =>
  shuffled(draw, [kinds.blip, kinds.blip, kinds.blip, kinds.hard, kinds.slow]).map((kind, slot) => {
    const length = wholeWithin(draw, ...kind.seconds);
    const from = slot * slotSeconds + wholeWithin(draw, 10, slotSeconds - length - 20);
    return { what: kind.what, from, until: from + length, share: within(draw, ...kind.share), shownBy: kind.shownBy };
  });

/** Everything that a shift of this scenario is made of. */
type World = {
  seed: number;
  burns: readonly Burn[];
  /** few requests, and for a while none */
  lull: { from: number; until: number };
  silence: { from: number; until: number };
  /** the second instance is replaced */
  restart: { from: number; until: number };
  /** scrapes of an instance that fail */
  failed: readonly { instance: number; at: number }[];
};

const worldOf = (seed: number): World => {
  let count = 0;
  const draw = () => noise(seed, 200, count++);
  const burns = burnsOf(draw);
  const lullFrom = wholeWithin(draw, 0, shiftSeconds - 620);
  const silenceFrom = lullFrom + wholeWithin(draw, 200, 400);
  const restartFrom = wholeWithin(draw, 60, shiftSeconds - 60);
  return {
    seed,
    burns,
    lull: { from: lullFrom, until: lullFrom + 600 },
    silence: { from: silenceFrom, until: silenceFrom + 40 },
    restart: { from: restartFrom, until: restartFrom + wholeWithin(draw, 4, 9) },
    failed: Array.from({ length: 4 }, () => ({
      instance: wholeWithin(draw, 1, 2),
      at: scrapeSeconds * wholeWithin(draw, 0, shiftSeconds / scrapeSeconds),
    })),
  };
};

/** What arrives at an instance in a second, and how much of it fails. A fraction is a chance. */
const countsIn = ({ seed, burns, lull, silence, restart }: World, instance: number, second: number) => {
  if (isDuring(silence, second) || (instance === 2 && isDuring(restart, second))) return { requests: 0, errors: 0 };
  const usual = (isDuring(lull, second) ? idle : busy) * (0.8 + 0.4 * noise(seed, 210 + instance, second));
  const requests = Math.floor(usual + noise(seed, 220 + instance, second));
  const share = burns.find((burn) => isDuring(burn, second))?.share ?? everyday;
  return { requests, errors: Math.min(requests, Math.floor(requests * share + noise(seed, 230 + instance, second))) };
};

/** Counters of one instance at the begin of each second, from the first that is stored on. */
const countersOf = (world: World, instance: number) => {
  const past = Math.floor(100_000 * (1 + noise(world.seed, 240, instance)));
  let [ok, errors] = [past, Math.floor(past * everyday)];
  return Array.from({ length: leadSeconds + shiftSeconds + 1 }, (_, index) => {
    const second = index - leadSeconds;
    if (instance === 2 && second === world.restart.until) [ok, errors] = [0, 0];
    const shown = { ok, errors };
    const counts = countsIn(world, instance, second);
    ok += counts.requests - counts.errors;
    errors += counts.errors;
    return shown;
  });
};

const burnEvent =
  (world: World) =>
  ({ what, from, until, shownBy }: Burn): ShiftEvent => ({
    what,
    labels: { job },
    from,
    until,
    shownBy,
    damage: Array.from({ length: until - from }, (_, second) =>
      instances.reduce((sum, instance) => {
        const { requests, errors } = countsIn(world, instance, from + second);
        return sum + errors - budget * requests;
      }, 0),
    ),
  });

const shift = (seed: number): Shift => {
  const world = worldOf(seed);
  const isUp = (instance: number) => (at: number) =>
    !(instance === 2 && isDuring(world.restart, at)) &&
    !world.failed.some((each) => each.instance === instance && each.at === at);
  const seriesOf = (instance: number) => {
    const labels = { job, instance: instanceName(instance) };
    const counters = countersOf(world, instance);
    const up = isUp(instance);
    const shown = (at: number) => (up(at) ? counters[at + leadSeconds] : undefined);
    return [
      scraped({ __name__: 'up', ...labels }, (at) => Number(up(at))),
      scraped({ __name__: name, code: '200', ...labels }, (at) => shown(at)?.ok),
      // As client libraries do it: there is no series before the first error.
      scraped({ __name__: name, code: '500', ...labels }, (at) => shown(at)?.errors || undefined),
    ];
  };
  const second = { job, instance: instanceName(2) };
  const events = [
    ...world.burns.map(burnEvent(world)),
    harmless('little traffic', [world.lull.from, world.lull.until], 'averages'),
    harmless('no traffic at all', [world.silence.from, world.silence.until], 'averages'),
    harmless('a restart', [world.restart.from, world.restart.until], 'sum-before-rate', second),
    ...world.failed.map(({ instance, at }) =>
      harmless('a failed scrape', [at, at + scrapeSeconds], 'missing-data', { job, instance: instanceName(instance) }),
    ),
  ];
  return { seed, series: instances.flatMap(seriesOf), events: events.sort((one, other) => one.from - other.from) };
};

const ratio = (window: string) => `sum(rate(${name}{code="500"}[${window}])) / sum(rate(${name}[${window}]))`;

const over = (window: string, share: string) => `${ratio(window)} > ${share}`;

export const errors: Scenario = {
  name: 'errors',
  title: 'Errors against an objective of 99 %',
  deserves:
    'an incident is a time in which more than 1 % of the requests fail, and its damage is the errors above that. It deserves a page where 10 of them can be avoided',
  metrics: ['`http_requests_total{job, instance, code}`, a counter: `code` is 200 or 500', '`up{job, instance}`'],
  unit: 'errors',
  worth: 10,
  references: [
    { name: 'a threshold', expr: over('20s', '0.01') },
    { name: 'a threshold for 30 s', expr: over('20s', '0.01'), forSeconds: 30 },
    { name: 'for 30 s, kept firing', expr: over('20s', '0.01'), forSeconds: 30, keepFiringForSeconds: 60 },
    { name: 'a long window alone', expr: over('5m', '0.01') },
    { name: 'two windows', expr: `${over('2m', '0.06')} and ${over('20s', '0.06')}` },
    {
      name: 'two pairs of windows',
      expr: `(${over('1m', '0.06')} and ${over('20s', '0.06')}) or (${over('2m', '0.015')} and ${over('30s', '0.015')})`,
    },
    { name: 'a count of errors', expr: `sum(increase(${name}{code="500"}[1m])) > 20` },
    { name: 'sum before rate', expr: `rate(sum(${name}{code="500"})[1m:5s]) > 5` },
  ],
  shift,
};
