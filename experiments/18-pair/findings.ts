import { requestsStored } from '../../lab/evidence/increase.ts';
import { globalRate, linesOf, rawCounters, summedRate } from '../../lab/evidence/querier.ts';
import { between, clock, count, round, seconds } from '../../lab/model/format.ts';
import type { Notification } from '../../lab/model/reader.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { agrees, increase } from '../../lab/promql/extrapolation.ts';
import type { Series } from '../../lab/promql/sample.ts';
import type { Window } from '../../lab/promql/window.ts';
import {
  countersOf,
  type Freeze,
  longestGap,
  predict,
  type Replica,
  unexpectedSamples,
  uniteReplicas,
} from './pair.ts';

/** What the querier said at one instant. */
export type Queried = {
  warnings: number;
  /** what it says where no part of an answer is allowed: of HTTP */
  codeWhenWhole: number;
  /** sum(rate(…)) over the fleet; undefined where it says nothing */
  sum: number | undefined;
  /** the same without deduplication */
  doubled: number | undefined;
  /** sum(increase(…)) */
  increase: number | undefined;
  /** the raw samples, deduplicated and not */
  series: Series[];
  both: Series[];
};

const perSecond = (value: number | undefined) => `${round(value ?? Number.NaN, 2)}/s`;

/** The alert of rules.yml that every replica sends alike, and the one whose label distinguishes them. */
export const alerts = { alike: 'InstanceSeen', each: 'InstanceSeenByReplica' } as const;

/** Without deduplication everything is there twice, and a sum is twice what happened. */
export const theDouble = (pair: readonly Replica[], querier: Queried, window: Window): Claim => {
  const own = uniteReplicas(pair);
  const [ours, theirs] = [own, querier.both].map((each) => linesOf(each, 'replica', 'instance').sort());
  const sum = summedRate(own, window);
  return {
    claim: `without deduplication there are ${count(querier.both.length, 'series')}, every sample of both replicas, and the fleet seems to get ${perSecond(querier.doubled)}`,
    holds: `${ours}` === `${theirs}` && ours!.length > 0 && agrees(querier.doubled, sum),
    evidence: `${globalRate(window)} at ${clock(window.at)}, with dedup=false`,
    expected: `${count(own.length, 'series')} with ${count(ours!.length, 'sample')}, and ${sum}`,
    measured: `${count(querier.both.length, 'series')} with ${count(theirs!.length, 'sample')}, and ${querier.doubled}`,
    look: 'count by (replica) (up{job="my_app"}), asked of the querier with dedup=false',
  };
};

/** With it there is one of each, and the sum is near to what happened. */
export const theSingle = (
  pair: readonly Replica[],
  instances: readonly string[],
  querier: Queried,
  window: Window,
): Claim => {
  const own = summedRate(predict(pair, instances, querier.series), window);
  return {
    claim: `with it there are ${count(querier.series.length, 'series')}, one of each instance, and the fleet gets ${perSecond(querier.sum)}`,
    holds: querier.series.length === instances.length && agrees(querier.sum, own),
    evidence: `${globalRate(window)} at ${clock(window.at)}`,
    expected: `${count(instances.length, 'series')}, and ${own}`,
    measured: `${count(querier.series.length, 'series')}, and ${querier.sum}`,
    look: 'count(up{job="my_app"}), asked of the querier',
  };
};

/** The deduplicated series are made of the replicas' own samples, as the model says. */
export const theChoice = (
  pair: readonly Replica[],
  instances: readonly string[],
  querier: Queried,
  window: Window,
): Claim => {
  const [own, theirs] = [predict(pair, instances, querier.series), querier.series].map((each) =>
    linesOf(each, 'instance').sort(),
  );
  const unexpected = unexpectedSamples(querier.series, pair);
  const wrong =
    theirs!.filter((line) => !own!.includes(line)).length + own!.filter((line) => !theirs!.includes(line)).length;
  return {
    claim: `every sample of the answer is one replica’s, and which one was predicted: ${count(theirs!.length, 'sample')}, from ${pair.map((each) => `${linesOf(countersOf(each)).length} of ${each.service}`).join(' and ')}`,
    holds: unexpected === 0 && `${own}` === `${theirs}` && theirs!.length > 0,
    evidence: `${rawCounters(window)} at ${clock(window.at)}, beside a model of the deduplication, fed with the samples of both`,
    expected: `${count(own!.length, 'sample')}, time by time and value by value`,
    measured: `${count(theirs!.length, 'sample')}: ${unexpected} of no replica, ${wrong} not predicted`,
    look: 'make status: is each replica and each sidecar up?',
  };
};

/** How many different alerts of that name fire, as far as the inbox shows. */
export const arrived = (inbox: readonly Notification[], name: string): number => {
  const last = new Map<string, Notification>();
  for (const each of inbox.filter(({ alertname }) => alertname === name)) {
    const key = `${each.labels.instance} ${each.labels.seen_by ?? ''}`;
    if ((last.get(key)?.receivedAt ?? 0) <= each.receivedAt) last.set(key, each);
  }
  return [...last.values()].filter(({ status }) => status === 'firing').length;
};

