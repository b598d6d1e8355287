import type { SignalName } from '../../exporter/src/instance.ts';
import { corePercent } from '../../exporter/src/signals/cores.ts';
import { busySecondsOf, cpuPercent, spikesOf } from '../../exporter/src/signals/cpu.ts';
import { requestsInSecond, requestsOf } from '../../exporter/src/signals/requests.ts';
import type { World } from '../../exporter/src/world.ts';
import { grouping, highCpu } from '../model/alerts.ts';
import type { Lab, Truth } from '../model/lab.ts';
import { instanceName, job } from '../model/metrics.ts';
import type { Notification, Reader } from '../model/reader.ts';
import { evaluate, rawSamples, type StoredSeries } from './query.ts';

/**
 * A lab in simulated time: the exporter's real signals, scraped and evaluated as Prometheus does it. Nothing in it
 * is random: a seed, a phase and the numbers of the scrapes that are slow or missed decide everything.
 */
export type Plan = {
  scrapeSeconds: number;
  evaluationSeconds?: number;
  /** the first scrape comes so long after Prometheus began, and every later one in step with it */
  phaseSeconds: number;
  /** the lives of the exporter, in order; between two lives a scrape fails */
  lives: readonly Life[];
  prometheusStartedAt: number;
  /** the exporter answers no scrape from then on, although it runs */
  refusedFrom?: number;
  /** an earlier Prometheus on the same data, with an interval of its own */
  earlier?: { from: number; scrapeSeconds: number };
  /** the exporter's history is stored from here on until Prometheus began */
  historyFrom?: number;
  /** seconds that the n-th scrape takes; 5 ms by default */
  durationOf?: (scrape: number) => number;
  /** scrapes that never happen, as on a machine that is busy with something else */
  isMissed?: (scrape: number) => boolean;
  /** another exporter under the same job, which shows other values of the same metrics */
  hasSecond?: boolean;
  until: number;
};
export type Life = { from: number; to?: number; signal: SignalName; seed?: number; cores?: number };

type Stored = { at: number; committedAt: number; value: number };

const target = { job, instance: instanceName() };

