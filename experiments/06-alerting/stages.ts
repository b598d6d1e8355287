import { couldBeNewest } from '../../lab/evidence/evaluation.ts';
import { storingSeconds } from '../../lab/evidence/samples.ts';
import { couldHaveSeen, cpuOf, type Scrape } from '../../lab/evidence/scrape.ts';
import { grouping, highCpu } from '../../lab/model/alerts.ts';
import { clock, count, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Truth } from '../../lab/model/lab.ts';
import type { Claim, Fact, Finding } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import type { Stored, Way } from './way.ts';

const { thresholdPercent: threshold, name } = highCpu;
export const activeSelector = `ALERTS_FOR_STATE{alertname="${name}"}`;
export const firingSelector = `ALERTS{alertname="${name}",alertstate="firing"}`;
const inbox = 'the inbox of the guide';

export type Context = {
  stored: Stored;
  way: Way;
  scrapeAt: (at: number) => Scrape;
  /** evaluations that Prometheus says it has missed between two instants */
  missedBetween: (from: number, to: number) => number;
  /** what really happened since the first sample over the threshold; undefined where that was of another exporter */
  truth: Truth | undefined;
};

/** inactive → PENDING: at the first evaluation after the sample, which comes within one interval. */
export const pendingStage = ({ stored, way, scrapeAt, missedBetween }: Context): Finding => {
  const { over, pending } = way;
  const evidence = `${activeSelector} beside cpu_usage_simulated`;
  if (over === undefined) {
    const fact = `PENDING at ${clock(pending)}: the first sample over ${threshold} is older than Prometheus, or than the last hour`;
    return { fact, evidence };
  }
  const most = stored.evaluationSeconds * (1 + missedBetween(over, pending));
  const took = pending - over;
  return {
    claim: `inactive → PENDING at ${clock(pending)}, ${seconds(took)} after the first sample over ${threshold} (${clock(over)}): an evaluation comes every ${seconds(stored.evaluationSeconds)}`,
    holds: took >= 0 && took <= most + scrapeAt(over).durationSeconds + storingSeconds,
    evidence,
    expected: `0 s to ${seconds(most)}`,
    measured: seconds(took),
    look: 'Status → Rule health: is the evaluation late?',
  };
};

/** PENDING → FIRING: at the first evaluation that finds the alert active for as long as `for` says, and none before. */
export const firingStage = ({ stored: { forSeconds }, way }: Context, firing: number): Claim => {
  const due = way.evaluations.find((at) => at - way.pending >= forSeconds - 0.001);
  return {
    claim: `PENDING → FIRING at ${clock(firing)}, ${seconds(firing - way.pending)} later: the first evaluation at which \`for: ${forSeconds}s\` is over`,
    holds: firing === due,
    evidence: `${firingSelector}[15m]`,
    expected: due === undefined ? 'no evaluation yet' : clock(due),
    measured: clock(firing),
    look: 'Status → Rule health: the rule and its `for`',
  };
};

/** At each evaluation the newest sample was over the threshold, and it was what the signal was. */
export const conditionStage = ({ stored, way, scrapeAt, truth }: Context): Claim => {
  const under = way.evaluations.filter(
    (at) => !couldBeNewest(stored.gauge, scrapeAt, at).some((sample) => sample !== undefined && sample[1] > threshold),
  );
  const own = truth && stored.gauge.filter(([at]) => at >= way.over! && at <= way.evaluations.at(-1)!);
  const wrong = (own ?? []).filter(([at, value]) => !couldHaveSeen(cpuOf(truth!), scrapeAt(at)).includes(value));
  const really = own
    ? `, and ${own.length - wrong.length} of ${count(own.length, 'sample')} are what the signal was`
    : '';
  return {
    claim: `at each of ${count(way.evaluations.length, 'evaluation')} the newest sample was over ${threshold}${really}`,
    holds: under.length === 0 && wrong.length === 0,
    evidence: `cpu_usage_simulated[15m] beside ${activeSelector}${own ? ` and ${truthBetween(way.over!, way.evaluations.at(-1)!)}` : ''}`,
    expected: `over ${threshold} at each evaluation${own ? ', true at each scrape' : ''}`,
    measured: `${under.length} not over it, ${wrong.length} untrue`,
    look: 'cpu_usage_simulated[15m] in the table view',
  };
};

