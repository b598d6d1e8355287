import { Registry } from 'prom-client';
import { instanceOf, jobOf } from '../../exporter/src/instance.ts';
import { createMetrics } from '../../exporter/src/metrics.ts';
import { truth } from '../../exporter/src/truth.ts';
import type { World } from '../../exporter/src/world.ts';
import { fleetFrom, start } from '../../exporter/test/worlds.ts';
import { grouping } from '../model/alerts.ts';
import type { Lab } from '../model/lab.ts';
import type { Answer, Notification, Reader } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { evaluate, rawSamples, type StoredSeries } from './query.ts';

/** A rule in simulated time: what it stores at an evaluation; `fails` where it stores nothing and marks nothing stale. */
export type Rule = {
  name: string;
  alert?: boolean;
  series: (stored: StoredSeries[], at: number) => Series[] | 'fails';
};

/**
 * A fleet in simulated time: the exporter's real pages, scraped as Prometheus does it, and rules evaluated on them.
 * The exporter starts at second 0, after a base lab of five minutes.
 */
export type FleetPlan = {
  environment: Record<string, string>;
  scrapeSeconds: number;
  /** where in its interval each target is scraped and the rules are evaluated, 0 to 1 */
  phase: (target: number) => number;
  rules?: readonly Rule[];
  /** seconds that the n-th scrape of a target takes; 5 ms by default */
  durationOf?: (scrape: number) => number;
  seconds: number;
};

const evaluationSeconds = 5;
const sampleLimit = 50;
const beforeSeconds = 300;
const instant = (seconds: number): number => Math.round(seconds * 1000) / 1000;

type Line = {
  labels: Record<string, string>;
  stored: { at: number; committedAt: number; value: number }[];
  stale: { at: number; committedAt: number }[];
};

export const simulateFleet = async (plan: FleetPlan) => {
  const { scrapeSeconds, phase, rules = [] } = plan;
  const until = start + plan.seconds;
  const fleet = fleetFrom(plan.environment);
  const lines = new Map<string, Line>();
  const lineOf = (labels: Record<string, string>): Line => {
    const key = JSON.stringify(Object.entries(labels).sort());
    const found = lines.get(key) ?? { labels, stored: [], stale: [] };
    lines.set(key, found);
    return found;
  };

  for (const [index, world] of fleet.entries()) await scrapeAll(plan, index, world, until, lineOf);

  const storedAt = (now: number) => [...lines.values()].map((line) => new SeenAt(line, now));

  const inbox: Notification[] = [];
  const last = new Map<string, Set<Line>>();
  for (let at = instant(start + evaluationSeconds * phase(-1)); at <= until; at = instant(at + evaluationSeconds)) {
    const stored = rules.length === 0 ? [] : storedAt(at + 0.001);
    for (const rule of rules) {
      const result = rule.series(stored, at);
      if (result === 'fails') continue;
      const committedAt = at + 0.002;
      const fresh = new Set<Line>();
      for (const { labels, samples } of result) {
        const alert = { __name__: 'ALERTS', alertname: rule.name, alertstate: 'firing', ...labels };
        const line = lineOf(rule.alert ? alert : { ...labels, __name__: rule.name });
        if (rule.alert && !last.get(rule.name)?.has(line)) inbox.push(notified(rule.name, labels, at));
        line.stored.push({ at, committedAt, value: rule.alert ? 1 : samples[0]![1] });
        fresh.add(line);
      }
      for (const line of last.get(rule.name) ?? []) if (!fresh.has(line)) line.stale.push({ at, committedAt });
      last.set(rule.name, fresh);
    }
  }

  const labAt = (now: number): Lab => ({
    now,
    scrapeSeconds,
    evaluationSeconds,
    prometheusStartedAt: start - beforeSeconds,
    exporter: {
      ...fleet[0],
      startedAt: start,
      fleet: truth(fleet[0], fleet, { from: now, to: now, step: 1 }, 0).fleet,
    },
    target: undefined,
  });
  const readAt = (now: number): Reader => {
    const stored = storedAt(now);
    return {
      query: async (expr, at = now) => evaluate(stored, expr, at),
      ask: async (): Promise<Answer> => ({ refused: 'not simulated' }),
      samples: async (selector, windowSeconds, at) => rawSamples(stored, selector, windowSeconds, at),
      truth: async (from, to, { instance = 1 } = {}) => {
        if (to > now + 60) throw new Error(`the truth of ${to} is not told at ${now}`);
        return truth(fleet[instance - 1]!, fleet, { from: Math.floor(from), to: Math.floor(to), step: 1 }, 0);
      },
      notifications: async () => inbox.filter(({ receivedAt }) => receivedAt <= now),
    } as Partial<Reader> as Reader;
  };
  return { labAt, readAt, storedAt };
};

