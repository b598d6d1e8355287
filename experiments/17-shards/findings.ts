import { globalRate, linesOf, rawCounters, summedRate } from '../../lab/evidence/querier.ts';
import { clock, count, listed, round, seconds, truthBetween } from '../../lab/model/format.ts';
import { requests } from '../../lab/model/metrics.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { agrees } from '../../lab/promql/extrapolation.ts';
import { hashmod, splitOf } from '../../lab/promql/hashmod.ts';
import type { Series } from '../../lab/promql/sample.ts';
import type { Window } from '../../lab/promql/window.ts';
import { plainQuerier } from './services.ts';
import { type Shard, shards, uniteShards } from './union.ts';

/** What one querier said at one instant. */
export type Queried = {
  /** how many warnings came with the answer */
  warnings: number;
  /** what it says where no part of an answer is allowed: of HTTP */
  codeWhenWhole: number;
  /** sum(rate(…)) over the fleet; undefined where it says nothing */
  sum: number | undefined;
  /** the raw samples behind it, with the shard's label */
  series: Series[];
};

const places = (answering: readonly Shard[]) => listed(answering.map(({ service }) => service));
const perSecond = (value: number) => `${round(value, 2)}/s`;

/** Each shard keeps the targets that the hash gives it, so together they have all and none twice. */
export const theSplit = (instances: readonly string[], answering: readonly Shard[]): Claim => {
  const rows = answering.map(({ service, series, number }) => {
    const expected = instances.filter((instance) => shardOf(instance) === number);
    const found = [...new Set(series.map(({ labels }) => labels.instance ?? ''))].sort();
    return { service, expected: [...expected].sort(), found };
  });
  const list = (names: readonly string[]) => (names.length === 0 ? 'none' : listed(names));
  return {
    claim: `the MD5 of each instance’s name says whose it is: ${listed(rows.map(({ service, expected }) => `${expected.length} are ${service}’s`))}. Each has stored exactly these: together all ${count(instances.length, 'instance')}, and none twice`,
    holds: rows.length === shards.length && rows.every(({ expected, found }) => `${expected}` === `${found}`),
    evidence: `${requests} of each shard, beside the last 8 bytes of the MD5, modulo ${shards.length}`,
    expected: listed(rows.map(({ service, expected }) => `${service}: ${list(expected)}`)),
    measured: listed(rows.map(({ service, found }) => `${service}: ${list(found)}`)),
    look: 'the dropped targets under Status → Service discovery of each shard (in Docker: /api/v1/targets?state=dropped): those of my_app are the other’s',
  };
};

const shardOf = (instance: string): number => hashmod(instance, shards.length);

/** The querier adds nothing and leaves out nothing. */
export const theUnion = (answering: readonly Shard[], { series }: Queried, { at, windowSeconds }: Window): Claim => {
  const own = uniteShards(answering);
  const [ours, theirs] = [own, series].map((each) => linesOf(each, 'shard', 'instance')) as [string[], string[]];
  const missing = ours.filter((line) => !theirs.includes(line)).length;
  const unexpected = theirs.filter((line) => !ours.includes(line)).length;
  return {
    claim: `the querier’s raw samples are those of ${places(answering)}, every one: ${count(theirs.length, 'sample')} in ${count(series.length, 'series')}`,
    holds: missing === 0 && unexpected === 0 && theirs.length === ours.length && ours.length > 0,
    evidence: `${rawCounters({ windowSeconds })} at ${clock(at)}, asked of the querier and of each shard`,
    expected: `${count(ours.length, 'sample')}, time by time and value by value`,
    measured: `${count(theirs.length, 'sample')}: ${missing} missing, ${unexpected} of no shard`,
    look: 'the page Stores of the querier: is each sidecar up?',
  };
};

/** The global sum is Prometheus' own arithmetic on the samples of all shards. */
export const theSum = (answering: readonly Shard[], { sum }: Queried, window: Window): Claim => {
  const own = summedRate(uniteShards(answering), window);
  const parts = answering.map((shard) => `${perSecond(summedRate(shard.series, window))} of ${shard.service}`);
  return {
    claim: `the whole fleet gets ${perSecond(sum ?? Number.NaN)}: ${parts.join(' + ')}, computed by hand from the samples of each, to nine digits`,
    holds: agrees(sum, own),
    evidence: `${globalRate(window)} at ${clock(window.at)}`,
    expected: String(own),
    measured: String(sum),
    look: `sum by (shard) (rate(${requests}[1m])), asked of the querier`,
  };
};