export const simulate = (plan: Plan) => {
  const { scrapeSeconds, evaluationSeconds = 5, prometheusStartedAt, until } = plan;
  const store = new Map<string, { labels: Record<string, string>; stored: Stored[]; stale: Stored[] }>();
  const seriesOf = (labels: Record<string, string>) => {
    const key = JSON.stringify(labels);
    const found = store.get(key) ?? { labels, stored: [], stale: [] };
    store.set(key, found);
    return found;
  };
  const exporters = plan.lives.map((life) => ({ ...life, exposed: exposition(life) }));
  const living = (instant: number) =>
    exporters.find(({ from, to = Number.POSITIVE_INFINITY }) => instant >= from && instant < to);

  if (plan.historyFrom !== undefined) {
    const begun = plan.earlier?.from ?? prometheusStartedAt;
    const told = exposition({ ...living(begun)!, from: plan.historyFrom });
    for (let at = plan.historyFrom; at <= begun - 1; at += scrapeSeconds) {
      for (const { labels, value } of told(at)) seriesOf(labels).stored.push({ at, committedAt: at, value });
    }
  }

  const scrapeFrom = (first: number, every: number, end: number) => {
    let cached = new Set<ReturnType<typeof seriesOf>>();
    for (let scrape = 0; first + scrape * every <= end; scrape += 1) {
      if (plan.isMissed?.(scrape)) continue;
      const at = Math.round((first + scrape * every) * 1000) / 1000;
      const duration = plan.durationOf?.(scrape) ?? 0.005;
      const committedAt = at + duration;
      const exporter = at < (plan.refusedFrom ?? at + 1) ? living(at + duration / 2) : undefined;
      const scraped = exporter?.exposed(at + duration / 2) ?? [];
      const fresh = new Set(scraped.map(({ labels }) => seriesOf(labels)));
      for (const { labels, value } of scraped) seriesOf(labels).stored.push({ at, committedAt, value });
      for (const series of cached) if (!fresh.has(series)) series.stale.push({ at, committedAt, value: Number.NaN });
      cached = fresh;
      const own = {
        up: exporter === undefined ? 0 : 1,
        scrape_duration_seconds: duration,
        scrape_samples_scraped: scraped.length,
        scrape_samples_post_metric_relabeling: scraped.length,
      };
      for (const [name, value] of Object.entries(own)) {
        seriesOf({ __name__: name, ...target }).stored.push({ at, committedAt, value });
      }
    }
  };
  if (plan.earlier) scrapeFrom(plan.earlier.from, plan.earlier.scrapeSeconds, prometheusStartedAt - 0.5);
  scrapeFrom(prometheusStartedAt + plan.phaseSeconds, scrapeSeconds, until);

  /** What Prometheus answers from at an instant: what was committed by then. */
  const storedAt = (now: number): StoredSeries[] =>
    [...store.values()].map(({ labels, stored, stale }) => {
      const committed = (all: Stored[]) => all.filter(({ committedAt }) => committedAt <= now);
      return {
        labels,
        samples: committed(stored).map(({ at, value }) => [at, value] as const),
        staleAt: committed(stale).map(({ at }) => at),
      };
    });

  const notifications = followAlert(plan, evaluationSeconds, seriesOf);
  for (const { labels, stored, stale } of plan.hasSecond ? [...store.values()] : []) {
    const second = seriesOf({ ...labels, instance: instanceName(2) });
    second.stored.push(...stored.map((sample) => ({ ...sample, value: sample.value + 1 })));
    second.stale.push(...stale);
  }

  const labAt = (now: number): Lab => {
    const exporter = living(now);
    // A Prometheus knows of no scrape but its own.
    const up = rawSamples(storedAt(now), 'up', now - prometheusStartedAt, now)[0]?.samples.at(-1)?.[1];
    const health = up === undefined ? 'unknown' : up === 1 ? 'up' : 'down';
    return {
      now,
      scrapeSeconds,
      evaluationSeconds,
      prometheusStartedAt,
      exporter: exporter && {
        signal: exporter.signal,
        seed: exporter.seed ?? 1,
        startedAt: Math.round(exporter.from),
        cores: exporter.cores ?? 2,
      },
      target: {
        health,
        lastError: health === 'down' ? 'connection refused' : '',
        scrapeUrl: 'http://exporter:8000/metrics',
      },
    };
  };

  const readAt = (now: number): Reader => {
    const stored = storedAt(now);
    return {
      query: async (expr, at = now) => evaluate(stored, expr, at),
      at: (address) => {
        throw new Error(`the simulated lab has no ${address}`);
      },
      ask: async (expr, at) => ({ type: 'vector', series: evaluate(stored, expr, at) }),
      range: async (expr, from, to, step) => {
        const lines = new Map<string, { labels: Record<string, string>; samples: [number, number][] }>();
        for (let at = from; at <= to; at += step) {
          for (const { labels, samples } of evaluate(stored, expr, at)) {
            const key = JSON.stringify(labels);
            const line = lines.get(key) ?? { labels, samples: [] };
            line.samples.push([at, samples[0]![1]]);
            lines.set(key, line);
          }
        }
        return [...lines.values()];
      },
      samples: async (selector, windowSeconds, at) => rawSamples(stored, selector, windowSeconds, at),
      truth: async (from, to, { cores = 0 } = {}) => truthOf(living(now)!, Math.floor(from), Math.floor(to), cores),
      tsdb: async () => ({ series: store.size, byMetric: [{ name: 'cpu_usage', value: 2 }] }),
      metricNames: async () => [...new Set(stored.map(({ labels }) => labels.__name__!))],
      alertRule: async () => ({ forSeconds: highCpu.forSeconds, query: '' }),
      exporterMetrics: async () => (living(now)?.exposed(now) ?? []).map(({ labels }) => labels.__name__!),
      causeNamedAt: async () => undefined,
      notifications: async () => notifications.filter(({ receivedAt }) => receivedAt <= now).reverse(),
    };
  };
  return { labAt, readAt };
};

