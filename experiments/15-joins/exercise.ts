import { whereMeasured } from '../../lab/judging/measurement.ts';
import type { Exercise, Expected } from '../../lab/model/exercise.ts';
import { milliseconds } from '../../lab/promql/window.ts';
import { count, matching, unique } from './join.ts';
import { versionsAt } from './matches.ts';
import { type Measured, measure, verdict } from './verdict.ts';

export const exercises: readonly Exercise[] = [
  {
    task: 'How many versions does each instance show? One line for each instance: an alert on more than 1 would tell that a join on the version fails.',
    start: matching,
    hints: [
      'Each version of an instance is a series of its own, and its value is always 1.',
      'An aggregation with `by` keeps the labels that it names, and puts the others together.',
    ],
    answer: count,
    why: 'count by (the labels that a join matches on) says how many series match: more than 1 is what a join refuses.',
    mistakes: [
      { query: matching, why: 'this is a line for each version, and its value is always 1' },
      { query: `count(${matching})`, why: 'this counts the versions of all instances together' },
      { query: `count by (version) (${matching})`, why: 'this counts the instances of each version' },
      { query: unique, why: 'this keeps one version per instance: it fixes the join, and hides what is asked here' },
    ],
    expected: async (read, lab) => {
      const measured = await measure(read, lab);
      const { one, several } = instantsOf(measured);
      return whereMeasured(verdict(measured), 'make exp-15', one, several);
    },
  },
];

/** Half-way between two evaluations, by whether an instance shows several versions. */
const instantsOf = ({ evaluations, members }: Measured): { one: Expected[]; several: Expected[] } => {
  const instants = evaluations.all.slice(1).map((at, index) => {
    const middle = milliseconds((at + evaluations.all[index]!) / 2) / 1000;
    const each = members.map((member) => [member.instance, versionsAt(member, middle)] as const);
    return { at: middle, each: each.filter(([, versions]) => versions > 0) };
  });
  const expected = (isSeveral: boolean): Expected[] =>
    instants
      .filter(({ each }) => each.some(([, versions]) => versions > 1) === isSeveral)
      .map(({ at, each }) => ({
        at,
        label: 'instance',
        each: Object.fromEntries(each.map(([instance, versions]) => [instance, [versions, versions] as const])),
      }));
  return { one: expected(false), several: expected(true) };
};
