import { countIn, type Delivery, isWithin, missingTimes, type Stretch } from '../../lab/evidence/delivery.ts';
import type { Absence } from '../../lab/evidence/outages.ts';
import type { Sending } from '../../lab/evidence/remote-endpoint.ts';
import { clock, count, duration, grouped, listed } from '../../lab/model/format.ts';
import { cpu } from '../../lab/model/metrics.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import type { Loss } from './loss.ts';

/** What a backend answers: a number, and with how many warnings. */
export type Answered = { value: number; warnings: number };

/** What was compared, and what Prometheus reports of its sending. */
export type Compared = Omit<Sending, 'since'> & {
  since: number;
  until: number;
  delivery: Delivery;
  stored: readonly Series[];
  absences: readonly Absence[];
  losses: readonly Loss[];
  counted: { prometheus: number; store: Answered };
};

const samplesIn = (value: number): string => `${grouped(value)} ${value === 1 ? 'sample' : 'samples'}`;

const evidenceOf = ({ since, until }: Compared): string =>
  `{job="my_app"}[${duration(Math.ceil(until - since))}] at ${clock(until)}, asked of Prometheus and of query`;

export const whatHappened = (compared: Compared): Fact => {
  const { since, until, delivery, absences, losses } = compared;
  const away = absences.map(({ lastSeen, firstMissed, seenAgain }) => {
    const from = firstMissed === undefined ? `after ${clock(lastSeen)}` : `from ${clock(firstMissed)}`;
    return `${from} until ${clock(seenAgain!)}`;
  });
  const restarts = losses.map(({ restartedAt }) => clock(restartedAt));
  const what = [
    `from ${clock(since)} to ${clock(until)} Prometheus stored ${samplesIn(delivery.samples)} of the exporter in ${count(delivery.series, 'series')}, and sent them`,
    ...(away.length === 0 ? [] : [`the endpoint was down ${listed(away)}`]),
    ...(restarts.length === 0 ? [] : [`Prometheus was restarted at ${listed(restarts)}`]),
  ];
  return { fact: `what happened: ${what.join('; ')}`, evidence: evidenceOf(compared) };
};

/** By value, sample by sample, but for what a restart can have cost. */
export const theArrival = (compared: Compared): Claim => {
  const { delivery, losses } = compared;
  const gaps = losses.map(({ perhaps }) => perhaps);
  const missing = missingTimes(delivery);
  const unexplained = missing.filter((at) => !isWithin(at, gaps)).length;
  const there = delivery.samples - missing.length;
  const what =
    missing.length === 0
      ? `nothing is lost: all ${samplesIn(there)} are at the endpoint, each with its time and its value`
      : `outside the gap nothing is lost: ${samplesIn(there)} are at the endpoint, each with its time and its value`;
  return {
    claim: what,
    holds: there > 0 && unexplained === 0 && delivery.wrong === 0 && delivery.unexpected === 0,
    evidence: evidenceOf(compared),
    expected: 'every sample of Prometheus, and no other',
    measured: `${unexplained} missing, ${delivery.wrong} with another value, ${delivery.unexpected} that Prometheus does not have`,
    look: 'make status, and the log of `store`: make logs',
  };
};

/** What was scraped in an absence that no restart fell into; nothing where none was so long that anything surely was. */
export const theBacklog = (compared: Compared): Claim[] => {
  const { absences, losses, stored, delivery } = compared;
  const away = (absence: Absence): Stretch => ({ from: absence.firstMissed ?? 0, to: absence.lastMissed ?? -1 });
  const absence = absences.findLast(
    (each) =>
      countIn(stored, away(each)) > 0 &&
      !losses.some(({ restartedAt }) => restartedAt > each.lastSeen && restartedAt < each.seenAgain!),
  );
  if (absence === undefined) return [];
  const stretch = away(absence);
  const scraped = countIn(stored, stretch);
  const missing = missingTimes(delivery).filter((at) => isWithin(at, [stretch])).length;
  const most = mostIn(compared.waiting, { from: absence.lastSeen, to: absence.seenAgain! });
  return [
    {
      claim: `what was scraped while the endpoint was down arrived afterwards: ${samplesIn(scraped)} from ${clock(stretch.from)} to ${clock(stretch.to)}. Up to ${grouped(most)} were in the remote-write queue`,
      holds: missing === 0,
      evidence: `{job="my_app"} in both; prometheus_remote_storage_samples_pending`,
      expected: `${samplesIn(scraped)}`,
      measured: `${scraped - missing}`,
      look: 'prometheus_remote_storage_samples_retried_total: does Prometheus try again?',
    },
  ];
};