/** A series as it is stored at an instant. A question is about few of all series: it is gathered once it is asked for. */
class SeenAt implements StoredSeries {
  readonly labels: Record<string, string>;
  readonly #line: Line;
  readonly #now: number;
  #samples: Sample[] | undefined;

  constructor(line: Line, now: number) {
    this.labels = line.labels;
    this.#line = line;
    this.#now = now;
  }

  get samples(): Sample[] {
    const stored = () => this.#line.stored.filter(({ committedAt }) => committedAt <= this.#now);
    this.#samples ??= stored().map(({ at, value }) => [at, value] as const);
    return this.#samples;
  }

  get staleAt(): number[] {
    return this.#line.stale.filter(({ committedAt }) => committedAt <= this.#now).map(({ at }) => at);
  }
}

/** Scrapes one instance from when it was discovered until it is named no more, or the time is over. */
const scrapeAll = async (
  { scrapeSeconds, phase, durationOf = () => 0.005 }: FleetPlan,
  index: number,
  world: World,
  until: number,
  lineOf: (labels: Record<string, string>) => Line,
): Promise<void> => {
  let clock = start - beforeSeconds;
  const pageOf = (of: World) => createMetrics(of, () => clock, new Registry());
  const earlier = pageOf({ ...fleetFrom({})[0], startedAt: start - beforeSeconds });
  const current = pageOf(world);
  const target = { job: jobOf(world), instance: instanceOf(world) };
  const discovered = index === 0 ? 0 : 1 + 5 * phase(index);
  const known = new Map<string, Line>();
  const seriesLine = (series: string): Line => {
    const line = known.get(series) ?? lineOf({ ...labelsOf(series), ...target });
    known.set(series, line);
    return line;
  };
  let cached = new Set<Line>();
  for (let scrape = index === 0 ? -Math.floor(beforeSeconds / scrapeSeconds) : 0; ; scrape += 1) {
    const at = instant(start + discovered + scrapeSeconds * (phase(index) + scrape));
    const duration = durationOf(scrape);
    const committedAt = at + duration;
    if (committedAt > until) return;
    clock = at + duration / 2;
    const page = clock < start ? earlier : current;
    const samples = clock < (world.leavesAt ?? until) ? parsed(await page('openmetrics')) : [];
    const isGood = samples.length > 0 && (target.job !== 'my_app_limited' || samples.length <= sampleLimit);
    const fresh = new Set<Line>();
    for (const { series, value, born, measuredAt } of isGood ? samples : []) {
      const line = seriesLine(series);
      if (born !== undefined && line.stored.length === 0) line.stored.push({ at: born, committedAt, value: 0 });
      line.stored.push({ at: measuredAt ?? at, committedAt, value });
      fresh.add(line);
    }
    for (const line of cached) if (!fresh.has(line)) line.stale.push({ at, committedAt });
    const added = [...fresh].filter((line) => !cached.has(line)).length;
    cached = fresh;
    const own = {
      up: isGood ? 1 : 0,
      scrape_duration_seconds: duration,
      scrape_samples_scraped: samples.length,
      scrape_samples_post_metric_relabeling: isGood ? samples.length : 0,
      scrape_series_added: added,
    };
    for (const [name, value] of Object.entries(own)) {
      lineOf({ __name__: name, ...target }).stored.push({ at, committedAt, value });
    }
  }
};

type Sampled = { series: string; value: number; born?: number; measuredAt?: number };

/** The samples of a page, each with its series as the page writes it; what tells a counter's birth is put to it. */
const parsed = (text: string): Sampled[] => {
  const births = new Map(
    [...text.matchAll(/^(\w+)_created\{.*\} (\S+)$/gm)].map(([, name, at]) => [name!, Number(at)]),
  );
  return [...text.matchAll(/^((\w+?)(_created)?(?:\{.*\})?) (\S+)(?: (\d+))?$/gm)].flatMap(
    ([, series, name, created, value, stamp]) => {
      if (created) return [];
      const born = births.get(name!.replace(/_total$/, ''));
      const times = { ...(born && { born }), ...(stamp && { measuredAt: Number(stamp) }) };
      return [{ series: series!, value: Number(value), ...times }];
    },
  );
};

/** @param series  such as `cpu_usage{core="core1"}` */
const labelsOf = (series: string): Record<string, string> => {
  const pairs = [...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!]);
  return { __name__: /^\w+/.exec(series)![0], ...Object.fromEntries(pairs) };
};

const notified = (alertname: string, labels: Record<string, string>, at: number): Notification => ({
  alertname,
  status: 'firing',
  labels,
  annotations: {},
  startsAt: at,
  endsAt: undefined,
  receivedAt: at + grouping.waitSeconds,
});
