import { notified } from '../../lab/evidence/alerts.ts';
import { instancesIn, storedSeries } from '../../lab/evidence/fleet.ts';
import { checkOf, waitUntil } from '../../lab/evidence/happening.ts';
import { exporterSince, storingSeconds } from '../../lab/evidence/samples.ts';
import { grouping } from '../../lab/model/alerts.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { job, ofExporter } from '../../lab/model/metrics.ts';
import type { AlertFlags, Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import {
  activeAfter,
  activePredicted,
  allClearIn,
  firesAgainAt,
  itFires,
  itIsKept,
  type Notifications,
  overBetween,
  type Shown,
  theAllClear,
  theContradiction,
  theKept,
  theLong,
  theShort,
  whatHappened,
} from './findings.ts';
import { brief, kept, long, metricsRead, type Restart, restartIn, type Stored, storedIn } from './restart.ts';

export type Measured = {
  lab: Lab;
  /** since when the outage is stored, unix seconds */
  since: number;
  stored: Stored;
  truth: Truth;
  notifications: Notifications;
  flags: AlertFlags;
  restart?: Restart;
  /** once there are three evaluations after the restart */
  shown?: Shown;
};

/** Later than this after its begin nothing is read. */
const longestSeconds = 3_000;
/** A notification goes out after so long at most where all is well, and one that is later still counts as lost. */
const notificationSeconds = grouping.waitSeconds + grouping.intervalSeconds + 1;
const deliverySeconds = 15;

/** @returns all that was measured, or a judgement where the outage is not there, or too old */
export const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  if (!instancesIn(lab).some(({ simulates }) => simulates.includes('outage')))
    return { kind: 'elsewhere', reason: 'no dependency of the exporter is down' };
  const since = exporterSince(lab);
  if (lab.now - since > longestSeconds) {
    return { kind: 'elsewhere', reason: `the outage began more than ${seconds(longestSeconds)} ago` };
  }
  const until = lab.now - storingSeconds;
  if (until <= since) return { kind: 'wait', seconds: 2, reason: 'the first scrapes' };
  const window = { at: until, windowSeconds: Math.max(1, until - since) };
  const stored = storedIn(await storedSeries(read, { metrics: metricsRead, jobs: [job] }, window));
  const restart = restartIn(stored, lab);
  const from = Math.max(since, (restart?.last ?? lab.now - 60) - 2 * lab.scrapeSeconds);
  const at = restart?.after[2];
  return {
    lab,
    since,
    stored,
    truth: await read.truth(from, lab.now),
    notifications: await read.notifications(),
    flags: await read.alertFlags(),
    ...(restart && { restart }),
    ...(restart && at !== undefined && { shown: await shownAt(read, restart.last, at) }),
  };
};

const shownAt = async (read: Reader, last: number, at: number): Promise<Shown> => {
  const firingOf = (alerts: string) => ofExporter('ALERTS', `alertname=~"${alerts}",alertstate="firing"`);
  const shown = await read.query(firingOf(`${brief.alert}|${long.alert}|${kept.alert}`), at);
  const isShown = async (later: number) => (await read.query(firingOf(kept.alert), last + later)).length > 0;
  return {
    at,
    names: shown.map(({ labels }) => labels.alertname!),
    untilLookback: await isShown(lookbackSeconds - 1),
    afterLookback: await isShown(lookbackSeconds),
  };
};

/** Before a restart: what is to be seen then, so that the restart has something to lose. */
const before = ({ lab, since, stored, truth, notifications }: Measured): Judgement => {
  const [fires] = stored.firing(brief.alert);
  const isDown = stored.cache.at(-1)?.[1] === 0;
  if (fires === undefined || isDown) {
    const [seen] = stored.evaluations;
    const begun =
      (seen ?? Math.max(lab.now, since + lab.scrapeSeconds) + lab.evaluationSeconds) + lab.evaluationSeconds;
    const back = isDown ? since + lab.scrapeSeconds + truth.outage!.cache.filter((value) => value === 0).length : 0;
    const due = Math.max(begun + brief.forSeconds, back) + lab.evaluationSeconds;
    return waitUntil(due, lab, `${brief.alert} to fire, and the cache to be up again`);
  }
  if (notifications !== undefined && notified(notifications, { alertname: brief.alert }, 'firing').length === 0) {
    const due = fires + notificationSeconds;
    if (lab.now < due + deliverySeconds) return waitUntil(due, lab, 'the notification');
  }
  return {
    kind: 'measured',
    phase: 0,
    findings: [whatHappened(stored, truth, since), itFires(stored, notifications), itIsKept(stored)],
  };
};

const after = (measured: Measured, restart: Restart): Judgement => {
  const { lab, since, stored, truth, notifications, flags, shown } = measured;
  const { evaluationSeconds, now } = lab;
  const [first] = restart.after;
  if (first === undefined || shown === undefined) {
    const missing = 3 - restart.after.length;
    return { kind: 'wait', seconds: missing * evaluationSeconds + 1, reason: 'three evaluations after the start' };
  }
  if (first - restart.last > lookbackSeconds - 10) {
    const reason = `Prometheus evaluated nothing for ${seconds(first - restart.last)}: after five minutes no query shows what was before`;
    return { kind: 'elsewhere', reason };
  }
  const [ofShort, ofLong] = [brief, long].map((rule) => ({
    predicted: activePredicted(stored, restart, rule, lab, flags),
    active: activeAfter(stored, rule.alert, lab),
    flags,
  })) as [Parameters<typeof theLong>[3], Parameters<typeof theLong>[3]];
  const active = ofShort.active ?? ofShort.predicted.range[0];
  const again = firesAgainAt(restart, active, ofShort.predicted.isRestored);
  const reason = `${brief.alert} to fire again, and its notifications`;
  if (again === undefined) {
    return waitUntil(active + brief.forSeconds + evaluationSeconds + notificationSeconds, lab, reason);
  }
  const [earliest, latest] = overBetween(restart, lab, flags);
  const isDue = again > latest + grouping.intervalSeconds + 1 ? true : again <= earliest ? false : undefined;
  const isMissing =
    notifications !== undefined &&
    (!notified(notifications, { alertname: brief.alert }, 'firing').some(({ startsAt }) => startsAt > again - 1) ||
      (isDue && allClearIn(restart, lab, flags, notifications) === undefined));
  const due = Math.max(again, isDue ? latest : 0) + notificationSeconds;
  if (isMissing && now < due + deliverySeconds) return waitUntil(due, lab, reason);
  return {
    kind: 'measured',
    phase: 1,
    findings: [
      whatHappened(stored, truth, since),
      ...(notifications ? [theAllClear(stored, restart, { lab, flags, notifications, truth }, isDue)] : []),
      theShort(stored, { lab, notifications }, { ...ofShort, again }),
      theLong(stored, restart, lab, ofLong),
      theKept(stored, restart, lab, shown),
      theContradiction(stored, restart, shown),
    ],
  };
};

export const verdict = (measured: Measured): Judgement =>
  measured.restart === undefined ? before(measured) : after(measured, measured.restart);

/** Measures the running lab and judges it. */
export const check = checkOf(measure, verdict);
