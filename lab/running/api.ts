import { parseDocument, type YAMLMap } from 'yaml';
import type { Member } from '../../exporter/src/truth.ts';
import { highCpu } from '../model/alerts.ts';
import type { ExporterState, Lab, Target, Truth } from '../model/lab.ts';
import { instanceName, job, ownJob, thanosJob } from '../model/metrics.ts';
import type { Notification, Reader } from '../model/reader.ts';
import { durationSeconds } from '../settings/duration.ts';
import { type Backend, serviceOf } from './backend.ts';
import { requireSameClock } from './clock.ts';
import { requireOwn, requireOwnPrometheus } from './identity.ts';
import type { Places } from './places.ts';
import { labPrometheus, prometheusApi, toAnswer } from './prometheus.ts';
import { ask, askJson, type Service, ServiceError, unintelligible, whereReached } from './service.ts';
import { asking, serviceApi } from './service-api.ts';
import { alertsIn, silencesIn } from './silences.ts';

const exporterService: Service = { name: 'the exporter', of: 'lab' };
const guideService: Service = { name: 'the guide', of: 'lab' };

/** For the exporter's part of the state; a machine that is busy with something else takes its time. */
const exporterMilliseconds = 5_000;

type RuleGroups = {
  groups: {
    interval: number;
    rules: { type: string; name: string; duration?: number; keepFiringFor?: number; query: string }[];
  }[];
};

/**
 * Reads the running lab for the catalogue's checks. All of it throws ServiceError.
 * @param backend  answers queries in place of the lab's Prometheus, which still reports its own state
 */
export const createReader = (places: Places, backend?: Backend): Reader => {
  const data = prometheusApi(places.prometheus);
  const base = backend?.url ?? places.prometheus;
  const service = backend === undefined ? labPrometheus : serviceOf(backend);
  const queried = prometheusApi(base, service);
  const { query, range, samples } = serviceApi(service, base);
  return {
    query,
    range,
    samples,
    at: (address) => serviceApi({ name: address, of: 'step' }, places.reach(address)),
    ask: asking(queried, service, base),
    truth: (from, to, { instance = 1, cores = 0 } = {}) =>
      truthOf(places, instance, Math.floor(from), Math.floor(to), cores),
    tsdb: async () => {
      const status = (await data('status/tsdb')) as {
        headStats: { numSeries: number };
        seriesCountByMetricName: { name: string; value: number }[];
      };
      return { series: status.headStats.numSeries, byMetric: status.seriesCountByMetricName };
    },
    alertFlags: async () => {
      const flags = (await data('status/flags')) as Record<string, string>;
      const secondsOf = (name: string) => durationSeconds(flags[`rules.alert.${name}`] ?? '') ?? Number.NaN;
      return {
        graceSeconds: secondsOf('for-grace-period'),
        toleranceSeconds: secondsOf('for-outage-tolerance'),
        resendSeconds: secondsOf('resend-delay'),
      };
    },
    metricNames: async () => (await data('label/__name__/values')) as string[],
    alertRule: async (name) => {
      const { groups } = (await data('rules')) as RuleGroups;
      const rule = groups.flatMap(({ rules }) => rules).find((each) => each.type === 'alerting' && each.name === name);
      return rule && { forSeconds: rule.duration ?? 0, keepFiringSeconds: rule.keepFiringFor ?? 0, query: rule.query };
    },
    exporterMetrics: async () => {
      const text = await whereReached(ask(exporterService, `${places.exporter}/metrics`));
      return [...(text ?? '').matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!);
    },
    notifications: async () => {
      const url = `${places.guide}/api/notifications`;
      const answer = await whereReached(askJson(guideService, url));
      if (answer !== undefined && !Array.isArray(answer)) throw unintelligible(guideService, url, answer);
      return answer as Notification[] | undefined;
    },
    alerts: () => alertsIn(places),
    silences: () => silencesIn(places),
    causeNamedAt: async () => {
      const answer = await whereReached(askJson(guideService, `${places.guide}/api/search`));
      return (answer as { namedAt?: number } | undefined)?.namedAt;
    },
  };
};

const truthOf = async (
  { exporter }: Places,
  instance: number,
  from: number,
  to: number,
  cores: number,
  milliseconds?: number,
): Promise<Truth & { coreCount: number; lab?: string; incident?: NonNullable<ExporterState['incident']> }> => {
  // The first instance reports all of them: on Compose only its port is published.
  const asked = instance === 1 ? '' : `&instance=${instanceName(instance)}`;
  const url = `${exporter}/truth?from=${from}&to=${to}&cores=${cores}${asked}`;
  const answer = await askJson(exporterService, url, milliseconds);
  const isTruth = typeof answer === 'object' && answer !== null && 'instants' in answer && 'startedAt' in answer;
  if (!isTruth) throw unintelligible(exporterService, url, answer);
  return answer as Truth & { coreCount: number; lab?: string; incident?: NonNullable<ExporterState['incident']> };
};

