import {
  countIn,
  type Delivery,
  deliveryOf,
  isWithin,
  missingTimes,
  type Stretch,
} from '../../lab/evidence/delivery.ts';
import type { Sending } from '../../lab/evidence/remote-endpoint.ts';
import { unsentSeconds } from '../../lab/evidence/remote-write.ts';
import { clock, count, duration, grouped, listed, seconds } from '../../lab/model/format.ts';
import { cpu } from '../../lab/model/metrics.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { type Away, type Node, type Outage, sureHole, takesAgain } from './nodes.ts';

/** What was compared, and what Prometheus reports of its sending. */
export type Compared = Omit<Sending, 'since'> & {
  since: number;
  /** what was scraped later is not compared */
  until: number;
  now: number;
  stored: readonly Series[];
  nodes: readonly Node[];
  away: readonly Away[];
  outage: Outage | undefined;
  /** of what the querier answers */
  delivery: Delivery;
};

const samplesIn = (value: number): string => `${grouped(value)} ${value === 1 ? 'sample' : 'samples'}`;

const rawOf = ({ since, until }: Compared, matchers = ''): string =>
  `{job="my_app"${matchers}}[${duration(Math.max(1, Math.ceil(until - since)))}] at ${clock(until)}`;

export const whatHappened = (compared: Compared): Fact => {
  const { since, until, delivery, away } = compared;
  const absences = away.map(({ node, absence: { firstMissed, seenAgain } }) =>
    seenAgain === undefined
      ? `${node.name} has been down since ${clock(firstMissed)}`
      : `${node.name} was down from ${clock(firstMissed)} until ${clock(seenAgain)}`,
  );
  const what = [
    `from ${clock(since)} to ${clock(until)} Prometheus stored ${samplesIn(delivery.samples)} of the exporter in ${count(delivery.series, 'series')}, and sent them`,
    ...absences,
  ];
  return { fact: `what happened: ${what.join('; ')}`, evidence: rawOf(compared) };
};

/** By value, sample by sample. */
export const theAnswer = (compared: Compared): Claim => {
  const { delivery, nodes, until } = compared;
  const missing = missingTimes(delivery).length;
  const from = nodes.filter(({ answers }) => answers).map(({ name }) => name);
  return {
    claim: `the answer is whole, from ${listed(from)}: all ${samplesIn(delivery.samples - missing)} until ${clock(until)}, each with its time and its value`,
    holds: delivery.samples > 0 && missing === 0 && delivery.wrong === 0 && delivery.unexpected === 0,
    evidence: `${rawOf(compared)}, asked of Prometheus and of query`,
    expected: 'every sample of Prometheus, and no other',
    measured: `${missing} missing, ${delivery.wrong} with another value, ${delivery.unexpected} that Prometheus does not have`,
    look: 'make status, and the log of receive-1: make logs',
  };
};

/** Of each sample, when it was scraped and how many nodes have it. */
const heldOf = ({ stored, nodes, since }: Compared, { from, to }: Stretch): { at: number; held: number }[] => {
  const each = nodes.map(({ alone }) => deliveryOf(stored, alone ?? [], Math.max(from, since), to));
  const missing = each.map(({ missing }) => missing.map((samples) => new Set(samples.map(([at]) => at))));
  return stored.flatMap(({ samples }, index) =>
    samples
      .filter(([at]) => at >= Math.max(from, since) && at <= to)
      .map(([at]) => ({ at, held: missing.filter((series) => !series[index]!.has(at)).length })),
  );
};

/** How many samples so many nodes have. */
const copiesOf = (compared: Compared, stretch: Stretch): Map<number, number> => {
  const copies = new Map<number, number>();
  for (const { held } of heldOf(compared, stretch)) copies.set(held, (copies.get(held) ?? 0) + 1);
  return copies;
};

/** When the newest sample was scraped that fewer than two nodes have; undefined where there is none. */
export const newestWithoutTwo = (compared: Compared): number | undefined => {
  const few = heldOf(compared, { from: compared.since, to: compared.until }).filter(({ held }) => held < 2);
  return few.length === 0 ? undefined : Math.max(...few.map(({ at }) => at));
};

const total = (copies: Map<number, number>): number => [...copies.values()].reduce((sum, value) => sum + value, 0);

/** A write counts once two of three have it; the third copy comes without anybody waiting for it. */
export const theCopies = (compared: Compared): Claim => {
  const copies = copiesOf(compared, { from: compared.since, to: compared.until });
  const [most, all] = [copies.get(3) ?? 0, total(copies)];
  const few = (copies.get(0) ?? 0) + (copies.get(1) ?? 0);
  return {
    claim: `each sample is in two receivers at least, and ${grouped(most)} of ${grouped(all)} are in all three`,
    holds: all > 0 && few === 0,
    evidence: `${rawOf(compared, ',receive="receive-1"')}, and of receive-2 and receive-3, asked of query`,
    expected: `2 or 3 copies of each of ${grouped(all)}`,
    measured: `${few} with one or none`,
    look: 'thanos_receive_replications_total of receive-1: which of its writes failed?',
  };
};

/** Two of three are enough: each of the two has all that was scraped since. */
export const goesOn = (compared: Compared, dead: Node): Claim => {
  const { stored, away, until } = compared;
  const { absence } = away.find(({ node }) => node.name === dead.name)!;
  const since = { from: absence.firstMissed, to: until };
  const scraped = countIn(stored, since);
  const copies = copiesOf(compared, since);
  const others = compared.nodes.filter(({ name }) => name !== dead.name).map(({ name }) => name);
  return {
    claim: `writes go on without ${dead.name}: of ${samplesIn(scraped)} that were scraped since ${clock(absence.firstMissed)}, ${listed(others)} have each`,
    holds: scraped > 0 && copies.get(2) === scraped,
    evidence: `${rawOf(compared, ',receive="receive-1"')}, and of the others, asked of query`,
    expected: `2 copies of each of ${grouped(scraped)}`,
    measured:
      [...copies]
        .map(([held, found]) => `${grouped(found)} with ${count(held, 'copy').replace('copys', 'copies')}`)
        .join(', ') || 'none',
    look: `up{job="thanos"}: is ${dead.name} the only one that is down?`,
  };
};

