import { requests as counter } from '../metrics.ts';
import { isUnbroken, only } from '../samples.ts';
import type { Judgement, Lab, Reader, Sample, Truth } from '../types.ts';
import { clock, count, percent, round } from '../words.ts';

const lookBackSeconds = 3_600;

export type Measured = {
  scrapeSeconds: number;
  now: number;
  /** stored samples of the counter, last hour */
  counter: Sample[];
  /** `resets()` and the restarts of the exporter in that hour */
  resets: number;
  restarts: number;
  windowSeconds: number;
  window: string;
  /** the rate at `at`, and what happened between the samples that it was made from */
  at: number | undefined;
  rate: number;
  seen: { from: number; to: number; truth: Truth } | undefined;
};

const windowFor = (scrapeSeconds: number) =>
  scrapeSeconds <= 15 ? { window: '1m', windowSeconds: 60 } : { window: '5m', windowSeconds: 300 };

/** The latest instant whose window holds an unbroken stretch of the counter. */
export const latestUnbroken = (
  samples: readonly Sample[],
  windowSeconds: number,
  scrapeSeconds: number,
): number | undefined =>
  samples.map(([at]) => at).findLast((at) => isUnbroken(samples, at - windowSeconds, at, 1.5 * scrapeSeconds));

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const samples = only(await read.samples(counter, lookBackSeconds, lab.now));
  const { window, windowSeconds } = windowFor(lab.scrapeSeconds);
  const at = latestUnbroken(samples, windowSeconds, lab.scrapeSeconds);
  const number = async (expr: string, when: number) => only(await read.query(expr, when))[0]?.[1] ?? Number.NaN;
  const inside = samples.filter(([time]) => at !== undefined && time > at - windowSeconds && time <= at);
  const from = inside[0]?.[0];
  const to = inside.at(-1)?.[0];
  return {
    scrapeSeconds: lab.scrapeSeconds,
    now: lab.now,
    counter: samples,
    resets: await number(`resets(${counter}[1h])`, lab.now),
    restarts: await number('changes(process_start_time_seconds{job="my_app"}[1h])', lab.now),
    windowSeconds,
    window,
    at,
    rate: at === undefined ? Number.NaN : await number(`rate(${counter}[${window}])`, at),
    seen: from === undefined || to === undefined ? undefined : { from, to, truth: await read.truth(from, to) },
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { counter: samples, at, seen, rate, resets, restarts, window, windowSeconds } = measured;
  if (at === undefined || seen === undefined) {
    const lived = samples.length > 0 ? measured.now - samples.at(-1)![0] : 0;
    return {
      kind: 'wait',
      seconds: Math.max(measured.scrapeSeconds, Math.min(windowSeconds, windowSeconds - lived)),
      reason: `${window} of unbroken samples of ${counter}`,
    };
  }
  const truePerSecond = seen.truth.totals.requests / Math.max(1, Math.floor(seen.to) - Math.floor(seen.from));
  const error = (100 * Math.abs(rate - truePerSecond)) / truePerSecond;
  const falls = samples.filter(([, value], index) => index > 0 && value < samples[index - 1]![1]).length;
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return {
    kind: 'measured',
    findings: [
      {
        claim: `${counter} fell ${count(falls, 'time')} in ${count(samples.length, 'sample')}, and the exporter restarted ${count(restarts, 'time')}`,
        holds: falls === resets && resets <= restarts,
        evidence: `resets(${counter}[1h]) against changes(process_start_time_seconds{job="my_app"}[1h])`,
        expected: 'a counter falls only where its process starts again, and then to zero',
        measured: `${falls} falls, ${resets} resets, ${restarts} restarts`,
        look: `${counter}[1h] in the table view`,
      },
      {
        fact: `its value says little: ${first[1]} at ${clock(first[0])}, ${last[1]} at ${clock(last[0])}`,
        evidence: counter,
      },
      {
        claim: `rate(${counter}[${window}]) at ${clock(at)} is ${round(rate, 2)}/s, and ${round(truePerSecond, 2)}/s really arrived: ${percent(error)} off`,
        holds: error <= 10,
        evidence: `rate(${counter}[${window}]) against /truth from ${Math.floor(seen.from)} to ${Math.floor(seen.to)}`,
        expected: 'within 10 %: a second more or less at each end of the window',
        measured: percent(error),
        look: 'the scrape times of the samples in the window',
      },
    ],
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
