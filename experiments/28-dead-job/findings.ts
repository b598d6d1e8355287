import { clock, count, listed, round, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Truth } from '../../lab/model/lab.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import {
  apart,
  byPost,
  byPut,
  lastSuccess,
  late,
  lateOrFailed,
  lateSeconds,
  of,
  patienceSeconds,
  pushed,
  rows,
  type Scrape,
  said,
  success,
  together,
  workerRows,
} from './jobs.ts';

export type Batch = NonNullable<Truth['batch']>;

/** The runs that succeeded, and the one that did not. */
export const runsOf = ({ runs }: Batch) => ({
  done: runs.filter(({ succeeded }) => succeeded),
  failed: runs.find(({ succeeded }) => !succeeded)!,
});
const lastOf = (batch: Batch) => runsOf(batch).done.at(-1)!;
const totalOf = (each: readonly { rows: number }[]): number => each.reduce((sum, { rows: own }) => sum + own, 0);
const shown = (value: number | undefined): string => (value === undefined ? 'nothing' : round(value, 3));

export const whatHappened = (batch: Batch): Fact => {
  const { done, failed } = runsOf(batch);
  const [first] = done;
  return {
    fact: `what happened: runs at ${listed(done.map(({ at }) => clock(at)))}, ${totalOf(done)} rows in all; none until ${clock(failed.at)}, and that one failed. Two workers did ${listed(batch.workers.map((each) => `${each.rows}`))} rows`,
    evidence: `${truthBetween(first!.at, failed.at)}, batch`,
  };
};

/** What increase() says of the rows, at an instant after all runs that succeeded. */
export type Increase = { at: number; windowSeconds: number; says: number | undefined; stored: readonly number[] };

export const noIncrease = ({ at, windowSeconds, says, stored }: Increase, batch: Batch): Claim => {
  const { done } = runsOf(batch);
  const expr = `increase(${of(rows, byPut)}[${windowSeconds}s])`;
  return {
    claim: `${expr} is ${shown(says)}: each run begins at 0, so that all ${stored.length} samples are ${shown(stored[0])}. The runs did ${totalOf(done)} rows`,
    holds: says === 0 && stored.length > 1 && stored.every((value) => value === done[0]!.rows) && done.length > 1,
    evidence: `${expr} at ${clock(at)}, and /truth`,
    expected: `0, of samples that are all ${done[0]!.rows}`,
    measured: `${shown(says)}, of ${listed([...new Set(stored)].map(String)) || 'no sample'}`,
    look: `${of(rows, byPut)} in the graph view`,
  };
};

/** @param scrape  the last one before the run that fails */
export const wellForEver = (scrape: Scrape, batch: Batch): Claim => {
  const [well, at] = [said(scrape, success, byPut), said(scrape, pushed, byPut)];
  const { at: run } = lastOf(batch);
  return {
    claim: `at ${clock(scrape.at)} the last run is ${seconds(scrape.at - run)} ago. The Pushgateway is up, and ${success} is ${shown(well)}: ${pushed} alone says when that was, ${at === undefined ? 'nothing' : clock(at)}`,
    holds: well === 1 && at !== undefined && at >= run - 0.1 && at <= run + patienceSeconds,
    evidence: `${of(success, byPut)} and ${of(pushed, byPut)} at ${clock(scrape.at)}`,
    expected: `1, pushed at ${clock(run)}`,
    measured: `${shown(well)}, pushed at ${at === undefined ? 'no time' : clock(at)}`,
    look: `time() - ${of(pushed, byPut)} in the graph view`,
  };
};

/** @param scrapes  after both workers have pushed */
export const oneGroup = (scrapes: readonly Scrape[], { workers }: Batch): Claim => {
  const sums = scrapes.map(({ values }) =>
    [together, apart].map((job) => values(workerRows, job).reduce((sum, value) => sum + value, 0)),
  );
  const [one, own] = sums.at(-1) ?? [];
  return {
    claim: `two workers in one group: ${shown(one)} of ${totalOf(workers)} rows, since the second push replaces the first. With a group each, by the label instance: ${shown(own)}`,
    holds:
      sums.length > 0 && sums.every(([first, second]) => first === workers.at(-1)!.rows && second === totalOf(workers)),
    evidence: `sum by (job) (${workerRows}), ${count(scrapes.length, 'scrape')}`,
    expected: `${workers.at(-1)!.rows} and ${totalOf(workers)}`,
    measured: [...new Set(sums.map((each) => each.join(' and ')))].join('; ') || 'no scrape',
    look: `${workerRows} in the table view`,
  };
};

