import type { Target } from '../../lab/evidence/fleet.ts';
import { couldHaveSeen } from '../../lab/evidence/scrape.ts';
import { clock, count, listed, percent, round, truthBetween } from '../../lab/model/format.ts';
import type { Claim, Fact, Judgement } from '../../lab/model/verdict.ts';
import { agrees } from '../../lab/promql/extrapolation.ts';
import type { Member, Scene } from './scene.ts';
import { diskFree, failedOrders, fullBelow, orders, orUnknown, type Watch } from './watch.ts';

/** Why an alert ends, and what its expression says then. */
const causes = {
  left: { because: 'its host has left, and its series with it', says: (value: number) => value === undefined },
  unread: { because: 'its reading is NaN, and NaN < 0.1 is false', says: Number.isNaN },
  averaged: { because: 'one NaN among the disks makes their average NaN', says: Number.isNaN },
  idle: { because: 'no order arrives, and 0 / 0 is NaN', says: Number.isNaN },
  emptied: { because: 'its disk was emptied', says: (value: number) => value >= fullBelow },
};

/** An alert that has fired, of one instance or of all together. Times are those of evaluations, unix seconds. */
export type Ended = {
  watch: Watch;
  instance?: string;
  cause: keyof typeof causes;
  /** the first evaluation at which it fired no more; undefined where it fires still */
  endedAt: number | undefined;
  /** what its expression says there; undefined where it says nothing */
  says: number | undefined;
  /** what is true there, in words, and whether that is bad */
  truly: string;
  isBad: boolean;
  /** when it ended by each RESOLVED in the inbox; undefined where nothing receives notifications */
  resolved: number[] | undefined;
  /** the evaluations from the end on; those at which the other alert fires, and when that ended by the inbox */
  later: number[];
  kept: number[];
  keptResolved: number[] | undefined;
};

export type Measured = { scene: Scene; disks: (Target & Member)[]; ended: Ended[]; ratios: Ratios };

export const verdict = ({ scene, disks, ended, ratios }: Measured): Judgement => ({
  kind: 'measured',
  findings: [whatHappened(scene), storedIsRight(disks), ...ended.map(resolved), theFix(ended), withoutFailures(ratios)],
});

/** Alertmanager gets milliseconds. */
const slack = 0.002;

const shown = (value: number | undefined) => (value === undefined ? 'nothing' : round(value, 3));
const times = (each: readonly number[]) => (each.length === 0 ? 'none' : listed(each.map(clock)));
const nameOf = ({ watch, instance }: Ended) => watch.alert + (instance === undefined ? '' : ` of ${instance}`);

const whatHappened = ({ emptied, unread, left, failing }: Scene): Fact => {
  const { startedAt, orders: failed } = failing.truth;
  const full = left.truth.instants.find((at) => at > startedAt && left.truth.disk!.free[at - startedAt]! < fullBelow)!;
  const [read, free] = [unread.truth.disk!.exposed.indexOf(null), emptied.truth.disk!.free.lastIndexOf(0.05) + 1];
  return {
    fact: `what happened: three disks were 5 % free from ${clock(full)} on; ${left.instance} left at ${clock(left.leavesAt!)}, ${unread.instance} reads NaN from ${clock(startedAt + read)} on, ${emptied.instance} was emptied at ${clock(startedAt + free)}. At ${failing.instance} each order failed from ${clock(failed!.failsFrom!)} on, and none arrived from ${clock(failed!.stopsAt!)} on`,
    evidence: `${truthBetween(startedAt, startedAt + 40)}&instance=…, disk and orders`,
  };
};

/** Every sample of the disks is what the page had in a second which its scrape may have met. */
const storedIsRight = (disks: readonly (Target & Member)[]): Claim => {
  const samples = disks.flatMap(({ series, scrapeAt, truth, instance }) => {
    const signal = { firstSecond: truth.instants[0]!, values: truth.disk!.exposed.map((each) => each ?? Number.NaN) };
    return series.flatMap((each) =>
      each.samples.map(([at, value]) => ({ at, value, instance, right: couldHaveSeen(signal, scrapeAt(at)) })),
    );
  });
  const wrong = samples.filter(({ value, right }) => !right.includes(value));
  return {
    claim: `what was stored is right: ${count(samples.length, 'sample')} of three disks, NaN among them`,
    holds: wrong.length === 0 && samples.some(({ value }) => Number.isNaN(value)),
    evidence: `${diskFree}[2m], beside /truth of each instance`,
    expected:
      wrong.map(({ right, at }) => `${right.join(' or ')} at ${clock(at)}`).join(', ') || 'values of /truth, and NaN',
    measured: wrong.map(({ value, instance }) => `${value} of ${instance}`).join(', ') || 'no NaN',
    look: `${diskFree} in the table view`,
  };
};

