import { cores as family, requestRate } from './metrics.ts';
import { only, values } from './samples.ts';
import type { Experiment, Lab, Reader, Verdict } from './types.ts';
import { count, percent, round } from './words.ts';

const sum = `sum(${family})`;
const average = `avg(${family})`;
const instantsNeeded = 20;

export type Measured = { scrapeSeconds: number; cores: number; sums: number[]; averages: number[] };

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const from = lab.now - 60 * lab.scrapeSeconds;
  const line = async (expr: string) => values(only(await read.range(expr, from, lab.now, lab.scrapeSeconds)));
  return {
    scrapeSeconds: lab.scrapeSeconds,
    cores: lab.exporter?.cores ?? 0,
    sums: await line(sum),
    averages: await line(average),
  };
};

export const verdict = ({ scrapeSeconds, cores, sums, averages }: Measured): Verdict => {
  if (sums.length < instantsNeeded) {
    const missing = instantsNeeded - sums.length;
    return { kind: 'wait', seconds: missing * scrapeSeconds, reason: `${count(instantsNeeded, 'instant')} of ${sum}` };
  }
  if (cores < 2) {
    return { kind: 'elsewhere', reason: 'one core cannot add up to more than 100 %', type: 'make up CORES=2' };
  }
  const over = sums.filter((value) => value > 100).length;
  return {
    kind: 'measured',
    findings: [
      {
        claim: `sum() is over 100 % in ${percent((100 * over) / sums.length)} of ${count(sums.length, 'instant')}, up to ${round(Math.max(...sums), 1)} %: a usage that cannot be`,
        holds: over > 0,
        evidence: `avg_over_time((${sum} > bool 100)[${60 * scrapeSeconds}s:${scrapeSeconds}s])`,
        expected: 'over 100 % at times: two cores, each 0 to 100',
        measured: `at most ${round(Math.max(...sums), 1)} %`,
        look: 'cpu_usage: are all cores there?',
      },
      {
        claim: `avg() never is: at most ${round(Math.max(...averages), 1)} %`,
        holds: averages.every((value) => value >= 0 && value <= 100),
        evidence: `max_over_time(${average}[${60 * scrapeSeconds}s:${scrapeSeconds}s])`,
        expected: '0 to 100 %',
        measured: `${round(Math.min(...averages), 1)} to ${round(Math.max(...averages), 1)} %`,
        look: 'cpu_usage: a core outside 0 to 100?',
      },
    ],
  };
};

export const aggregation: Experiment = {
  number: 4,
  slug: 'aggregation',
  command: 'exp-4',
  title: 'Wrong aggregation',
  question: 'Two cores at 60 %: is the machine at 60 % or at 120 %?',
  overrides: [],
  layer: 'query',
  changes: 'nothing in the stack: `sum()` where `avg()` belongs',
  matters: 'Prometheus adds up whatever it is told to; only the unit tells you whether the result can be',
  todo: ['Graph both and draw the line of 100 % in your mind.', 'Then sum something that may be summed: the traffic.'],
  queries: [
    { expr: sum, read: 'goes over 100 %: percentages of different wholes do not add up' },
    { expr: average, read: 'stays between 0 and 100 %: the usage of the machine' },
    {
      expr: `avg_over_time((${sum} > bool 100)[5m:5s])`,
      read: 'the share of instants in which the wrong line is impossible',
    },
    { expr: `max(${family})`, read: 'the busiest core: often the better question, since an average hides it' },
    { expr: `sum(${requestRate})`, read: 'traffic adds up: requests per second of all instances' },
  ],
  expect: 'The sum is over 100 % about half of the time; the average never is.',
  insight:
    'Sum what adds up (requests, bytes, seconds), average what does not (percentages, ratios). The wrong one is a line like any other: nothing warns you.',
  undo: 'nothing to undo',
  dashboard: 'lab-04-aggregation',
  panels: [
    {
      title: 'sum() of percentages: over 100 % is a usage that cannot be',
      kind: 'timeseries',
      targets: [{ expr: sum, legend: 'sum of the cores' }],
      unit: 'percent',
      range: [0, 200],
      threshold: 100,
      width: 12,
      height: 9,
    },
    {
      title: 'avg() of the same: always between 0 and 100 %',
      kind: 'timeseries',
      targets: [{ expr: average, legend: 'average of the cores' }],
      unit: 'percent',
      range: [0, 200],
      threshold: 100,
      width: 12,
      height: 9,
    },
    {
      title: 'Share of the last 5 minutes in which the sum was impossible',
      kind: 'stat',
      targets: [{ expr: `100 * avg_over_time((${sum} > bool 100)[5m:5s])`, legend: 'over 100 %' }],
      unit: 'percent',
      range: [0, 100],
      width: 8,
      height: 7,
    },
    {
      title: 'What does add up: requests per second',
      kind: 'timeseries',
      targets: [{ expr: `sum(${requestRate})`, legend: 'all instances' }],
      unit: 'requests per second',
      width: 16,
      height: 7,
    },
  ],
  check: async (read, lab) => verdict(await measure(read, lab)),
};
