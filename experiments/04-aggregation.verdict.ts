import { cores as family } from './metrics.ts';
import { only, values } from './samples.ts';
import type { Lab, Reader, Verdict } from './types.ts';
import { count, percent, round } from './words.ts';

export const sum = `sum(${family})`;
export const average = `avg(${family})`;
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

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Verdict> => verdict(await measure(read, lab));