/** One RESOLVED: when, why, and what was true then. */
const resolved = (ended: Ended): Claim => {
  const { watch, cause, endedAt = Number.NaN, says, truly, isBad, resolved: inbox } = ended;
  const isNotified = inbox === undefined || (inbox.length === 1 && Math.abs(inbox[0]! - endedAt) <= slack);
  const isWrong = cause !== 'emptied';
  return {
    claim: `${nameOf(ended)} was RESOLVED at ${Number.isNaN(endedAt) ? 'no evaluation' : clock(endedAt)}, since ${causes[cause].because}: ${isBad ? 'not fixed' : 'fixed'}, ${truly}`,
    holds: isNotified && causes[cause].says(says!) && isBad === isWrong,
    evidence: `${watch.is} and ALERTS{alertname="${watch.alert}"} at that evaluation, the inbox, and /truth`,
    expected: `one RESOLVED at that evaluation, ${isWrong ? 'while it is still bad' : 'once it is fixed'}`,
    measured: `RESOLVED: ${inbox ? times(inbox) : 'not received'}; the expression says ${shown(says)}; ${truly}`,
    look: `ALERTS{alertname="${watch.alert}"} in the graph view`,
    ...(isNotified && { notifies: [watch.alert] }),
  };
};

/** What is known and not known to be fine goes on firing; what is fixed ends at the same evaluation. */
const theFix = (all: readonly Ended[]): Claim => {
  const wrong = all.filter(({ cause, endedAt, later, kept, keptResolved = [] }) =>
    cause === 'emptied'
      ? kept.some((at) => at >= endedAt!)
      : keptResolved.length > 0 || later.length === 0 || later.some((at) => !kept.includes(at)),
  );
  const kept = all.filter(({ cause }) => cause !== 'emptied');
  const least = Math.min(...kept.map(({ later }) => later.length));
  return {
    claim: `the fix, known and not known to be fine: ${listed([...new Set(kept.map(({ watch }) => orUnknown(watch)))])} go on at every evaluation since, ${least} at least; of the disk that was emptied it ends`,
    holds: wrong.length === 0,
    evidence: `ALERTS{alertname=~".*OrUnknown",alertstate="firing"} at the same evaluations, and the inbox`,
    expected: 'firing at each evaluation since, without RESOLVED; of the emptied disk at none',
    measured: `otherwise: ${listed(wrong.map(nameOf))}`,
    look: 'ALERTS{alertname=~".*OrUnknown"} in the graph view',
  };
};

/** What has failed of how many orders, and what share is well as two queries say it, by instance. */
type Ratios = {
  at: number;
  counted: Record<string, { total: number; failed?: number }>;
  plain: Record<string, number>;
  zeroed: Record<string, number>;
};

export const well = `1 - ${failedOrders} / ${orders}`;
export const wellZeroed = `1 - (${failedOrders} or 0 * ${orders}) / ${orders}`;

/** An instance without a failure has no ratio. */
const withoutFailures = ({ at, counted, plain, zeroed }: Ratios): Claim => {
  const right = Object.entries(counted).map(([instance, { total, failed }]) => ({
    instance,
    failed,
    share: 1 - (failed ?? 0) / total,
  }));
  const shares = (own: Record<string, number>) =>
    listed(Object.entries(own).map(([instance, share]) => `${instance} ${percent(100 * share)}`)) || 'nothing';
  const missing = right.filter(({ failed }) => failed === undefined);
  const isRight = (own: Record<string, number>, rows: typeof right) =>
    Object.keys(own).length === rows.length && rows.every(({ instance, share }) => agrees(own[instance], share));
  return {
    claim: `nothing is not 100 %: ${well} is ${shares(plain)}, and says nothing of ${listed(missing.map(({ instance }) => instance))}, where no order failed; with \`or 0 * ${orders}\` ${shares(zeroed)}`,
    holds:
      missing.length > 0 &&
      isRight(
        plain,
        right.filter((row) => !missing.includes(row)),
      ) &&
      isRight(zeroed, right),
    evidence: `${well} and ${wellZeroed} at ${clock(at)}, beside the two counters`,
    expected: shares(Object.fromEntries(right.map(({ instance, share }) => [instance, share]))),
    measured: `${shares(plain)}; ${shares(zeroed)}`,
    look: `${failedOrders} in the table view`,
  };
};
