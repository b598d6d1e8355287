import { sources } from '../../experiments/catalogue.ts';
import type { Silence } from '../../lab/model/reader.ts';
import type { Places } from '../../lab/running/places.ts';
import { labPrometheus, prometheusApi } from '../../lab/running/prometheus.ts';
import { type Service, ServiceError } from '../../lab/running/service.ts';
import { listIn, silencesIn } from '../../lab/running/silences.ts';

/** A target of a scrape job, as the last scrape left it. Times are unix seconds. */
type ScrapedTarget = {
  job: string;
  instance: string;
  url: string;
  labels: Record<string, string>;
  health: string;
  /** empty where the last scrape worked */
  lastError: string;
  /** undefined where it has not been scraped yet */
  scrapedAt: number | undefined;
  tookSeconds: number;
  interval: string;
};

export type Targets = {
  targets: ScrapedTarget[];
  /** what relabelling has dropped: its labels before that */
  dropped: Record<string, string>[];
};

export type EvaluatedRule = {
  group: string;
  name: string;
  type: string;
  query: string;
  health: string;
  lastError: string;
  evaluatedAt: number | undefined;
  tookSeconds: number;
  /** between two evaluations of its group */
  intervalSeconds: number;
  /** of an alerting rule: inactive, pending or firing; how long its condition has to hold, and goes on firing after it */
  state?: string;
  forSeconds?: number;
  keepFiringSeconds?: number;
};

export type SeenAlert = {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** in Prometheus: pending or firing; undefined where it knows of none */
  state: string | undefined;
  value: string | undefined;
  activeAt: number | undefined;
  /** in Alertmanager; undefined where it has none */
  notified:
    | { state: string; silencedBy: string[]; inhibitedBy: string[]; startsAt: number; endsAt: number }
    | undefined;
};

export type Alerts = {
  alerts: SeenAlert[];
  /** those that are planned, active, or ended within the last hour */
  silences: Silence[];
  /** why one of the two services has nothing to say */
  missing: string[];
};

/** What could not be read, and why: the end of a sentence. */
export type Unread = { failed: string };

type RawTarget = {
  labels: Record<string, string>;
  scrapeUrl: string;
  health: string;
  lastError: string;
  lastScrape: string;
  lastScrapeDuration: number;
  scrapeInterval: string;
};
type RawRule = {
  name: string;
  type: string;
  query: string;
  health: string;
  lastError?: string;
  lastEvaluation: string;
  evaluationTime: number;
  state?: string;
  duration?: number;
  keepFiringFor?: number;
};
type RawAlert = {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: string;
  activeAt: string;
  value: string;
};
type Notified = {
  labels: Record<string, string>;
  startsAt: string;
  endsAt: string;
  status: { state: string; silencedBy: string[]; inhibitedBy: string[] };
};
/** An incident that is looked into may have begun under a silence that has ended. */
const silenceSeconds = 3_600;
const mostDropped = 50;

/**
 * What Prometheus' own pages show of targets, rules and alerts, for whoever has no such pages.
 * @param places  where the services are; `of` names another Prometheus of the step
 */
