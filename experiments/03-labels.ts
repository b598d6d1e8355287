import { cores as family } from './metrics.ts';
import { mean } from './samples.ts';
import type { Experiment, Lab, Reader, Series, Verdict } from './types.ts';
import { clock, count, round } from './words.ts';

const oneCore = `${family}{core="core1"}`;
const shown = 2;

export type Measured = {
  at: number;
  parts: Series[];
  average: number;
  sum: number;
  core1: number;
  /** series that the exporter has, one per core */
  cores: number;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const at = lab.now;
  const number = async (expr: string) => (await read.query(expr, at))[0]?.samples[0]?.[1] ?? Number.NaN;
  return {
    at,
    parts: await read.query(family, at),
    average: await number(`avg(${family})`),
    sum: await number(`sum(${family})`),
    core1: await number(oneCore),
    cores: lab.exporter?.cores ?? 0,
  };
};

export const verdict = ({ at, parts, average, sum, core1, cores }: Measured): Verdict => {
  if (parts.length === 0) return { kind: 'wait', seconds: 6, reason: 'the first samples of the cores' };
  const value = (series: Series) => series.samples[0]?.[1] ?? Number.NaN;
  const numbers = parts.map(value);
  const total = numbers.reduce((one, other) => one + other, 0);
  const first = parts.find(({ labels }) => labels.core === 'core1');
  const list = parts.slice(0, shown).map((series) => `${series.labels.core} ${round(value(series), 2)}`);
  const rest = parts.length > shown ? ` and ${parts.length - shown} more` : '';
  const close = (one: number, other: number) => Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(other));
  return {
    kind: 'measured',
    findings: [
      {
        claim: `one metric name, ${count(parts.length, 'core')}, one series each: ${list.join(', ')}${rest}`,
        holds: parts.length === cores,
        evidence: `${family} at ${clock(at)}`,
        expected: `${cores} series, one per core`,
        measured: `${parts.length}`,
        look: `count by (core) (${family})`,
      },
      {
        claim: `avg() is ${round(average, 2)}, the mean of the parts is ${round(mean(numbers), 2)}`,
        holds: close(average, mean(numbers)),
        evidence: `avg(${family})`,
        expected: round(mean(numbers), 6),
        measured: round(average, 6),
        look: `${family} in the table view`,
      },
      {
        claim: `sum() is ${round(sum, 2)}, the parts add up to ${round(total, 2)}`,
        holds: close(sum, total),
        evidence: `sum(${family})`,
        expected: round(total, 6),
        measured: round(sum, 6),
        look: `${family} in the table view`,
      },
      {
        claim: `{core="core1"} picks one of them: ${round(core1, 2)}`,
        holds: first !== undefined && close(core1, value(first)),
        evidence: oneCore,
        expected: first === undefined ? 'a series with core="core1"' : round(value(first), 6),
        measured: round(core1, 6),
        look: `${family} in the table view`,
      },
    ],
  };
};

export const labels: Experiment = {
  number: 3,
  slug: 'labels',
  command: 'exp-3',
  title: 'Labels',
  question: 'One metric, two cores: how many series is that, and how do they become one number?',
  overrides: [],
  layer: 'query',
  changes: 'nothing in the stack: one metric with a label, taken apart and put together',
  matters: 'labels are how one query serves ten pods or a thousand, and each new value costs a series',
  todo: ['Ask for the family, then for its parts.', '`make up CORES=8` and ask again: the queries stay the same.'],
  queries: [
    { expr: family, read: 'one line per core: each set of labels is a series of its own' },
    { expr: `avg(${family})`, read: 'one line: the labels are aggregated away' },
    { expr: `sum(${family})`, read: 'one line: the parts added up' },
    { expr: oneCore, read: 'one line: a matcher picks a series' },
    { expr: `count(${family})`, read: 'how many series there are: what the label costs' },
    { expr: `topk(1, ${family})`, read: 'the busiest core, with its labels kept' },
  ],
  expect: 'Two lines that move on their own, one average between them, one sum above both.',
  insight:
    'A label makes one series per value. Aggregate over labels to see the whole, match on them to see a part; the same holds for GPUs, pods and instances.',
  undo: 'nothing to undo',
  dashboard: 'lab-03-labels',
  panels: [
    {
      title: 'One metric name, one line per core',
      kind: 'timeseries',
      targets: [{ expr: family, legend: '{{core}}' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
    {
      title: 'avg() puts them together: one line, no labels',
      kind: 'timeseries',
      targets: [{ expr: `avg(${family})`, legend: 'average of all cores' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
    {
      title: 'A matcher picks one: {core="core1"}',
      kind: 'timeseries',
      targets: [{ expr: oneCore, legend: 'core1' }],
      unit: 'percent',
      range: [0, 100],
      width: 8,
      height: 8,
    },
    {
      title: 'What the label costs: series of this metric',
      kind: 'stat',
      targets: [{ expr: `count(${family})`, legend: 'series' }],
      unit: 'count',
      width: 4,
      height: 8,
    },
    {
      title: 'Every series with its labels, now',
      kind: 'table',
      targets: [{ expr: family, legend: '{{core}}' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 8,
    },
  ],
  check: async (read, lab) => verdict(await measure(read, lab)),
};
