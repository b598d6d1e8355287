import type { ExporterState, Lab, Notification, Reader, Series, Target, Truth } from '../experiments/types.ts';
import { fetchDirect } from './fetch.ts';
import type { Places } from './places.ts';

/** A service that does not answer, or not as it should; the message says which and what was asked. */
export class ServiceError extends Error {}

const timeoutMilliseconds = 5_000;

/** The exporter's part of the state: one that hangs must not keep Prometheus' part from a page that waits 2 s. */
const exporterMilliseconds = 1_500;

const get = async (service: string, url: string, milliseconds = timeoutMilliseconds): Promise<Response> => {
  let response: Response;
  try {
    response = await fetchDirect(url, milliseconds);
  } catch (error) {
    throw new ServiceError(`${service} does not answer at ${new URL(url).origin}`, { cause: error });
  }
  if (!response.ok) {
    const text = (await response.text()).slice(0, 300).trim();
    throw new ServiceError(`${service} answered ${response.status} to ${decodeURIComponent(url)}: ${text}`);
  }
  return response;
};

/** Prometheus' HTTP API, as far as the checks use it: https://prometheus.io/docs/prometheus/latest/querying/api/ */
const prometheusApi = (base: string) => {
  const data = async (path: string, parameters: Record<string, string | number> = {}) => {
    const query = new URLSearchParams(parameters as Record<string, string>);
    const response = await get('Prometheus', `${base}/api/v1/${path}?${query}`);
    return ((await response.json()) as { data: unknown }).data;
  };
  return { data };
};

type VectorOrMatrix = {
  result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[];
};

const toSeries = (data: unknown): Series[] =>
  (data as VectorOrMatrix).result.map(({ metric, value, values }) => ({
    labels: metric,
    samples: (values ?? (value ? [value] : [])).map(([at, text]) => [at, Number(text)] as const),
  }));

type RuleGroups = {
  groups: { interval: number; rules: { type: string; name: string; duration?: number; query: string }[] }[];
};

/** Reads the running lab for the catalogue's checks. */
export const createReader = (places: Places): Reader => {
  const { data } = prometheusApi(places.prometheus);
  return {
    query: async (expr, at) =>
      toSeries(await data('query', { query: expr, ...(at === undefined ? {} : { time: at }) })),
    range: async (expr, from, to, step) =>
      toSeries(await data('query_range', { query: expr, start: from, end: to, step })),
    samples: async (selector, windowSeconds, at) =>
      toSeries(await data('query', { query: `${selector}[${Math.ceil(windowSeconds * 1000)}ms]`, time: at })),
    truth: async (from, to) => {
      const query = `from=${Math.floor(from)}&to=${Math.floor(to)}&cores=0`;
      return (await (await get('the exporter', `${places.exporter}/truth?${query}`)).json()) as Truth;
    },
    tsdb: async () => {
      const status = (await data('status/tsdb')) as {
        headStats: { numSeries: number };
        seriesCountByMetricName: { name: string; value: number }[];
      };
      return { series: status.headStats.numSeries, byMetric: status.seriesCountByMetricName };
    },
    metricNames: async () => (await data('label/__name__/values')) as string[],
    alertRule: async (name) => {
      const { groups } = (await data('rules')) as RuleGroups;
      const rule = groups.flatMap(({ rules }) => rules).find((each) => each.type === 'alerting' && each.name === name);
      return rule && { forSeconds: rule.duration ?? 0, query: rule.query };
    },
    exporterMetrics: async () => {
      try {
        const text = await (await get('the exporter', `${places.exporter}/metrics`)).text();
        return [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
      } catch (error) {
        if (error instanceof ServiceError) return [];
        throw error;
      }
    },
    notifications: async () => {
      try {
        return (await (await get('the guide', `${places.guide}/api/notifications`)).json()) as Notification[];
      } catch (error) {
        if (error instanceof ServiceError) return undefined;
        throw error;
      }
    },
  };
};

/**
 * The state of the lab, from the APIs alone.
 * @throws ServiceError where Prometheus does not answer
 */
export const observe = async (places: Places): Promise<Lab> => {
  const { data } = prometheusApi(places.prometheus);
  const [targets, rules, config, runtime, exporter] = await Promise.all([
    data('targets'),
    data('rules'),
    data('status/config'),
    data('status/runtimeinfo'),
    exporterState(places),
  ]);
  const { activeTargets } = targets as {
    activeTargets: (Target & { labels: Record<string, string>; scrapeInterval: string })[];
  };
  const target = activeTargets.find(({ labels }) => labels.job === 'my_app');
  return {
    now: Date.now() / 1000,
    // The first line of that name is the global one; a target is not listed until it has been discovered.
    scrapeSeconds: durationSeconds(
      target?.scrapeInterval ?? /scrape_interval: (\S+)/.exec((config as { yaml: string }).yaml)?.[1] ?? '',
    ),
    evaluationSeconds: (rules as RuleGroups).groups[0]?.interval ?? Number.NaN,
    prometheusStartedAt: Date.parse((runtime as { startTime: string }).startTime) / 1000,
    exporter,
    target: target && { health: target.health, lastError: target.lastError, scrapeUrl: target.scrapeUrl },
  };
};

const exporterState = async ({ exporter }: Places): Promise<ExporterState | undefined> => {
  try {
    const now = Math.floor(Date.now() / 1000);
    const response = await get('the exporter', `${exporter}/truth?from=${now}&to=${now}&cores=0`, exporterMilliseconds);
    type Told = Omit<ExporterState, 'cores'> & { coreCount: number };
    const { signal, seed, startedAt, coreCount } = (await response.json()) as Told;
    return { signal, seed, startedAt, cores: coreCount };
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
};

const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 };

/** A duration as Prometheus prints it, such as `1m30s`, in seconds. */
export const durationSeconds = (text: string): number =>
  [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * unitSeconds[unit!]!,
    0,
  );
