import { cores as family } from '../metrics.ts';
import { only, values } from '../samples.ts';
import type { Judgement, Lab, Reader } from '../types.ts';
import { count, duration, percent, round } from '../words.ts';

export const sum = `sum(${family})`;
export const average = `avg(${family})`;
const instantsNeeded = 20;

export type Measured = {
  scrapeSeconds: number;
  windowSeconds: number;
  cores: number;
  sums: number[];
  averages: number[];
};

/** The last sixty scrapes; where most of them are missing, as after a pause, the last hour. */
const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const { scrapeSeconds, now } = lab;
  const over = async (windowSeconds: number): Promise<Measured> => {
    const line = async (expr: string) => values(only(await read.range(expr, now - windowSeconds, now, scrapeSeconds)));
    const [sums, averages] = [await line(sum), await line(average)];
    return { scrapeSeconds, windowSeconds, cores: lab.exporter?.cores ?? 0, sums, averages };
  };
  const recent = await over(60 * scrapeSeconds);
  return recent.sums.length < instantsNeeded ? over(3_600) : recent;
};

export const verdict = ({ scrapeSeconds, windowSeconds, cores, sums, averages }: Measured): Judgement => {
  const window = `[${duration(windowSeconds)}:${duration(scrapeSeconds)}]`;
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
        evidence: `avg_over_time((${sum} > bool 100)${window})`,
        expected: 'over 100 % at times: two cores, each 0 to 100',
        measured: `at most ${round(Math.max(...sums), 1)} %`,
        look: 'cpu_usage: are all cores there?',
      },
      {
        claim: `avg() never is: at most ${round(Math.max(...averages), 1)} %`,
        holds: averages.every((value) => value >= 0 && value <= 100),
        evidence: `max_over_time(${average}${window})`,
        expected: '0 to 100 %',
        measured: `${round(Math.min(...averages), 1)} to ${round(Math.max(...averages), 1)} %`,
        look: 'cpu_usage: a core outside 0 to 100?',
      },
    ],
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