/** Two that see the same send the same alert, once. */
export const theAlerts = (inbox: readonly Notification[], firing: number, instances: readonly string[]): Claim => {
  const [alike, each] = [alerts.alike, alerts.each].map((name) => arrived(inbox, name)) as [number, number];
  return {
    claim: `${firing} alerts fire at the replicas and ${alike} arrive, since each is sent without the label of its replica; those that name it in another label arrive ${each} times`,
    holds: firing === 2 * instances.length && alike === instances.length && each === 2 * instances.length,
    evidence: `ALERTS{alertname="${alerts.alike}"} with dedup=false, beside what the guide has received of ${alerts.alike} and ${alerts.each}`,
    expected: `${2 * instances.length}, ${instances.length} and ${2 * instances.length}`,
    measured: `${firing}, ${alike} and ${each}`,
    look: 'alert_relabel_configs in Status → Configuration of a replica',
    ...((alike < instances.length || each < 2 * instances.length) && { notifies: [alerts.alike, alerts.each] }),
  };
};

/** Each Prometheus looks at times of its own, so their samples are not the same ones. */
export const theDifference = (pair: readonly Replica[]): Fact => {
  const times = pair.map((each) =>
    countersOf(each).flatMap(({ labels, samples }) => samples.map(([at]) => `${labels.instance} ${at}`)),
  );
  const [one, other] = times as [string[], string[]];
  const alike = one.filter((time) => other.includes(time)).length;
  return {
    fact: `the two look at times of their own: of ${one.length} and ${other.length} samples ${alike === 0 ? 'none were' : `${alike} were`} taken of the same instance at the same time`,
    evidence: 'the times of the raw samples of both',
  };
};

/** While one is frozen, the other answers for both. */
export const theSurvivor = (
  survivor: Replica,
  instances: readonly string[],
  querier: Queried,
  window: Window,
): Claim => {
  const [own, theirs] = [countersOf(survivor), querier.series].map((each) => linesOf(each, 'instance').sort());
  const sum = summedRate(countersOf(survivor), window);
  return {
    claim: `the answer is whole: ${count(theirs!.length, 'sample')} of ${count(querier.series.length, 'instance')}, every one of ${survivor.service}, and ${perSecond(querier.sum)}`,
    holds: `${own}` === `${theirs}` && querier.series.length === instances.length && agrees(querier.sum, sum),
    evidence: `${rawCounters(window)} at ${clock(window.at)}, asked of the querier and of ${survivor.service}`,
    expected: `${count(own!.length, 'sample')} of ${count(instances.length, 'instance')}, and ${sum}`,
    measured: `${count(theirs!.length, 'sample')} of ${count(querier.series.length, 'instance')}, and ${querier.sum}`,
    look: `make status: is ${survivor.sidecar} up?`,
  };
};

/** A warning, and a refusal for nothing. */
export const theWarning = (querier: Queried, silent: string): Claim => ({
  claim: `it warns that ${silent} does not answer; with partial_response=false it returns ${querier.codeWhenWhole} instead, although nothing is missing`,
  holds: querier.warnings > 0 && querier.codeWhenWhole >= 400,
  evidence: `/api/v1/query of ${globalQuerier.address}, also with partial_response=false`,
  expected: 'a warning, and an error with partial_response=false',
  measured: `${count(querier.warnings, 'warning')}, ${querier.codeWhenWhole}`,
  look: 'the page Stores of the querier',
});

/** The longest hole of the frozen one, of the other and of the answer. */
export const theHoles = (
  pair: readonly Replica[],
  freeze: Freeze,
  querier: Queried,
  leastSeconds: number,
): Claim | Fact => {
  const gapOf = (isFrozen: boolean) =>
    longestGap(pair.filter(({ service }) => (service === freeze.service) === isFrozen).flatMap(countersOf));
  const [frozen, survivor, answer] = [gapOf(true), gapOf(false), longestGap(querier.series)];
  const words = `the longest gap in a series: ${seconds(frozen)} at ${freeze.service}, ${seconds(survivor)} at the other, ${seconds(answer)} in the answer`;
  const evidence = 'from one raw sample to the next, in all series of each';
  if (frozen <= leastSeconds) return { fact: words, evidence };
  return {
    claim: `${words}, which goes over from one to the other late`,
    holds: answer < frozen && answer > 0,
    evidence,
    expected: `under ${seconds(frozen)}`,
    measured: seconds(answer),
    look: 'requests_total[2m] in the table view, asked of the querier',
  };
};

/** What the holes cost: the increase beside what happened and what the survivor says. */
export const theCost = (
  pair: readonly Replica[],
  freeze: Freeze,
  instances: readonly string[],
  querier: Queried,
  { since, at, windowSeconds }: Window & { since: number },
): Claim => {
  const grown = (series: readonly Pick<Series, 'samples'>[]) =>
    series.reduce((sum, { samples }) => sum + (increase(samples, at, windowSeconds) ?? 0), 0);
  const own = grown(predict(pair, instances, querier.series));
  const survivor = pair.find(({ service }) => service !== freeze.service)!;
  const rows = requestsStored(survivor.members, since, at);
  const total = (key: 'least' | 'most') => rows.reduce((sum, row) => sum + row[key], 0);
  return {
    claim: `the increase of the answer is ${round(querier.increase ?? Number.NaN, 1)} requests, of ${survivor.service} alone ${round(grown(countersOf(survivor)), 1)}, in ${seconds(windowSeconds)} in which ${between(total('least'), total('most'))} happened between its first and last scrape`,
    holds: agrees(querier.increase, own),
    evidence: `sum(increase(${rawCounters({ windowSeconds })})) at ${clock(at)}, beside the same arithmetic on the predicted samples`,
    expected: String(own),
    measured: String(querier.increase),
    look: 'the raw samples of one instance, asked of the querier and of both replicas',
  };
};