/** What the exporter shows at an instant. */
const exposition = (life: Life) => {
  const { signal, seed = 1, cores = 2 } = life;
  const world: World = { signal, seed, cores, startedAt: Math.round(life.from) };
  const counters = {
    requests_total: requestsOf(world),
    cpu_spikes_total: spikesOf(world),
    cpu_busy_seconds_total: busySecondsOf(world),
  };
  const series = (name: string, value: number, labels = {}) => ({
    labels: { __name__: name, ...labels, ...target },
    value,
  });
  return (instant: number) => [
    series('cpu_usage_simulated', cpuPercent(signal, instant, seed)),
    ...Array.from({ length: cores }, (_, index) =>
      series('cpu_usage', corePercent(index + 1, instant, seed), { core: `core${index + 1}` }),
    ),
    ...Object.entries(counters).map(([name, total]) => series(name, total(instant))),
    series('lab_info', 1, { signal, seed: String(seed) }),
    series('process_start_time_seconds', world.startedAt),
  ];
};

const truthOf = (life: Life, from: number, to: number, cores: number): Truth => {
  const { signal, seed = 1 } = life;
  const world: World = { signal, seed, cores: 2, startedAt: Math.round(life.from) };
  const instants = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return {
    signal,
    seed,
    startedAt: world.startedAt,
    instants,
    cpuPercent: instants.map((at) => cpuPercent(signal, at, seed)),
    requestsPerSecond: instants.map((at) => requestsInSecond(world, at)),
    cores: Object.fromEntries(
      Array.from({ length: cores }, (_, index) => [
        `core${index + 1}`,
        instants.map((at) => corePercent(index + 1, at, seed)),
      ]),
    ),
    totals: { requests: 0, spikes: 0, busySeconds: 0 },
  };
};

type SeriesOf = (labels: Record<string, string>) => {
  labels: Record<string, string>;
  stored: Stored[];
  stale: Stored[];
};

/** Evaluates HighCPU, stores its state as Prometheus does, and returns what Alertmanager sends. */
const followAlert = (plan: Plan, evaluationSeconds: number, seriesOf: SeriesOf): Notification[] => {
  const labels = { alertname: highCpu.name, severity: 'warning', ...target };
  const gauge = seriesOf({ __name__: 'cpu_usage_simulated', ...target });
  const sent: Notification[] = [];
  let activeAt: number | undefined;
  let firedAt: number | undefined;
  let flushedAt = Number.NEGATIVE_INFINITY;
  const notify = (status: Notification['status'], at: number, startsAt: number) => {
    const isKnownGroup = at - flushedAt < 2 * grouping.intervalSeconds;
    flushedAt = isKnownGroup
      ? flushedAt + Math.ceil((at - flushedAt) / grouping.intervalSeconds) * grouping.intervalSeconds
      : at + grouping.waitSeconds;
    const endsAt = status === 'resolved' ? at : undefined;
    sent.push({
      alertname: highCpu.name,
      status,
      labels,
      annotations: {},
      startsAt,
      endsAt,
      receivedAt: flushedAt + 0.02,
    });
  };
  for (let index = 0; ; index += 1) {
    const at =
      Math.round((plan.prometheusStartedAt + 0.7 * evaluationSeconds + index * evaluationSeconds) * 1000) / 1000;
    if (at > plan.until) return sent;
    const visible = ({ committedAt }: Stored) => committedAt <= at + 0.001;
    const newest = gauge.stored.findLast(visible);
    const isStale = newest !== undefined && gauge.stale.some((marker) => visible(marker) && marker.at > newest.at);
    const isOver = newest !== undefined && !isStale && at - newest.at < 300 && newest.value > highCpu.thresholdPercent;
    if (!isOver) {
      if (firedAt !== undefined) notify('resolved', at, firedAt);
      activeAt = firedAt = undefined;
      continue;
    }
    activeAt ??= at;
    if (firedAt === undefined && at - activeAt >= highCpu.forSeconds - 0.0005) {
      firedAt = at;
      notify('firing', at, at);
    }
    // A Prometheus that has just started stores no states for its first evaluations.
    if (index < 2) continue;
    const state = firedAt === undefined ? 'pending' : 'firing';
    const committedAt = at + 0.002;
    seriesOf({ __name__: 'ALERTS', alertstate: state, ...labels }).stored.push({ at, committedAt, value: 1 });
    seriesOf({ __name__: 'ALERTS_FOR_STATE', ...labels }).stored.push({ at, committedAt, value: Math.floor(activeAt) });
  }
};
