import { only } from '../../lab/evidence/samples.ts';
import { clock, count, duration, listed, round, seconds } from '../../lab/model/format.ts';
import type { Answer } from '../../lab/model/reader.ts';
import type { Claim, Fact, Finding } from '../../lab/model/verdict.ts';
import { agrees, growth, increase } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow, milliseconds } from '../../lab/promql/window.ts';
import { lazy, type Twin, zeroed } from './twins.ts';

/** The errors of one instance that come all in one second; unix seconds. */
export type Burst = { instance: string; count: number; at: number };

/** What one of the counters came to. */
export type Counted = Twin & {
  /** under the current settings */
  samples: Sample[];
  /** of an exporter before, which its window may still hold */
  before: Sample[];
  /** evaluations in which its alert fired, since then */
  firing: number[];
  /** when the first notification since the burst arrived */
  notifiedAt?: number;
  /** its increase at the instant that is measured, and the same with `anchored` */
  answer?: number;
  anchored?: Answer;
  /** the last sample before that window, which `anchored` begins with: a query sees it for five minutes */
  anchor?: Sample;
};

export type Twins = { lazy: Counted; zeroed: Counted; dated: Counted };

/** The instant that is measured, and the window that ends there. */
export type Instant = { at: number; windowSeconds: number };

export const increaseOf = ({ metric }: Twin, { windowSeconds }: Instant, modifier = ''): string =>
  `increase(${metric}[${duration(windowSeconds)}]${modifier})`;

const ownIncrease = ({ before, samples }: Counted, { at, windowSeconds }: Instant): number | undefined =>
  increase([...before, ...samples], at, windowSeconds);

const when = (twin: Twin, instant: Instant) => `${increaseOf(twin, instant)} at ${clock(instant.at)}`;

export const whatHappened = (burst: Burst): Fact => ({
  fact: `what happened: ${count(burst.count, 'error')} at ${burst.instance} in the second ${clock(burst.at)}, and none before`,
  evidence: `/truth?from=${burst.at}&to=${burst.at + 1}, errors`,
});

/** Created with the errors, so that no sample says that there were fewer before. */
export const bornLate = (counted: Counted, burst: Burst, instant: Instant): Claim => {
  const { samples, answer } = counted;
  const values = [...new Set(samples.map(([, value]) => value))];
  const own = ownIncrease(counted, instant);
  return {
    claim: `${lazy.metric} was created with them: its first sample is ${samples[0]?.[1] ?? 'missing'}, and its increase is ${answer ?? 'nothing'}. The first errors of an instance are lost`,
    holds: values.length === 1 && values[0] === burst.count && samples[0]![0] > burst.at && answer === 0 && own === 0,
    evidence: when(lazy, instant),
    expected: `samples of ${burst.count} alone, since ${clock(burst.at)}, and an increase of 0`,
    measured: `samples of ${values.join(', ') || 'nothing'}, an increase of ${answer ?? 'nothing'}`,
    look: `${lazy.metric} in the table view`,
  };
};

export const neverFired = (lazily: Counted, others: Counted): Claim => ({
  claim: `so its alert never fired, in ${count(others.firing.length, 'evaluation')} in which the one on ${others.metric} did`,
  holds: lazily.firing.length === 0 && lazily.notifiedAt === undefined && others.firing.length > 0,
  evidence: `ALERTS{alertname="${lazily.alert}"} beside ALERTS{alertname="${others.alert}"}`,
  expected: `no evaluation in which ${lazily.alert} fires, and no notification`,
  measured: `${count(lazily.firing.length, 'evaluation')}, ${lazily.notifiedAt === undefined ? 'no notification' : 'a notification'}`,
  look: `the alert ${lazily.alert} in Status → Rule health`,
});

type Zero = { isThere: boolean; words: string };