/**
 * The state of the lab, from the APIs alone.
 * @param patienceMilliseconds  for the exporter, which may hang: a page that waits 2 s wants Prometheus' part before
 * @throws ServiceError where Prometheus does not answer, or where its clock is another
 */
export const observe = async (places: Places, patienceMilliseconds = exporterMilliseconds): Promise<Lab> => {
  const data = prometheusApi(places.prometheus);
  const asked = Date.now() / 1000;
  const time = await data('query', { query: 'time()' });
  requireSameClock(scalarIn(time, places.prometheus), asked, Date.now() / 1000);
  const [targets, rules, config, runtime, exporter] = await Promise.all([
    data('targets'),
    data('rules'),
    data('status/config'),
    data('status/runtimeinfo'),
    exporterState(places, patienceMilliseconds),
    requireOwnPrometheus(places),
  ]);
  const { activeTargets } = targets as {
    activeTargets: (Target & { labels: Record<string, string>; scrapeInterval: string })[];
  };
  const target = activeTargets.find(({ labels }) => labels.job === job && labels.instance === instanceName());
  const own = activeTargets.find(({ labels }) => labels.job === ownJob);
  const { groups } = rules as RuleGroups;
  const { scrapeInterval, ...reported } = configured((config as { yaml: string }).yaml);
  const group = groups.find((each) => each.rules.some(({ name }) => name === highCpu.name)) ?? groups[0];
  return {
    now: Date.now() / 1000,
    // A target is not listed until it has been discovered.
    scrapeSeconds: durationSeconds(target?.scrapeInterval ?? scrapeInterval) ?? Number.NaN,
    evaluationSeconds: group?.interval ?? Number.NaN,
    prometheusStartedAt: Date.parse((runtime as { startTime: string }).startTime) / 1000,
    ...exporter,
    ...thanosOf(activeTargets.map(({ labels }) => labels)),
    ...(own?.labels.instance !== undefined && { ownTarget: own.labels.instance }),
    target: target && { health: target.health, lastError: target.lastError, scrapeUrl: target.scrapeUrl },
    ...reported,
  };
};

const scalarIn = (data: unknown, base: string): number =>
  toAnswer(data, base, labPrometheus).series[0]?.samples[0]?.[1] ?? Number.NaN;

const thanosOf = (targets: readonly Record<string, string>[]): Pick<Lab, 'thanos'> => {
  const instances = targets.filter((each) => each.job === thanosJob).map(({ instance }) => instance!);
  return instances.length === 0 ? {} : { thanos: instances };
};

type Configuration = {
  global?: { scrape_interval?: string };
  scrape_configs?: { job_name: string }[];
  remote_write?: { url: string }[];
};

/** What a configuration says of the lab, as Prometheus writes it with every default. */
const configured = (text: string): Pick<Lab, 'jobConfig' | 'remoteWriteUrl'> & { scrapeInterval: string } => {
  const document = parseDocument(text);
  const { global, scrape_configs: jobs = [], remote_write: [remote] = [] } = (document.toJS() ?? {}) as Configuration;
  const at = jobs.findIndex((each) => each.job_name === job);
  const [from, , to] = (document.getIn(['scrape_configs', at], true) as YAMLMap | undefined)?.range ?? [];
  return {
    scrapeInterval: global?.scrape_interval ?? '',
    ...(from !== undefined && { jobConfig: text.slice(from, to) }),
    ...(remote && { remoteWriteUrl: remote.url }),
  };
};

/** An exporter that an earlier version of the lab has started does not list what an instance simulates. */
const ofAnyVersion = (member: Member): Member => ({ ...member, simulates: member.simulates ?? [] });

const exporterState = async (
  places: Places,
  patienceMilliseconds: number,
): Promise<Pick<Lab, 'exporter' | 'exporterIsSilent'>> => {
  const now = Math.floor(Date.now() / 1000);
  try {
    const truth = await truthOf(places, 1, now, now, 0, patienceMilliseconds);
    const { signal, seed, startedAt, coreCount, fleet, scrapeAnswer, incident } = truth;
    requireOwn(exporterService, places.exporter, places.labId, truth.lab);
    const ofExporter: ExporterState = { signal, seed, startedAt, cores: coreCount };
    return {
      exporter: {
        ...ofExporter,
        ...(fleet && { fleet: fleet.map(ofAnyVersion) }),
        ...(scrapeAnswer && { scrapeAnswer }),
        ...(incident && { incident }),
      },
    };
  } catch (error) {
    if (!(error instanceof ServiceError && error.kind === 'unreachable')) throw error;
    return { exporter: undefined, ...(error.isSilent && { exporterIsSilent: true }) };
  }
};
