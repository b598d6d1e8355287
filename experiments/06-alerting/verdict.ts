import { highCpu } from '../alerts.ts';
import { cpu as gauge } from '../metrics.ts';
import { lastRun, only } from '../samples.ts';
import type { Finding, Judgement, Lab, Notification, Reader, Sample } from '../types.ts';
import { clock, seconds } from '../words.ts';

const threshold = highCpu.thresholdPercent;
export const alertname = highCpu.name;
/** Prometheus writes these at each evaluation: the alert's state, and since when its condition holds. */
const alertsIn = (state: string) => `ALERTS{alertname="${alertname}",alertstate="${state}"}`;
const activeSelector = `ALERTS_FOR_STATE{alertname="${alertname}"}`;
const lookBackSeconds = 900;
/** `group_wait` of alertmanager.yml.tmpl; with the way to the inbox, and a group that is known already, a little more. */
const groupWaitSeconds = 2;
const deliverySeconds = 5;
/** `group_interval`: a resolution waits for the group's next round. */
const resolveDeliverySeconds = 15;

export type Measured = {
  now: number;
  signal: string | undefined;
  prometheusStartedAt: number;
  scrapeSeconds: number;
  evaluationSeconds: number;
  forSeconds: number;
  gauge: Sample[];
  /** evaluations that found the alert in this state */
  pending: Sample[];
  /** evaluations of an active alert; the value is when its condition was first met, in whole unix seconds */
  activeAt: Sample[];
  firing: Sample[];
  /** HighCPU only; undefined where nothing receives notifications */
  notifications: Notification[] | undefined;
};

/** The times of one alert's way, unix seconds; a later step that has not come yet is missing. */
export type Way = {
  over: number;
  pending: number;
  firing?: number;
  notified?: number;
  resolved?: number;
  resolutionNotified?: number;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const samples = async (selector: string) => only(await read.samples(selector, lookBackSeconds, lab.now));
  const notifications = await read.notifications();
  return {
    now: lab.now,
    signal: lab.exporter?.signal,
    prometheusStartedAt: lab.prometheusStartedAt,
    scrapeSeconds: lab.scrapeSeconds,
    evaluationSeconds: lab.evaluationSeconds,
    forSeconds: (await read.alertRule(alertname))?.forSeconds ?? Number.NaN,
    gauge: await samples(gauge),
    activeAt: await samples(activeSelector),
    pending: await samples(alertsIn('pending')),
    firing: await samples(alertsIn('firing')),
    notifications: notifications?.filter((notification) => notification.alertname === alertname),
  };
};

/**
 * Follows the alert of now while the CPU is high, and afterwards the last one that came to fire under this Prometheus.
 * A new condition of the random CPU comes and goes; an older alert is another story.
 */
export const follow = (measured: Measured): Way | undefined => {
  const gap = 2.5 * measured.evaluationSeconds;
  const isOn = (run: readonly Sample[]) => run.length > 0 && measured.now - run.at(-1)![0] <= gap;
  const isHigh = measured.signal === 'high';
  const firing = lastRun(measured.firing, gap);
  const fired = firing[0]?.[0];
  if (fired !== undefined && (isHigh ? isOn(firing) : fired > measured.prometheusStartedAt)) {
    return wayOf(measured, fired, firing.at(-1)![0], isOn(firing));
  }
  const pending = isHigh && isOn(lastRun(measured.activeAt, gap)) ? activeSince(measured, measured.now) : undefined;
  return pending === undefined ? undefined : { over: firstOver(measured, pending), pending };
};

const wayOf = (measured: Measured, fired: number, lastFiring: number, isFiring: boolean): Way => {
  const { evaluationSeconds } = measured;
  const pending = activeSince(measured, fired) ?? fired;
  const sent = (status: Notification['status'], since: number) =>
    measured.notifications
      ?.filter((notification) => notification.status === status && notification.receivedAt >= since)
      .map(({ receivedAt }) => receivedAt)
      .sort((one, other) => one - other)[0];
  const notified = sent('firing', fired);
  const resolutionNotified = isFiring ? undefined : sent('resolved', lastFiring);
  return {
    over: firstOver(measured, pending),
    pending,
    firing: fired,
    ...(notified === undefined ? {} : { notified }),
    ...(isFiring ? {} : { resolved: lastFiring + evaluationSeconds }),
    ...(resolutionNotified === undefined ? {} : { resolutionNotified }),
  };
};

/**
 * When the alert that is active at an instant became so. A Prometheus that has just started stores no `ALERTS`
 * for its first evaluations, so the stored start says it, and a stored evaluation makes it exact.
 */
const activeSince = ({ activeAt, pending }: Measured, at: number): number | undefined => {
  const since = activeAt.findLast(([stored]) => stored <= at + 0.1)?.[1];
  return since === undefined ? undefined : (pending.find(([stored]) => Math.floor(stored) === since)?.[0] ?? since);
};

/** The first sample over the threshold of the run that the evaluation at `pending` met, under this Prometheus. */
const firstOver = ({ gauge: samples, prometheusStartedAt }: Measured, pending: number): number => {
  const before = samples.filter(([at]) => at <= pending && at >= prometheusStartedAt);
  const under = before.findLastIndex(([, value]) => value <= threshold);
  return before[under + 1]?.[0] ?? pending;
};