/** A counter that has a sample of 0 before the errors: raw it is right, its increase is near, its alert arrives. */
const fixed = (twin: Counted, { isThere, words }: Zero, burst: Burst, instant: Instant, hasInbox: boolean): Claim[] => {
  const { metric, samples, answer, firing, notifiedAt, alert } = twin;
  const raw = growth(samples.filter(([at]) => at <= instant.at));
  const own = ownIncrease(twin, instant);
  const arrived = notifiedAt === undefined ? 'never arrived' : `arrived at ${clock(notifiedAt)}`;
  const fired = firing[0] === undefined ? 'never fired' : `fired at ${clock(firing[0])}`;
  return [
    {
      claim: `${metric} ${words}: its raw increase is ${raw}, and its increase is ${answer === undefined ? 'nothing' : round(answer, 4)}, which is ${raw} extrapolated to the window boundaries`,
      holds: isThere && raw === burst.count && answer !== undefined && agrees(answer, own),
      evidence: when(twin, instant),
      expected: `a sample of 0 before the one of ${burst.count}, and an increase of ${own} by Prometheus' formula`,
      measured: `first ${listed(samples.slice(0, 2).map(([at, value]) => `${value} at ${clock(at)}`)) || 'nothing'}, an increase of ${answer ?? 'nothing'}`,
      look: `${metric}[2m] in the table view`,
    },
    {
      claim: `and its alert ${fired}${hasInbox ? ` and ${arrived}` : ''}`,
      holds: firing.length > 0 && (!hasInbox || notifiedAt !== undefined),
      evidence: `ALERTS{alertname="${alert}"}${hasInbox ? ' and the inbox of the guide' : ''}`,
      expected: hasInbox ? 'an alert that fires, and a notification of it' : 'an alert that fires',
      measured: hasInbox ? `${fired}, ${arrived}` : fired,
      look: `the alert ${alert} in Status → Rule health`,
      ...(firing.length > 0 && { notifies: [alert] }),
    },
  ];
};

/** The fix that every exporter can have: a counter that is there as 0 before anything happens. */
export const fromZero = (twin: Counted, burst: Burst, instant: Instant, hasInbox: boolean): Claim[] => {
  const isThere = twin.samples[0]?.[1] === 0 && twin.samples[0][0] < burst.at;
  return fixed(twin, { isThere, words: 'was 0 from the start' }, burst, instant, hasInbox);
};

/** The other fix: Prometheus itself puts a 0 where the exposition says that the counter was created. */
export const fromCreation = (twin: Counted, burst: Burst, instant: Instant, hasInbox: boolean): Claim[] => {
  const [first] = twin.samples;
  const isThere = first !== undefined && first[1] === 0 && milliseconds(first[0]) === milliseconds(burst.at);
  const words = `was created with them and has a created timestamp, so Prometheus stored a 0 at ${clock(burst.at)}`;
  return fixed(twin, { isThere, words }, burst, instant, hasInbox);
};

/** last − first over the window, begun with the sample before it. */
const ownAnchored = ({ anchor, before, samples }: Counted, { at, windowSeconds }: Instant): number =>
  growth([...(anchor ? [anchor] : []), ...inWindow([...before, ...samples], at, windowSeconds)]);

/** What `anchored` fixes, and what not; left out by name where Prometheus does not have it. */
export const anchored = (twins: Twins, instant: Instant): Finding => {
  const [late, early] = [saidBy(twins.lazy.anchored), saidBy(twins.zeroed.anchored)];
  const own = [ownAnchored(twins.lazy, instant), ownAnchored(twins.zeroed, instant)] as const;
  const evidence = `${increaseOf(twins.zeroed, instant, ' anchored')} and ${increaseOf(twins.lazy, instant, ' anchored')} at ${clock(instant.at)}`;
  if (late === 'refused' || early === 'refused') {
    return { fact: 'left out: this Prometheus refuses `anchored`, which 3.7 and later have', evidence };
  }
  const { anchor } = twins.lazy;
  const rest =
    anchor === undefined
      ? `and still ${late} of ${lazy.metric}. It removes the fraction, not the loss`
      : `and ${late} of ${lazy.metric}, where it begins with ${anchor[1]}, which an earlier process left ${seconds(instant.at - instant.windowSeconds - anchor[0])} before the window`;
  return {
    claim: `\`anchored\` does not extrapolate: it says ${early} of ${zeroed.metric}, ${rest}`,
    holds: early === own[1] && late === own[0],
    evidence,
    expected: `${own[1]} and ${own[0]}`,
    measured: `${early} and ${late}`,
    look: 'the release notes of Prometheus 3.7: promql-extended-range-selectors',
  };
};

const saidBy = (answer: Answer | undefined): number | 'refused' | 'nothing' => {
  if (answer === undefined || 'refused' in answer) return 'refused';
  return only(answer.series)[0]?.[1] ?? 'nothing';
};
