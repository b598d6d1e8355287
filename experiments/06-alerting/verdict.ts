import { checkOf } from '../../lab/evidence/happening.ts';
import { exporterSince, only, storedBetween, untilScrapes } from '../../lab/evidence/samples.ts';
import { marginSeconds, scrapesIn } from '../../lab/evidence/scrape.ts';
import { grouping, highCpu } from '../../lab/model/alerts.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { cpu as gauge, ofExporter, scrapeDuration, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Finding, Judgement } from '../../lab/model/verdict.ts';
import { growth } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import {
  type Context,
  conditionStage,
  firingStage,
  notifiedStage,
  pendingStage,
  resolutionStage,
  resolvedStage,
  wholeWay,
} from './stages.ts';
import { activeWay, lastFired, type Stored, type Way } from './way.ts';

export const alertname = highCpu.name;
const lookBackSeconds = 3_600;
/** Evaluations that Prometheus left out since it began, as it counts them itself. */
const missedSelector = `prometheus_rule_group_iterations_missed_total{job="prometheus",rule_group=~".*;${highCpu.group}"}`;

export type Measured = { lab: Lab; stored: Stored; durations: Sample[]; missed: Sample[]; truth: Truth | undefined };

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const from = lab.now - lookBackSeconds;
  const notifications = await read.notifications();
  const of = (metric: string, matchers = '') => storedBetween(read, ofExporter(metric, matchers), from, lab.now);
  const stored: Stored = {
    prometheusStartedAt: lab.prometheusStartedAt,
    evaluationSeconds: lab.evaluationSeconds,
    forSeconds: (await read.alertRule(alertname))?.forSeconds ?? Number.NaN,
    // In this order, whatever is stored meanwhile: what fires is active, and what that was made from is stored.
    firing: await of('ALERTS', `alertname="${alertname}",alertstate="firing"`),
    active: await of('ALERTS_FOR_STATE', `alertname="${alertname}"`),
    gauge: await of(gauge),
    up: await of(targetUp),
    notifications: notifications?.filter((notification) => notification.alertname === alertname),
  };
  return {
    lab,
    stored,
    durations: await of(scrapeDuration),
    missed: only(await read.samples(missedSelector, lookBackSeconds, lab.now)),
    truth: lab.exporter && (await read.truth(Math.max(from, lab.exporter.startedAt) - 1, lab.now + marginSeconds)),
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, stored } = measured;
  const signal = lab.exporter?.signal;
  const isHigh = signal === 'high';
  const active = isHigh ? activeWay(stored, lab.now) : undefined;
  const way = isHigh ? active : lastFired(stored, lab.now);
  if (way === undefined) {
    if (isHigh) return waitFor(`${alertname} to be PENDING`, untilPending(measured));
    return {
      kind: 'elsewhere',
      reason: `the exporter simulates the signal ${signal ?? 'none'} and ${alertname} has not fired since Prometheus started`,
    };
  }
  return waiting(measured, way) ?? judged(measured, way);
};

const waitFor = (reason: string, seconds: number): Judgement & { kind: 'wait' } => ({
  kind: 'wait',
  seconds: Math.max(1, seconds),
  reason,
});

/** The next evaluation after the first sample over the threshold; where that is not there yet, after the next scrape. */
const untilPending = ({ lab, stored: { gauge: samples } }: Measured): number => {
  const own = samples.filter(([at]) => at >= exporterSince(lab));
  return lab.evaluationSeconds + (own.length > 0 ? 1 : untilScrapes(1, own.at(-1)?.[0], lab));
};

/** Alertmanager and the inbox get so much more than the configured time before a notification counts as lost. */
const deliverySeconds = 15;
const longestRoundSeconds = Math.max(grouping.waitSeconds, grouping.intervalSeconds);

/** What has to come before the way can be judged; undefined where it can be now. */
const waiting = ({ lab, stored }: Measured, way: Way): Judgement | undefined => {
  const { now, evaluationSeconds } = lab;
  const { firing, resolved, notification, resolution } = way;
  if (firing === undefined) {
    const evaluations = Math.ceil(stored.forSeconds / evaluationSeconds);
    return waitFor(`${alertname} to be FIRING`, way.pending + evaluations * evaluationSeconds + 1 - now);
  }
  const limit = longestRoundSeconds + evaluationSeconds + deliverySeconds;
  const isAwaited = stored.notifications !== undefined;
  if (isAwaited && notification === undefined && now - firing <= limit) {
    return waitFor('the notification', firing + longestRoundSeconds + 1 - now);
  }
  if (lab.exporter?.signal !== 'high' && resolved === undefined) {
    return waitFor(`${alertname} to be resolved`, untilScrapes(1, stored.gauge.at(-1)?.[0], lab) + evaluationSeconds);
  }
  if (isAwaited && resolved !== undefined && resolution === undefined && now - resolved <= limit) {
    return waitFor('the notification of the resolution', resolved + longestRoundSeconds + 1 - now);
  }
  return undefined;
};

const judged = ({ lab, stored, durations, missed, truth }: Measured, way: Way): Judgement => {
  const { firing, resolved } = way;
  const isOwn = way.over !== undefined && lab.exporter !== undefined && way.over >= exporterSince(lab);
  const context: Context = {
    stored,
    way,
    scrapeAt: scrapesIn(durations),
    missedBetween: (from, to) => missedIn(missed, from, to),
    truth: isOwn ? truth : undefined,
  };
  const isNotified = stored.notifications !== undefined;
  const findings: Finding[] = [
    pendingStage(context),
    firingStage(context, firing!),
    conditionStage(context),
    ...(isNotified ? [notifiedStage(context, firing!), ...wholeWay(way)] : []),
    ...(resolved === undefined ? [] : [resolvedStage(context, resolved)]),
    ...(resolved !== undefined && isNotified ? [resolutionStage(context, resolved)] : []),
  ];
  return resolved === undefined
    ? { kind: 'measured', findings, afterUndo: 'the resolution' }
    : { kind: 'measured', findings };
};

/** From the last count before the stretch to the first one after it. */
const missedIn = (missed: readonly Sample[], from: number, to: number): number => {
  const before = missed.findLastIndex(([at]) => at <= from);
  const after = missed.findIndex(([at]) => at >= to);
  return growth(missed.slice(Math.max(0, before), after === -1 ? undefined : after + 1));
};

export const check = checkOf(measure, verdict);
