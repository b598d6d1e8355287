import { instancesIn, matchersOf } from '../../lab/evidence/fleet.ts';
import { isJudgement } from '../../lab/evidence/happening.ts';
import { gapSeconds, midpoints } from '../../lab/judging/instants.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { type Run, seriesAdded, sessions } from './findings.ts';
import { look, verdict } from './verdict.ts';

const minute = 60;

/** Series that are there, and others that ended so many seconds before it is asked. */
const longerChurn: World = {
  where: 'where the label has changed for half an hour',
  series: [undefined, undefined, 20, 40, 45, 50, 70, 80, 90, 150, 250, 400].map((ended, index) => ({
    ...seriesOf(sessions, 1, { session: `${index}` }),
    ...(ended !== undefined && { during: [500, 2000 - ended] as const }),
  })),
  at: [2000],
};

export const exercises: readonly Exercise[] = [
  {
    task: `How many series of ${sessions} had a sample in the last minute? One number.`,
    start: `count(${sessions})`,
    hints: [
      'A query without a window sees the series that are there at the instant, not those that have ended.',
      'A function whose name ends in `_over_time` gives a value for each series that has a sample in its window.',
      'Then count them.',
    ],
    answer: `count(last_over_time(${sessions}[1m]))`,
    why: 'What a label costs is every value that it ever had, not those of now: count over a window.',
    mistakes: [
      { query: `count(${sessions})`, why: 'these are the series of now: those that have ended are not among them' },
      {
        query: `count_over_time(${sessions}[1m])`,
        why: 'this is how many samples each series has: put a count around it',
      },
      {
        query: `sum(count_over_time(${sessions}[1m]))`,
        why: 'this is how many samples they have together: a series that stays has many',
      },
      {
        query: `sum(sum_over_time(${seriesAdded}[1m]))`,
        why: 'this is what was added in the minute, of all metrics and targets: what was there before is not in it',
      },
    ],
    alsoRight: [
      `count(count_over_time(${sessions}[1m]))`,
      `count(max_over_time(${sessions}[60s]))`,
      `sum(count_over_time(${sessions}[1m]) > bool 0)`,
      `count(present_over_time(${sessions}{job="my_app"}[1m]))`,
    ],
    alsoWrong: [
      `count(last_over_time(${sessions}[5m]))`,
      `count(last_over_time(${sessions}[30s]))`,
      `count(last_over_time(${sessions}[2m]))`,
      `count(last_over_time(${sessions}[1m] offset 1m))`,
      `2 * count(${sessions})`,
      `count(rate(${sessions}[1m])) * 2`,
    ],
    worlds: [longerChurn],
    expected: async (read, lab) => {
      const several =
        instancesIn(lab).filter(({ simulates, job }) => simulates.includes('churn') && job === 'my_app').length > 1;
      if (several) return { kind: 'elsewhere', reason: 'several instances have that label', type: 'make exp-13' };
      const measured = await look(read, lab);
      if (isJudgement(measured)) return whereMeasured(measured, 'make exp-13');
      return whereMeasured(verdict(measured), 'make exp-13', await instantsIn(read, lab, measured.run));
    },
  },
];

/** Half-way between two scrapes of the run: how many series have a sample in the minute before. */
const instantsIn = async (read: Reader, lab: Lab, { from, to, ...target }: Run): Promise<Expected[]> => {
  const series = await read.samples(`${sessions}{${matchersOf(target)}}`, to - from + minute, to);
  const times = [...new Set(series.flatMap(({ samples }) => samples.map(([at]) => at)))].sort((a, b) => a - b);
  return midpoints(
    times.map((at): Sample => [at, 0]),
    gapSeconds(lab),
  ).map(({ at }) => {
    const ever = series.filter(({ samples }) => inWindow(samples, at, minute).length > 0).length;
    return { at, number: [ever, ever] };
  });
};