/** One of three is no quorum: what counts as sent stands still, and what is scraped waits. */
export const itWaits = ({ sentUpTo, waiting, now }: Compared, { surely, second }: Outage): Claim => {
  const reported = sentUpTo.filter(([at]) => at > surely.from && at <= now);
  const newest = Math.max(...reported.map(([, value]) => value));
  const waits = waiting.filter(([at]) => at > surely.from).at(-1)?.[1] ?? Number.NaN;
  return {
    claim: `with ${second.node.name} down as well, writes wait: the newest sample that counts as written is of ${clock(newest)}, at ${count(reported.length, 'scrape')} in a row, and ${grouped(waits)} are in the remote-write queue`,
    holds: reported.length > 0 && newest <= surely.from,
    evidence: 'prometheus_remote_storage_queue_highest_sent_timestamp_seconds and _samples_pending',
    expected: `nothing that was scraped after ${clock(surely.from)}, when two of three were down`,
    measured: clock(newest),
    look: 'the log of Prometheus: the receivers answer 503',
  };
};

/** What had no quorum was sent again, until it had one. */
export const theBacklog = (compared: Compared, { surely, endedBy }: Outage): Claim[] => {
  const { stored, delivery } = compared;
  const scraped = countIn(stored, surely);
  if (scraped === 0) return [];
  const missing = missingTimes(delivery).filter((at) => isWithin(at, [surely])).length;
  return [
    {
      claim: `what waited arrived once there were two again, at ${clock(endedBy)}: ${samplesIn(scraped)} from ${clock(surely.from)} to ${clock(surely.to)}`,
      holds: missing === 0,
      evidence: `${rawOf(compared)}, asked of query`,
      expected: samplesIn(scraped),
      measured: `${scraped - missing}`,
      look: 'prometheus_remote_storage_samples_retried_total: does Prometheus try again?',
    },
  ];
};

export const nothingFails = ({ refused, retried, since }: Compared): Claim => {
  const reported = refused.filter(([at]) => at >= since);
  const failed = Math.max(0, ...reported.map(([, value]) => value));
  const again = retried.at(-1)?.[1] ?? 0;
  return {
    claim: `nothing fails: 0 samples at each of ${count(reported.length, 'scrape')}; ${grouped(again)} times one was sent once more`,
    holds: reported.length > 0 && failed === 0,
    evidence: 'prometheus_remote_storage_samples_failed_total and _retried_total',
    expected: '0: a write without a quorum is tried again',
    measured: `${failed}`,
    look: 'the log of Prometheus: a write that is refused (400) is not tried again',
  };
};

/** What two others took while it was away, nobody gives it afterwards. */
export const theGap = (compared: Compared, away: Away): Claim => {
  const { stored, since, until, outage } = compared;
  const { node } = away;
  const sure = sureHole(away, outage);
  const delivery = deliveryOf(stored, node.alone ?? [], since, until);
  const missing = missingTimes(delivery);
  const must = countIn(stored, sure);
  const lost = missing.filter((at) => isWithin(at, [sure])).length;
  const isBack = takesAgain(away);
  const end = isBack ? `to ${clock(missing.at(-1) ?? until)}, and gets what is written since` : 'on, and gets nothing';
  return {
    claim: `${node.name} has a gap of its own, for good: queried alone it lacks ${samplesIn(missing.length)}, from ${clock(missing[0] ?? until)} ${end}`,
    holds: must > 0 && lost === must && isBack,
    evidence: `${rawOf(compared, `,receive="${node.name}"`)}, asked of query`,
    expected: `all ${samplesIn(must)} from ${clock(sure.from)} to ${clock(sure.to)}, which two others took meanwhile`,
    measured: `${lost}${isBack ? '' : ', and nothing since it is up again'}`,
    look: `count_over_time(${cpu}{receive="${node.name}"}[10m]), asked of query`,
  };
};

/** The one that left second missed only what waited, while the other was away all along. */
export const theCaughtUp = (compared: Compared, { second, surely }: Outage): Claim[] => {
  const { stored, away } = compared;
  const first = away.find(({ node }) => node.name !== second.node.name)!;
  // Without the first, every write needed the second.
  const stretch = { from: first.absence.firstMissed, to: first.absence.lastMissed - unsentSeconds };
  if (second.absence.seenAgain === undefined || stretch.to <= surely.to) return [];
  const delivery = deliveryOf(stored, second.node.alone ?? [], stretch.from, stretch.to);
  if (delivery.samples === 0) return [];
  const missing = missingTimes(delivery).length;
  const long = seconds(second.absence.seenAgain - second.absence.firstMissed);
  return [
    {
      claim: `${second.node.name}, down for ${long}, has none: with ${first.node.name} down no write counted without it, so all that it missed waited. It has ${samplesIn(delivery.samples - missing)} from ${clock(stretch.from)} to ${clock(stretch.to)}`,
      holds: missing === 0,
      evidence: `${rawOf(compared, `,receive="${second.node.name}"`)}, asked of query`,
      expected: samplesIn(delivery.samples),
      measured: `${missing} missing`,
      look: `the outages of both in up{job="thanos"}: did they overlap?`,
    },
  ];
};