export const verdict = (measured: Measured): Judgement => {
  const { signal, scrapeSeconds, evaluationSeconds, forSeconds, now, notifications } = measured;
  const way = follow(measured);
  const isHigh = signal === 'high';
  if (!isHigh && way?.firing === undefined) {
    return {
      kind: 'elsewhere',
      reason: `the exporter plays the signal ${signal} and ${alertname} has not fired since Prometheus started`,
    };
  }
  if (way === undefined) {
    return { kind: 'wait', seconds: scrapeSeconds + evaluationSeconds, reason: `${alertname} to be PENDING` };
  }
  if (way.firing === undefined) {
    const due = way.pending + forSeconds + evaluationSeconds;
    return { kind: 'wait', seconds: Math.max(1, due - now), reason: `${alertname} to be FIRING` };
  }
  if (
    notifications !== undefined &&
    way.notified === undefined &&
    now - way.firing <= deliverySeconds + evaluationSeconds
  ) {
    return { kind: 'wait', seconds: 2, reason: 'the notification' };
  }
  if (!isHigh && way.resolved === undefined) {
    return { kind: 'wait', seconds: scrapeSeconds + evaluationSeconds, reason: `${alertname} to be resolved` };
  }
  if (
    way.resolved !== undefined &&
    notifications !== undefined &&
    way.resolutionNotified === undefined &&
    now - way.resolved <= resolveDeliverySeconds + evaluationSeconds
  ) {
    return { kind: 'wait', seconds: 2, reason: 'the notification of the resolution' };
  }
  const findings = wayFindings(measured, way, way.firing);
  return way.resolved === undefined
    ? { kind: 'measured', findings, afterUndo: 'the resolution' }
    : { kind: 'measured', findings };
};

const slack = 1;

const step = (claim: string, took: number, least: number, most: number, evidence: string): Finding => ({
  claim: `${claim}: ${seconds(took)}, can be ${seconds(least)} to ${seconds(most)}`,
  holds: took >= least - slack && took <= most + slack,
  evidence,
  expected: `${seconds(least)} to ${seconds(most)}`,
  measured: seconds(took),
  look: 'Status → Rule health: is the evaluation late?',
});

/** Evaluations after which a Prometheus that has just started stores the states of its alerts. */
const evaluationsToRestore = 3;

const wayFindings = (measured: Measured, way: Way, firing: number): Finding[] => {
  const { evaluationSeconds, forSeconds, notifications } = measured;
  const findings = [
    step(
      `inactive → PENDING at ${clock(way.pending)}, after the first sample over ${threshold} (${clock(way.over)})`,
      way.pending - way.over,
      0,
      evaluationSeconds,
      activeSelector,
    ),
    step(
      `PENDING → FIRING at ${clock(firing)}, after \`for\``,
      firing - way.pending,
      forSeconds,
      Math.max(forSeconds, measured.prometheusStartedAt + evaluationsToRestore * evaluationSeconds - way.pending) +
        evaluationSeconds,
      `${alertsIn('firing')}[15m]`,
    ),
  ];
  if (notifications !== undefined) findings.push(...notified(way, firing, forSeconds, evaluationSeconds));
  if (way.resolved === undefined) return findings;
  findings.push({
    fact: `FIRING → resolved at ${clock(way.resolved)}, after ${seconds(way.resolved - firing)}`,
    evidence: `${alertsIn('firing')}[15m]`,
  });
  if (notifications !== undefined) findings.push(resolutionNotified(way, way.resolved));
  return findings;
};

const inbox = 'the inbox of the guide';

const notified = (way: Way, firing: number, forSeconds: number, evaluationSeconds: number): Finding[] => {
  if (way.notified === undefined) {
    const expected = `a notification within ${seconds(deliverySeconds)}`;
    return [
      {
        claim: 'FIRING → notified',
        holds: false,
        evidence: inbox,
        expected,
        measured: 'none',
        look: 'the log of alertmanager',
      },
    ];
  }
  const total = way.notified - way.over;
  const most = forSeconds + 2 * evaluationSeconds + groupWaitSeconds;
  return [
    step(
      `FIRING → notified at ${clock(way.notified)}, after \`group_wait\``,
      way.notified - firing,
      0,
      deliverySeconds,
      inbox,
    ),
    {
      claim: `the whole way from the first sample to the notification: ${seconds(total)} = evaluation ${seconds(way.pending - way.over)} + for ${seconds(firing - way.pending)} + grouping ${seconds(way.notified - firing)}`,
      holds: total <= most + slack,
      evidence: 'the times above',
      expected: `at most ${seconds(most)}`,
      measured: seconds(total),
      look: 'the step above that took longest',
    },
  ];
};

const resolutionNotified = (way: Way, resolved: number): Finding => {
  if (way.resolutionNotified === undefined) {
    return {
      claim: 'resolved → resolution notified',
      holds: false,
      evidence: inbox,
      expected: `a notification within ${seconds(resolveDeliverySeconds)}`,
      measured: 'none',
      look: 'the log of alertmanager; is send_resolved on?',
    };
  }
  const took = Math.max(0, way.resolutionNotified - resolved);
  return step(
    `resolved → resolution notified at ${clock(way.resolutionNotified)}, at the group's next round`,
    took,
    0,
    resolveDeliverySeconds,
    inbox,
  );
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
