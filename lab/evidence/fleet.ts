import type { Member } from '../../exporter/src/truth.ts';
import { between, clock, seconds, truthBetween } from '../model/format.ts';
import type { Lab, Truth } from '../model/lab.ts';
import { requests as counter } from '../model/metrics.ts';
import type { Reader } from '../model/reader.ts';
import type { Claim } from '../model/verdict.ts';
import { growth } from '../promql/extrapolation.ts';
import type { Sample } from '../promql/sample.ts';
import { couldHaveGrown, requestsOf, type Scrape } from './scrape.ts';

/** An instance of the fleet; the exporter that is always there has number 1. */
export type Instance = Member & { number: number };

/** Every instance that the exporter plays; none where no exporter answers. */
export const instancesIn = ({ exporter }: Lab): Instance[] =>
  (exporter?.fleet ?? []).map((member, index) => ({ ...member, number: index + 1 }));

/** A list in a sentence: `exporter:8000, exporter:8001 and exporter:8002`. */
export const listed = (items: readonly string[]): string => items.join(', ').replace(/, ([^,]*)$/, ' and $1');

/** The counter of an instance as it was stored, and what really happened there. */
export type Counting = {
  instance: string;
  requests: Sample[];
  scrapeAt: (at: number) => Scrape;
  /** of the stretch that is measured, once that is known */
  truth?: Truth;
};

/** What a counter grew by between two scrapes, beside the least and the most that could have happened between them. */
export type Grown = { instance: string; grown: number; least: number; most: number; isRight: boolean };

/** Each counter beside the truth between the first scrape of a stretch and the last; NaN where nothing is known. */
export const besideTruth = (members: readonly Counting[], from: number, to: number): Grown[] =>
  members.map(({ instance, requests, scrapeAt, truth }) => {
    const inside = requests.filter(([at]) => at > from && at <= to);
    const [first, last] = [inside[0], inside.at(-1)];
    if (first === undefined || last === undefined || truth === undefined) {
      return { instance, grown: 0, least: Number.NaN, most: Number.NaN, isRight: false };
    }
    const [least, most] = couldHaveGrown(requestsOf(truth), scrapeAt(first[0]), scrapeAt(last[0]));
    const grown = growth(inside);
    return { instance, grown, least, most, isRight: grown >= least && grown <= most };
  });

/** Each counter grew by what happened between the first scrape of a stretch and the last. */
export const storedIsRight = (members: readonly Counting[], from: number, to: number): Claim => {
  const each = besideTruth(members, from, to).map(({ least, most, ...all }) => ({
    ...all,
    happened: Number.isNaN(least) ? 'unknown' : between(least, most),
  }));
  return {
    claim: `what was stored is right: between the first scrape after ${clock(from)} and the last by ${clock(to)}, ${listed(each.map(({ instance, grown, happened }) => `${instance} counted ${grown} (truth: ${happened})`))}`,
    holds: each.length > 0 && each.every(({ isRight }) => isRight),
    evidence: `${counter}, last − first, beside /truth between the same scrapes`,
    expected: listed(each.map(({ instance, happened }) => `${happened} at ${instance}`)),
    measured: listed(each.map(({ grown }) => `${grown}`)),
    look: `${counter}[2m] in the table view: a restart, or a scrape that is missing?`,
  };
};

/** The same of a whole fleet in one line: what the exporter says has happened, and that it was stored. */
export const fleetIsRight = (members: readonly Counting[], since: number, at: number): Claim => {
  const each = besideTruth(members, since, at);
  const wrong = each.filter(({ isRight }) => !isRight);
  const total = (key: 'grown' | 'least' | 'most') => each.reduce((sum, row) => sum + row[key], 0);
  const names = members.length === 1 ? members[0]!.instance : `${members.length} instances`;
  return {
    claim: `what happened, and what was stored: between their first and last scrape of the last ${seconds(at - since)}, ${names} counted ${total('grown')} requests (truth: ${between(total('least'), total('most'))})`,
    holds: each.length > 0 && wrong.length === 0,
    evidence: `${counter} of each instance, last − first, beside ${truthBetween(since, at)}&instance=…`,
    expected:
      wrong.length === 0
        ? 'each as reported'
        : listed(wrong.map(({ least, most, instance }) => `${between(least, most)} at ${instance}`)),
    measured: wrong.length === 0 ? 'nothing' : listed(wrong.map(({ grown }) => `${grown}`)),
    look: `${counter}[2m] in the table view: a restart, or a scrape that is missing?`,
  };
};

/**
 * What really happened at instances of the fleet, from one instant to another and as much longer as a scrape takes.
 * @returns the same instances, each with its truth
 */
export const withTruth = <Member extends { instance: string }>(
  members: readonly Member[],
  read: Reader,
  lab: Lab,
  from: number,
  to: number,
): Promise<(Member & { truth: Truth })[]> =>
  Promise.all(
    members.map(async (member) => {
      const { number } = instancesIn(lab).find(({ instance }) => instance === member.instance)!;
      const until = Math.min(lab.now, to + lab.scrapeSeconds) + 1;
      return { ...member, truth: await read.truth(from - 1, until, { instance: number }) };
    }),
  );
