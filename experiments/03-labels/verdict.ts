import { cores as family } from '../metrics.ts';
import { mean } from '../samples.ts';
import type { Judgement, Lab, Reader, Series } from '../types.ts';
import { clock, count, round } from '../words.ts';

export const oneCore = `${family}{core="core1"}`;
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

export const verdict = ({ at, parts, average, sum, core1, cores }: Measured): Judgement => {
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

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