/** Where each answers for itself, a part looks like the whole. */
export const eachAlone = (answering: readonly Shard[], base: number | undefined, window: Window): Fact => {
  const alone = answering.map((shard) => `${shard.service} says ${perSecond(summedRate(shard.series, window))}`);
  const whole = base === undefined ? '' : `; one Prometheus that scrapes all at other times says ${perSecond(base)}`;
  return {
    fact: `asked alone, ${listed(alone)}, and neither says that it is a part${whole}`,
    evidence: `${globalRate(window)} at ${clock(window.at)}, asked of each`,
  };
};

/** What a hash does to a few names is luck. */
export const theLuck = (instances: readonly string[]): Fact => {
  const others = instances.map((_, index) => `exporter-${index + 1}:8000`);
  const [split, other] = [instances, others].map((names) => splitOf(names, shards.length).join(' : '));
  return {
    fact: `a hash does not share out evenly: these names split ${split}, and ${others[0]} … ${others.at(-1)} would split ${other}`,
    evidence: 'the same arithmetic on other names',
  };
};

/** The endpoint that has to answer is missed when it does not. */
export const theWarning = (strict: Queried, dead: Shard): Claim => ({
  claim: `the strict querier says that something is missing: ${count(strict.warnings, 'warning')} with the answer, and ${strict.codeWhenWhole} instead of an answer where it must be whole`,
  holds: strict.warnings > 0 && strict.codeWhenWhole >= 400,
  evidence: `/api/v1/query of ${globalQuerier.address}, also with partial_response=false`,
  expected: 'a warning, and an error with partial_response=false',
  measured: `${count(strict.warnings, 'warning')}, ${strict.codeWhenWhole}`,
  look: `make status: is ${dead.service} down?`,
});

/** The endpoint that has left the set is missed by nobody. */
export const theSilence = (plain: Queried, dead: Shard): Claim => ({
  claim: `the plain querier says nothing: ${plain.codeWhenWhole} and no warning, even where the answer must be whole`,
  holds: plain.warnings === 0 && plain.codeWhenWhole === 200,
  evidence: `/api/v1/query of ${plainQuerier.address}, also with partial_response=false`,
  expected: 'an answer without a warning',
  measured: `${count(plain.warnings, 'warning')}, ${plain.codeWhenWhole}`,
  look: `the page Stores of the querier: is ${dead.sidecar} still in it?`,
});

/** How much of the fleet is not in the answers that look whole. */
export const theLoss = (
  instances: readonly string[],
  alive: Shard,
  queriers: readonly Queried[],
  happened: Record<string, number>,
  since: number,
  window: Window,
): Claim => {
  const answered = (querier: Queried) => [...new Set(querier.series.map(({ labels }) => labels.instance ?? ''))].sort();
  const expected = instances.filter((instance) => shardOf(instance) === alive.number).sort();
  const lost = instances.filter((instance) => !expected.includes(instance));
  const own = summedRate(alive.series, window);
  const total = (names: readonly string[]) => names.reduce((sum, name) => sum + (happened[name] ?? Number.NaN), 0);
  const [all, gone] = [total(instances), total(lost)];
  return {
    claim: `${lost.length} of ${count(instances.length, 'instance')} are missing from both answers, with ${gone} of the ${all} requests that happened in ${seconds(window.at - since)} (${round((100 * gone) / all, 1)} %): they say ${perSecond(queriers[0]?.sum ?? Number.NaN)}, and ${perSecond(all / (window.at - since))} happened`,
    holds:
      lost.length > 0 &&
      queriers.every((querier) => agrees(querier.sum, own) && `${answered(querier)}` === `${expected}`) &&
      Number.isFinite(all),
    evidence: `${globalRate(window)} at ${clock(window.at)}, beside ${truthBetween(since, window.at)}&instance=…`,
    expected: `${own}, of ${listed(expected)}`,
    measured: queriers.map((querier) => `${querier.sum}, of ${listed(answered(querier)) || 'none'}`).join('; '),
    look: `count(up{job="my_app"}), asked of both queriers: it should be ${instances.length}`,
  };
};