export const createHealth = (
  places: Pick<Places, 'prometheus' | 'alertmanager' | 'reach'>,
  clock = () => Date.now() / 1_000,
) => {
  /** @throws ServiceError */
  const data = async (path: string, of: string | undefined): Promise<unknown> => {
    const source = sources.find(({ name }) => name === of);
    const base = source === undefined ? places.prometheus : places.reach(source.address);
    const service: Service = source === undefined ? labPrometheus : { name: source.name, of: 'lab' };
    if (base === undefined) throw new ServiceError('unreachable', service, `${service.name} does not run`);
    return prometheusApi(base, service)(path);
  };

  return {
    targets: (of?: string): Promise<Targets | Unread> =>
      unlessUnread(async () => {
        const { activeTargets = [], droppedTargets = [] } = (await data('targets', of)) as {
          activeTargets?: RawTarget[];
          droppedTargets?: { discoveredLabels: Record<string, string> }[];
        };
        return {
          targets: activeTargets.map(targetIn),
          dropped: droppedTargets.slice(0, mostDropped).map(({ discoveredLabels }) => discoveredLabels),
        };
      }),

    rules: (of?: string): Promise<{ rules: EvaluatedRule[] } | Unread> =>
      unlessUnread(async () => {
        const { groups } = (await data('rules', of)) as {
          groups: { name: string; interval: number; rules: RawRule[] }[];
        };
        return {
          rules: groups.flatMap(({ name, interval, rules }) => rules.map((rule) => ruleIn(rule, name, interval))),
        };
      }),

    alerts: async (): Promise<Alerts> => {
      const [active, notified, silences] = await Promise.all([
        unlessUnread(async () => (await data('alerts', undefined)) as { alerts: RawAlert[] }),
        unlessUnread(async () => ({ items: await listIn<Notified>(places, 'alerts') })),
        unlessUnread(async () => ({ items: await silencesIn(places) })),
      ]);
      const unread = [active, notified].flatMap((each) => ('failed' in each ? [each.failed] : []));
      return {
        alerts: alertsIn('failed' in active ? [] : active.alerts, 'failed' in notified ? [] : notified.items),
        silences: (('items' in silences && silences.items) || []).filter(
          ({ endsAt }) => endsAt > clock() - silenceSeconds,
        ),
        missing: unread,
      };
    },
  };
};

export type Health = ReturnType<typeof createHealth>;

const unlessUnread = async <Result>(read: () => Promise<Result>): Promise<Result | Unread> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { failed: error.message };
  }
};

/** Go's zero time stands for never. */
const secondsIn = (text: string): number | undefined => {
  const milliseconds = Date.parse(text);
  return milliseconds > 0 ? milliseconds / 1_000 : undefined;
};

const targetIn = (raw: RawTarget): ScrapedTarget => ({
  job: raw.labels.job ?? '',
  instance: raw.labels.instance ?? '',
  url: raw.scrapeUrl,
  labels: raw.labels,
  health: raw.health,
  lastError: raw.lastError,
  scrapedAt: secondsIn(raw.lastScrape),
  tookSeconds: raw.lastScrapeDuration,
  interval: raw.scrapeInterval,
});

const ruleIn = (raw: RawRule, group: string, intervalSeconds: number): EvaluatedRule => ({
  group,
  name: raw.name,
  type: raw.type,
  query: raw.query,
  health: raw.health,
  lastError: raw.lastError ?? '',
  evaluatedAt: secondsIn(raw.lastEvaluation),
  tookSeconds: raw.evaluationTime,
  intervalSeconds,
  ...(raw.type === 'alerting' && {
    state: raw.state ?? 'inactive',
    forSeconds: raw.duration ?? 0,
    keepFiringSeconds: raw.keepFiringFor ?? 0,
  }),
});

const sameLabels = (labels: Record<string, string>) => JSON.stringify(Object.entries(labels).sort());

/** Prometheus' alerts with what Alertmanager does with each, and those that Alertmanager alone has. */
const alertsIn = (active: readonly RawAlert[], notified: readonly Notified[]): SeenAlert[] => {
  const byLabels = new Map(notified.map((each) => [sameLabels(each.labels), each]));
  const own = active.map(({ labels, annotations, state, value, activeAt }): SeenAlert => {
    const there = byLabels.get(sameLabels(labels));
    return { labels, annotations, state, value, activeAt: secondsIn(activeAt), notified: there && notifiedIn(there) };
  });
  const known = new Set(active.map(({ labels }) => sameLabels(labels)));
  const others = notified
    .filter(({ labels }) => !known.has(sameLabels(labels)))
    .map(
      (each): SeenAlert => ({
        labels: each.labels,
        annotations: {},
        state: undefined,
        value: undefined,
        activeAt: undefined,
        notified: notifiedIn(each),
      }),
    );
  return [...own, ...others];
};

const notifiedIn = ({ status, startsAt, endsAt }: Notified): NonNullable<SeenAlert['notified']> => ({
  state: status.state,
  silencedBy: status.silencedBy,
  inhibitedBy: status.inhibitedBy,
  startsAt: secondsIn(startsAt) ?? 0,
  endsAt: secondsIn(endsAt) ?? 0,
});
