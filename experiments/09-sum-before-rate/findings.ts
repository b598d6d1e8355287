import type { Target } from '../../lab/evidence/fleet.ts';
import { requestsWithin, storedIsRight } from '../../lab/evidence/increase.ts';
import { between, clock, count, duration, grouped, listed, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { requests as counter, targetUp } from '../../lab/model/metrics.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { agrees, increase } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { couldBeSum, type Fall } from './fall.ts';

/** What rules.yml records; a test ties the two. */
export const recordedSum = 'job:requests:sum';
export const increaseOfSum = (window: string) => `increase(${recordedSum}[${window}])`;
export const sumOfIncreases = (window: string) => `sum by (job) (increase(${counter}[${window}]))`;

/** What is stored of an instance under the current settings, and what really happened there. */
export type Member = Target & { leavesAt?: number };

export type Measured = {
  lab: Lab;
  /** the instances in the job of the one that leaves */
  members: Member[];
  /** the sum as it was recorded */
  recorded: Sample[];
  fall: Fall;
  /** what Prometheus answers at the end of the window around the fall */
  increaseOfSum: number;
  sumOfIncreases: number;
};

export const neverFell = (instance: string): Claim => ({
  claim: `the sum dropped when ${instance} left`,
  holds: false,
  evidence: recordedSum,
  expected: 'a drop by what the instance had counted',
  measured: 'none',
  look: `${counter} and ${targetUp}: is ${instance} still scraped?`,
});

/** Requests in the window, at all instances. */
const happened = (members: readonly Member[], fall: Fall): number =>
  members.reduce((total, { truth }) => total + (truth ? requestsWithin(truth, fall) : 0), 0);

export const whatHappened = (members: readonly Member[], fall: Fall, leavesAt: number): Fact => ({
  fact: `what happened: ${grouped(happened(members, fall))} requests at ${listed(members.map(({ instance }) => instance))} in the ${seconds(fall.windowSeconds)} until ${clock(fall.at)}; the last of them left at ${clock(leavesAt)}`,
  evidence: `/truth?from=${Math.floor(fall.at - fall.windowSeconds)}&to=${Math.floor(fall.at)}, and with &instance=… for each of the others`,
});

export const whatWasStored = (stay: readonly Member[], { at, windowSeconds }: Fall): Claim =>
  storedIsRight(stay, at - windowSeconds, at);

/** Once, from a sum of all to a sum of those that stay. */
export const theFall = ({ recorded }: Measured, stay: readonly Member[], leaver: Member, fall: Fall): Claim => {
  const [before, after] = [recorded[fall.index - 1]!, recorded[fall.index]!];
  const falls = inWindow(recorded, fall.at, fall.windowSeconds).filter(
    ([, value], index, inside) => index > 0 && value < inside[index - 1]![1],
  ).length;
  const [all, rest] = [couldBeSum([...stay, leaver], before[0]), couldBeSum(stay, after[0])];
  const isWithin = ([, value]: Sample, [least, most]: [number, number]) => value >= least && value <= most;
  return {
    claim: `the sum dropped once, at ${clock(after[0])}, from ${grouped(before[1])} to ${grouped(after[1])}: ${leaver.instance} took its ${grouped(leaver.requests.at(-1)![1])} with it`,
    holds: falls === 1 && isWithin(before, all) && isWithin(after, rest),
    evidence: `${recordedSum}[${duration(fall.windowSeconds)}] beside ${counter}[${duration(fall.windowSeconds)}], at ${clock(fall.at)}`,
    expected: `one drop, from ${between(...all)} to ${between(...rest)}`,
    measured: `${count(falls, 'fall')}, from ${before[1]} to ${after[1]}`,
    look: `${recordedSum} in the table view`,
  };
};

export const theFault = ({ recorded, members, increaseOfSum: answer }: Measured, fall: Fall): Claim => {
  const own = increase(recorded, fall.at, fall.windowSeconds);
  return {
    claim: `the drop counts as a counter reset: the increase of the sum is ${grouped(answer)} requests, ${Math.round(answer / happened(members, fall))} times what happened. It is last − first + the value before the drop, extrapolated to the window boundaries`,
    holds: agrees(answer, own),
    evidence: `${increaseOfSum(duration(fall.windowSeconds))} at ${clock(fall.at)}`,
    expected: `${own}, by that formula on the recorded samples`,
    measured: `${answer}`,
    look: `${recordedSum}[${duration(fall.windowSeconds)}] in the table view`,
  };
};

export const theFix = ({ members, sumOfIncreases: answer }: Measured, fall: Fall): Claim => {
  const { at, windowSeconds } = fall;
  const own = members.reduce((sum, { requests }) => sum + (increase(requests, at, windowSeconds) ?? 0), 0);
  return {
    claim: `the fix: the increase of each first, then the sum: ${grouped(answer)} requests, where ${grouped(happened(members, fall))} happened`,
    holds: agrees(answer, own),
    evidence: `${sumOfIncreases(duration(windowSeconds))} at ${clock(at)}`,
    expected: `${own}, by the same formula on the samples of each instance`,
    measured: `${answer}`,
    look: `${counter}[${duration(windowSeconds)}] in the table view`,
  };
};
