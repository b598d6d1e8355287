import { isJudgement } from '../../lab/evidence/happening.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import { milliseconds } from '../../lab/promql/window.ts';
import { count, matching, unique } from './join.ts';
import { versionsAt } from './matches.ts';
import { look, type Measured, verdict } from './verdict.ts';

const threeInstances: World = {
  asks: { each: 'instance' },
  where: 'with three instances, of which two are deployed',
  series: [[1], [1, 2], [1, 2, 3]].flatMap((versions, index) =>
    versions.map((version) => seriesOf(matching, 1, { version: `${version}.0` }, index + 1)),
  ),
  at: [100],
};

export const exercises: readonly Exercise[] = [
  {
    task: 'How many versions does each instance show? One line for each instance: an alert on more than 1 would say that a join on the version fails.',
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
    alsoRight: [
      `count by (instance) (${matching})`,
      `sum by (instance) (${matching})`,
      `count without (version) (${matching})`,
      `count by (instance) (group by (instance, version) (${matching}))`,
    ],
    alsoWrong: [
      `count by (instance, version) (${matching})`,
      `count by (instance) (${matching}) > 1`,
      `max by (instance) (${matching})`,
      `count by (instance) (${matching}{instance=~"exporter:800[01]"})`,
      `count by (job) (${matching})`,
      `2 * max by (instance) (${matching})`,
    ],
    worlds: [threeInstances],
    expected: async (read, lab) => {
      const measured = await look(read, lab);
      if (isJudgement(measured)) return whereMeasured(measured, 'make exp-15');
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