/** An alert of one job: the evaluations at which it fired, and those at which it should not have been as it was. */
export type Fired = { firing: readonly number[]; wrong: readonly number[] };

const spanOf = (times: readonly number[]): string =>
  times.length === 0 ? 'at none' : `from ${clock(times[0]!)} to ${clock(times.at(-1)!)}`;

/** @param scrape  the first one after the run that failed; @param endedAt  the evaluation at which the alert was gone */
export const resolvedByFailure = (
  { firing, wrong }: Fired,
  endedAt: number | undefined,
  scrape: Scrape,
  batch: Batch,
): Claim => {
  const [well, time] = [said(scrape, success, byPut), said(scrape, lastSuccess, byPut)];
  return {
    claim: `${late.alert} fired ${spanOf(firing)}, more than ${lateSeconds} s after the last success; at ${endedAt === undefined ? 'no evaluation' : clock(endedAt)} it was RESOLVED because a run failed: its PUT had deleted ${lastSuccess}`,
    holds: firing.length > 0 && wrong.length === 0 && endedAt !== undefined && well === 0 && time === undefined,
    evidence: `ALERTS{alertname="${late.alert}",job="${byPut}"}, and ${of(lastSuccess, byPut)} at ${clock(scrape.at)}`,
    expected: `firing where ${late.expr}, until the push of ${clock(runsOf(batch).failed.at)} has deleted that series`,
    measured: `${count(firing.length, 'evaluation')}, ${wrong.length} otherwise; ${lastSuccess} ${shown(time)}, ${success} ${shown(well)}`,
    look: `${of(lastSuccess, byPut)} in the graph view`,
  };
};

/** @param missed  evaluations after the first at which it did not fire; @param scrape  as above */
export const keptByPost = (
  { firing, missed }: { firing: readonly number[]; missed: readonly number[] },
  scrape: Scrape,
  batch: Batch,
): Claim => {
  const [well, time] = [said(scrape, success, byPost), said(scrape, lastSuccess, byPost)];
  return {
    claim: `pushed by POST, the same run leaves the time of the last success in its group: ${late.alert} goes on, ${count(firing.length, 'evaluation')} in a row`,
    holds: firing.length > 0 && missed.length === 0 && well === 0 && time === lastOf(batch).at,
    evidence: `ALERTS{alertname="${late.alert}",job="${byPost}"}, and ${of(lastSuccess, byPost)} at ${clock(scrape.at)}`,
    expected: `firing at each evaluation since the first; the last success at ${clock(lastOf(batch).at)}`,
    measured: `${missed.length} without it; last success ${time === undefined ? 'at no time' : clock(time)}, ${success} ${shown(well)}`,
    look: `${of(lastSuccess, byPost)} in the graph view`,
  };
};

/** @param missed  by job: evaluations after the first, or after the end of the other alert, at which it did not fire */
export const theFix = (fired: number, missed: Readonly<Record<string, readonly number[]>>): Claim => {
  const wrong = Object.entries(missed).filter(([, times]) => times.length > 0);
  return {
    claim: `the fix: ${lateOrFailed.alert} asks when the job pushed last, and whether that run failed. It fires at each of ${count(fired, 'evaluation')}, however the job pushes`,
    holds: wrong.length === 0 && fired > 0,
    evidence: `ALERTS{alertname="${lateOrFailed.alert}",alertstate="firing"}`,
    expected: 'firing at each evaluation since its first, of both jobs',
    measured: listed(wrong.map(([job, times]) => `${job} not at ${times.map(clock).join(', ')}`)) || 'nothing fired',
    look: `ALERTS{alertname="${lateOrFailed.alert}"} in the graph view`,
  };
};