const mostIn = (samples: readonly Sample[], { from, to }: Stretch): number =>
  Math.max(0, ...samples.filter(([at]) => at >= from && at <= to).map(([, value]) => value));

/** No sample was given up. */
export const nothingRefused = ({ refused, retried, since }: Compared): Claim => {
  const reported = refused.filter(([at]) => at >= since);
  const failed = Math.max(0, ...reported.map(([, value]) => value));
  const again = retried.at(-1)?.[1] ?? 0;
  return {
    claim: `none was given up: 0 failed at each of ${count(reported.length, 'scrape')}, and ${grouped(again)} times a sample was sent once more`,
    holds: reported.length > 0 && failed === 0,
    evidence: 'prometheus_remote_storage_samples_failed_total and _retried_total',
    expected: '0: requests to an endpoint that is down are retried',
    measured: `${failed}`,
    look: 'the log of Prometheus: a request refused with 400 is not retried',
  };
};

/** Exactly what waited when Prometheus ended: it is in Prometheus, and nothing sends it any more. */
export const theGap = (compared: Compared, { surely, perhaps, restartedAt }: Loss): Claim => {
  const { delivery, stored } = compared;
  const missing = missingTimes(delivery).filter((at) => isWithin(at, [perhaps]));
  const must = countIn(stored, surely!);
  const lost = missing.filter((at) => isWithin(at, [surely!])).length;
  const torn = delivery.missing.filter((_, index) => isTorn(delivery, stored, index, perhaps)).length;
  const [first, last] = [missing[0] ?? Number.NaN, missing.at(-1) ?? Number.NaN];
  return {
    claim: `the gap: ${samplesIn(missing.length)} from ${Number.isNaN(first) ? '—' : clock(first)} to ${Number.isNaN(last) ? '—' : clock(last)} are in Prometheus and will never be at the endpoint: all that waited when Prometheus was restarted at ${clock(restartedAt)}`,
    holds: must > 0 && lost === must && torn === 0,
    evidence: evidenceOf(compared),
    expected: `all ${samplesIn(must)} from ${clock(surely!.from)}, when the endpoint was down, to the restart, and none between two that are there`,
    measured: `${lost} of ${must}, ${torn} series with gaps`,
    look: 'the two graphs of the same query, beside each other',
  };
};

/** A sample that is there between two of the gap. */
const isTorn = ({ missing }: Delivery, stored: readonly Series[], index: number, gap: Stretch): boolean => {
  const lost = (missing[index] ?? []).filter(([at]) => isWithin(at, [gap]));
  if (lost.length === 0) return false;
  return countIn([stored[index]!], { from: lost[0]![0], to: lost.at(-1)![0] }) !== lost.length;
};

/** The process that knew how far it had come is gone. */
export const nothingReports = ({ refused, dropped, waiting, since }: Compared, { restartedAt }: Loss): Claim => {
  const highest = (samples: readonly Sample[]) =>
    Math.max(0, ...samples.filter(([at]) => at >= since).map(([, value]) => value));
  const reported = highest(refused) + Math.max(0, ...dropped.map(({ samples }) => highest(samples)));
  const before = waiting.findLast(([at]) => at < restartedAt)?.[1] ?? Number.NaN;
  const after = waiting.find(([at]) => at > restartedAt)?.[1] ?? Number.NaN;
  return {
    claim: `no counter reports it: 0 failed, 0 dropped, at every scrape before and after. The one trace is the queue: ${grouped(before)} samples at the last scrape before the restart, ${grouped(after)} at the first after it`,
    holds: reported === 0,
    evidence: 'prometheus_remote_storage_samples_failed_total, _dropped_total and _pending',
    expected: '0 and 0',
    measured: `${reported}`,
    look: 'the log of the Prometheus that ended: it says how many it could not flush',
  };
};

/** The store answers, without a word. */
export const theAnswer = ({ counted, delivery, stored, since, until }: Compared): Claim => {
  const index = stored.findIndex(({ labels }) => labels.__name__ === cpu);
  const lost = delivery.missing[index]?.length ?? 0;
  const { prometheus, store } = counted;
  const expected = prometheus - lost;
  return {
    claim: `and the endpoint says nothing: ${store.value} samples of the CPU where Prometheus has ${prometheus}, and no warning`,
    holds: index !== -1 && lost > 0 && store.value === expected && store.warnings === 0,
    evidence: `count_over_time(${cpu}[${duration(Math.ceil(until - since))}]) at ${clock(until)}, asked of both`,
    expected: `${expected}: ${prometheus} less the ${lost} in the gap`,
    measured: `${store.value}, with ${count(store.warnings, 'warning')}`,
    look: 'the same query at an instant before the gap',
  };
};
