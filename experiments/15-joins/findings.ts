import { clock, count, listed, round, seconds } from '../../lab/model/format.ts';
import type { Answer } from '../../lab/model/reader.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { agrees, rate } from '../../lab/promql/extrapolation.ts';
import { joined, matching, unique as oneEach, recorded, recordedUnique, windowSeconds } from './join.ts';
import { anyMetSeveral, type Member, versionsAt } from './matches.ts';

/** The deploy that is measured: two versions of one instance, from one whole second to another. */
export type Deploy = { instance: string; from: number; to: number };

/** Times of evaluations, unix seconds: of the group of rules, of the join and of the fixed one. */
export type Evaluations = { all: number[]; joined: number[]; fixed: number[] };

/** What Prometheus answers at the last evaluation that surely met two versions. */
export type Answers = {
  at: number;
  /** the join itself */
  join: Answer;
  /** what is shown of its recorded result, and what was stored last, by version */
  shown: Record<string, number>;
  last: { at: number; values: Record<string, number> };
  /** the fixed join, all versions together */
  fixed: number;
};

export const whatHappened = ({ instance, from, to }: Deploy, members: readonly Member[]): Fact => {
  const { truth } = members.find((member) => member.instance === instance) ?? {};
  const both = truth?.deploy?.versions.find((versions) => versions.length > 1) ?? [];
  return {
    fact: `what happened: ${instance} showed the versions ${listed(both)} at once, from ${clock(from)} to ${clock(to)}`,
    evidence: `/truth?from=${from - 1}&to=${to}&instance=${instance}, deploy`,
  };
};

/** The evaluations that failed are those that met two versions, exactly. */
export const theGap = ({ all, joined: stored }: Evaluations, members: readonly Member[], deploy: Deploy): Claim => {
  const missing = all.filter((at) => !stored.includes(at));
  const met = (answer: 'yes' | 'maybe') => all.filter((at) => anyMetSeveral(members, at) === answer);
  const [surely, perhaps] = [met('yes'), met('maybe')];
  const wrong = [
    ...missing.filter((at) => !surely.includes(at) && !perhaps.includes(at)),
    ...surely.filter((at) => !missing.includes(at)),
  ];
  const list = (times: number[]) => (times.length === 0 ? 'none' : listed(times.map(clock)));
  return {
    claim: `${missing.length} of ${count(all.length, 'evaluation')} met two versions of ${deploy.instance}. Exactly these are missing from ${recorded}, for all ${count(members.length, 'instance')}`,
    holds: wrong.length === 0 && missing.length > 0,
    evidence: `the times of ${recorded} beside those of build_info, from ${clock(all[0]!)} to ${clock(all.at(-1)!)}`,
    expected: `missing: ${list(surely)}${perhaps.length > 0 ? `, and perhaps ${list(perhaps)}` : ''}`,
    measured: `missing: ${list(missing)}`,
    look: 'prometheus_rule_evaluation_failures_total, and the error in Status → Rule health',
  };
};

export const theRefusal = ({ at, join }: Answers): Claim => {
  const words = 'refused' in join ? join.refused : '';
  return {
    claim: `asked at ${clock(at)} the join is refused${words && `: ${short(words)}`}`,
    holds: 'refused' in join,
    evidence: `${joined(matching)} at ${clock(at)}`,
    expected: 'a refusal: two series match on the one side',
    measured: 'an answer',
    look: `${matching} in the table view`,
  };
};

/** Prometheus' own words up to the series that they list, which are long. */
const short = (words: string): string => words.split(': [')[0]!.slice(0, 160);

/** A failed evaluation marks nothing as stale. */
export const theOldValue = ({ at, shown, last }: Answers): Claim => {
  const versions = Object.keys(last.values);
  const list = (values: Record<string, number>) =>
    listed(Object.entries(values).map(([version, value]) => `${round(value, 2)}/s of ${version}`)) || 'nothing';
  return {
    claim: `and nobody sees a gap: at ${clock(at)} ${recorded} shows ${list(shown)}, which is ${seconds(at - last.at)} old`,
    holds:
      versions.length > 0 &&
      versions.length === Object.keys(shown).length &&
      versions.every((version) => shown[version] === last.values[version]),
    evidence: `${recorded} at ${clock(at)} and at ${clock(last.at)}`,
    expected: `${list(last.values)}: the values of ${clock(last.at)}`,
    measured: list(shown),
    look: `${recorded} as points, not as a line`,
  };
};

/** The fix misses no evaluation, and what it says is what Prometheus computes from each instance's samples. */
export const theFix = (
  { all, fixed }: Evaluations,
  members: readonly Member[],
  { at, fixed: answer }: Answers,
): Claim => {
  const missing = all.filter((each) => !fixed.includes(each));
  // One that has left goes on in the window, but has no version that it could be joined with.
  const own = members
    .filter((member) => versionsAt(member, at) > 0)
    .reduce((sum, { requests }) => sum + (rate(requests, at, windowSeconds) ?? 0), 0);
  return {
    claim: `the fix, one version per instance, misses none of the ${all.length}: ${round(answer, 2)}/s at ${clock(at)}`,
    holds: missing.length === 0 && agrees(answer, own),
    evidence: `the times of ${recordedUnique}, and ${joined(oneEach)} at ${clock(at)}`,
    expected: `all ${all.length}, and ${own} by Prometheus' formula on the samples of each instance`,
    measured: `${all.length - missing.length} of them, and ${answer}`,
    look: `${recordedUnique} in the table view`,
  };
};
