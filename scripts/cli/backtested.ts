import { momentText } from '../../lab/backtest/moments.ts';
import { practiceSeeds, scoreSeeds } from '../../lab/backtest/scenarios.ts';
import { type Score, uselessIn } from '../../lab/backtest/score.ts';
import {
  evaluationSeconds,
  reactionSeconds,
  type Scenario,
  scrapeSeconds,
  shiftSeconds,
} from '../../lab/backtest/shift.ts';
import { count, duration, listed } from '../../lab/model/format.ts';
import type { Backtest } from '../../lab/running/backtest.ts';
import type { Colours } from './terminal.ts';

/** How `make backtest` says what it found. */

/** The experiment that a slug names. @returns its number and title */
export type ExperimentOf = (slug: string) => { number: number; title: string };

const head = [
  '',
  'saved',
  'pages',
  'useful',
  'useless',
  'false',
  'no worth',
  'too late',
  'repeat',
  'missed',
  'detected after',
];

const cellsOf = (name: string, score: Score): string[] => [
  name,
  `${Math.round(100 * score.saved)} %`,
  ...[score.pages, score.useful, uselessIn(score), ...Object.values(score.useless)].map(String),
  `${score.missed} of ${score.incidents}`,
  score.detect === undefined ? 'never' : `${Math.round(score.detect.median)} s, ${Math.round(score.detect.worst)} s`,
];

/** @returns a line for the head and one for each row; numbers stand below each other */
const tableOf = (rows: readonly (readonly string[])[]): string[] => {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]!.length)));
  return [head, ...rows].map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
  );
};

const standing = ({ score, beatenBy }: Backtest, { green, red }: Colours): string => {
  if (score.saved === 0) return red('✗ It saves nothing.');
  if (beatenBy.length === 0)
    return green('✓ No reference rule saves as much with fewer pages in vain, or more with as few.');
  return red(
    `✗ ${beatenBy.length === 1 ? 'One reference rule is' : 'Reference rules are'} better in both: ${listed(beatenBy)}.`,
  );
};

/** The score, beside the reference rules, and the worst moments. */
export const backtestText = (result: Backtest, experimentOf: ExperimentOf, colours: Colours): string => {
  const { scenario, score, practice, references, worst } = result;
  const { bold, dim } = colours;
  const [title, ...rows] = tableOf([
    cellsOf('your rule', score),
    ...references.map(({ name, score: reference }) => cellsOf(name, reference)),
    cellsOf('your rule, in practice', practice),
  ]);
  const moments = worst.flatMap((moment, index) => {
    const { number, title: name } = experimentOf(moment.shownBy);
    return [`  ${index + 1} ${momentText(moment)}`, dim(`    make exp-${number} shows why: ${name}`)];
  });
  return [
    bold(`${scenario.title}: ${scoreSeeds.length} shifts of ${shiftSeconds / 60} minutes`),
    '',
    title!,
    bold(rows[0]!),
    ...rows.slice(1, -1),
    dim(rows.at(-1)!),
    '',
    standing(result, colours),
    `The most that any rule can save is ${Math.round(100 * result.best)} %: a page at the first evaluation that can see each incident, and no other.`,
    '',
    ...(moments.length === 0
      ? [`Nothing went wrong in the ${practiceSeeds.length} shifts to practise on.`]
      : [
          `The worst moments of the ${practiceSeeds.length} shifts to practise on, of which the score knows nothing (UTC):`,
          ...moments,
        ]),
  ].join('\n');
};

/** For programs: the figures alone. */
export const backtestJson = (result: Backtest, experimentOf: ExperimentOf): object => {
  const { scenario, worst, ...figures } = result;
  return {
    scenario: scenario.name,
    ...figures,
    worst: worst.map(({ shownBy, ...moment }) => ({ ...moment, experiment: experimentOf(shownBy).number })),
  };
};

/** What a scenario is about, before anything is written. */
export const scenarioText = (scenario: Scenario, { bold, dim }: Colours): string =>
  [
    `${bold(scenario.title)} (SCENARIO=${scenario.name})`,
    `  What deserves a page: ${scenario.deserves}.`,
    `  The damage ends ${reactionSeconds} s after a page; samples and evaluations are ${scrapeSeconds} s and ${evaluationSeconds} s apart.`,
    ...scenario.metrics.map((metric) => `  ${metric.replaceAll('`', '')}`),
    dim('  reference rules:'),
    ...scenario.references.map(({ name, expr, forSeconds, keepFiringForSeconds }) => {
      const times = [
        ...(forSeconds ? [`FOR=${duration(forSeconds)}`] : []),
        ...(keepFiringForSeconds ? [`KEEP=${duration(keepFiringForSeconds)}`] : []),
      ];
      return dim(`    ${name}: EXPR='${expr}'${times.map((each) => ` ${each}`).join('')}`);
    }),
  ].join('\n');

/** How it is asked. */
export const usage = (scenarios: readonly Scenario[], colours: Colours): string =>
  [
    ...scenarios.flatMap((scenario) => [scenarioText(scenario, colours), '']),
    `make backtest SCENARIO=${scenarios[0]!.name} EXPR='…' FOR=30s KEEP=60s   judges an alert in ${count(scoreSeeds.length, 'shift')}`,
    'make backtest SCENARIO=… RULES=my.rules.yml               the rules of a file',
  ].join('\n');