/** A notification is of this alert where it names the evaluation at which it fired. */
export const notifiedStage = ({ way }: Context, firing: number): Claim => ({
  claim:
    way.notification === undefined
      ? 'FIRING → notified'
      : `FIRING → notified at ${clock(way.notification.receivedAt)}, ${seconds(way.notification.receivedAt - firing)} later, of the alert that began to fire at ${clock(way.notification.startsAt)}: \`group_wait\` is ${seconds(grouping.waitSeconds)}`,
  holds: way.notification !== undefined,
  evidence: inbox,
  expected: `a notification of the alert of ${clock(firing)}, after \`group_wait\` (${seconds(grouping.waitSeconds)}), or where its group is known already at its next round (${seconds(grouping.intervalSeconds)})`,
  measured: 'none',
  look: 'the log of alertmanager',
  notifies: [name],
});

export const wholeWay = ({ over, pending, firing, notification }: Way): Fact[] => {
  if (over === undefined || firing === undefined || notification === undefined) return [];
  const parts = [
    `evaluation ${seconds(pending - over)}`,
    `for ${seconds(firing - pending)}`,
    `grouping ${seconds(notification.receivedAt - firing)}`,
  ];
  const total = seconds(notification.receivedAt - over);
  const fact = `from the first sample to the notification it took ${total} = ${parts.join(' + ')}`;
  return [{ fact, evidence: 'the times above' }];
};

/** FIRING → resolved: at the first evaluation after a sample that is not over, or after a failed scrape. */
export const resolvedStage = ({ stored, way, scrapeAt, missedBetween }: Context, resolved: number): Claim => {
  const last = way.evaluations.at(-1)!;
  const fromThen = last - stored.evaluationSeconds;
  const isEnd = ([at]: Sample) => at > fromThen && at + scrapeAt(at).durationSeconds + storingSeconds > last;
  const low = stored.gauge.find((sample) => sample[1] <= threshold && isEnd(sample));
  const failed = stored.up.find((sample) => sample[1] === 0 && isEnd(sample));
  const ends = [low, failed].filter((sample) => sample !== undefined).map(([at]) => at);
  const ended = ends.length === 0 ? undefined : Math.min(...ends);
  const most = resolved + stored.evaluationSeconds * missedBetween(last, resolved);
  const isSample = low !== undefined && ended === low[0];
  const cause =
    ended === undefined
      ? 'without a cause'
      : `after ${isSample ? `a sample of ${low[1]}` : 'a scrape that failed'} at ${clock(ended)}`;
  return {
    claim: `FIRING → resolved at ${clock(resolved)}, the first evaluation ${cause}; it had fired for ${seconds(resolved - way.firing!)}`,
    holds: ended !== undefined && ended <= most,
    evidence: `${firingSelector}[15m] beside cpu_usage_simulated`,
    expected: `a sample not over ${threshold}, or a failed scrape, before ${clock(most)}`,
    measured: cause,
    look: 'cpu_usage_simulated[15m] in the table view',
  };
};

export const resolutionStage = ({ stored, way, missedBetween }: Context, resolved: number): Claim => {
  const { resolution } = way;
  const last = way.evaluations.at(-1)!;
  const latest = resolved + stored.evaluationSeconds * missedBetween(last, resolved);
  const ended = resolution?.endsAt;
  const isItsEnd = ended !== undefined && ended > last && ended <= latest + 0.002;
  const words =
    resolution && `at ${clock(resolution.receivedAt)}, ${seconds(Math.max(0, resolution.receivedAt - resolved))} later`;
  return {
    claim: `resolved → resolution notified${words === undefined ? '' : ` ${words}: the group's next round, every ${seconds(grouping.intervalSeconds)}`}`,
    holds: isItsEnd,
    evidence: inbox,
    expected: `a notification that it ended at ${clock(resolved)}`,
    measured: ended === undefined ? 'none' : `one that it ended at ${clock(ended)}`,
    look: 'the log of alertmanager; is send_resolved on?',
    ...(resolution === undefined && { notifies: [name] }),
  };
};
