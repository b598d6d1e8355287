import { checkOf } from '../../lab/evidence/happening.ts';
import { only, storedBetween } from '../../lab/evidence/samples.ts';
import { couldHaveGrown, marginSeconds, requestsOf, scrapesIn } from '../../lab/evidence/scrape.ts';
import { between, clock, count, duration, round, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { requests as counter, ofExporter, scrapeDuration, signalInfo, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Claim, Fact, Finding, Judgement } from '../../lab/model/verdict.ts';
import { agrees, growth, rate } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { milliseconds } from '../../lab/promql/window.ts';
import {
  differences,
  instantsFrom,
  isOrdered,
  type Line,
  levels,
  type Shape,
  shapeOf,
  trueLine,
  windows,
} from './lines.ts';
import { afterSeconds, beforeSeconds, latestStep, nextWholeStep, type Step } from './step.ts';

/** A whole step is looked for in so much of the past: the history that the lab began with has some. */
const lookBackSeconds = 6 * 3_600;

export type Measured = {
  lab: Lab;
  /** stored samples of the counter that are of this seed's world */
  counter: Sample[];
  /** the step in traffic */
  step: Step & { lines: Line[]; durations: Sample[]; ups: Sample[]; truth: Truth };
  /** asked at the last sample: the rate over one scrape interval, and the raw samples of that window */
  oneInterval: { at: number; answer: number | undefined; window: Sample[] };
};

const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const { now, scrapeSeconds, exporter } = lab;
  if (exporter === undefined) return { kind: 'elsewhere', reason: 'the exporter does not answer', type: 'make up' };
  const all = await storedBetween(read, ofExporter(counter), now - lookBackSeconds, now);
  const infos = await read.samples(ofExporter(signalInfo, `seed="${exporter.seed}"`), lookBackSeconds, now);
  const ofThisSeed = new Set(infos.flatMap(({ samples }) => samples.map(([at]) => milliseconds(at))));
  // Of a fleet the exporter may get a share only, which is another traffic.
  const second = await read.samples(ofExporter(targetUp, '', 2), lookBackSeconds, now);
  const near = (at: number) => Math.round(at / scrapeSeconds);
  const asFleet = new Set(second.flatMap(({ samples }) => samples.map(([at]) => near(at))));
  const samples = all.filter(([at]) => ofThisSeed.has(milliseconds(at)) && !asFleet.has(near(at)));
  const step = latestStep(samples, now);
  if (step === undefined) {
    return {
      kind: 'wait',
      seconds: nextWholeStep(samples, now, scrapeSeconds) - now,
      reason:
        'a whole step in traffic, ten minutes before it and fifteen after, in which the exporter is not started again',
    };
  }
  const oneInterval = await overOneInterval(read, samples.at(-1)![0], scrapeSeconds);
  const [from, to] = [step.at - beforeSeconds, step.at + afterSeconds];
  const stored = (metric: string) => storedBetween(read, ofExporter(metric), from, to);
  const line = async ({ window, seconds: length }: (typeof windows)[number]): Promise<Line> => ({
    window,
    seconds: length,
    rate: only(await read.range(`rate(${ofExporter(counter)}[${window}])`, step.at, to, step.intervalSeconds)),
  });
  const readings = {
    lines: await Promise.all(windows.map(line)),
    durations: await stored(scrapeDuration),
    ups: await stored(targetUp),
    truth: await read.truth(from - 61, to + marginSeconds),
  };
  return { lab, counter: samples, step: { ...step, ...readings }, oneInterval };
};

const overOneInterval = async (read: Reader, at: number, scrapeSeconds: number) => ({
  at,
  answer: only(await read.query(`rate(${ofExporter(counter)}[${duration(scrapeSeconds)}])`, at))[0]?.[1],
  window: only(await read.samples(ofExporter(counter), scrapeSeconds, at)),
});

export const verdict = (measured: Measured): Judgement => {
  const { lab, counter: samples, step, oneInterval } = measured;
  const instants = instantsFrom(step.at, step.intervalSeconds);
  const [before, after] = levels(step.truth, step.at);
  const lines = step.lines.map((line) => ({ ...line, ...shapeOf(line.rate, step.at, before, after) }));
  return {
    kind: 'measured',
    findings: [
      steppedClaim(samples, step),
      ...lines.map((line) => windowClaim(line, samples, instants, step)),
      orderFinding(lines, instants, step, [before, after]),
      oneIntervalClaim(oneInterval, lab.scrapeSeconds),
      ...history(step, samples),
    ],
  };
};

const stretch = ({ at }: Step): string => `from ${clock(at - beforeSeconds)} to ${clock(at + afterSeconds)}`;

const truthAround = ({ at }: Step): string => truthBetween(at - beforeSeconds, at + afterSeconds);

const steppedClaim = (samples: readonly Sample[], step: Measured['step']): Claim => {
  const scrapeAt = scrapesIn(step.durations);
  const part = (from: number, to: number) => {
    const inside = samples.filter(([at]) => at >= from && at <= to);
    const [first, last] = [inside[0]![0], inside.at(-1)![0]];
    const grown = growth(inside);
    const arrived = couldHaveGrown(requestsOf(step.truth), scrapeAt(first), scrapeAt(last));
    return { grown, arrived, perSecond: `${round(grown / (last - first), 1)}/s` };
  };
  const parts = [part(step.at - beforeSeconds, step.at), part(step.at, step.at + afterSeconds)] as const;
  const [before, after] = parts;
  const truth = parts.map(({ arrived: [least, most] }) => between(least, most)).join(' and ');
  const counted = `${before.grown} and ${after.grown}`;
  return {
    claim: `at ${clock(step.at)} the traffic stepped from ${before.perSecond} to ${after.perSecond}: the counter grew by ${counted} before and after, and ${truth} requests arrived`,
    holds: parts.every(({ grown, arrived: [least, most] }) => grown >= least && grown <= most),
    evidence: `${counter} ${stretch(step)} against ${truthAround(step)}`,
    expected: `${truth}, by the second in which each scrape was answered`,
    measured: counted,
    look: `${counter}[30m] in the table view`,
  };
};

const windowClaim = (line: Line & Shape, samples: readonly Sample[], instants: number[], step: Step): Claim => {
  const { window, lag, noise, rate: answered } = line;
  const every = seconds(step.intervalSeconds);
  const wrong = differences(line, samples, instants);
  const half = `${lag === undefined ? 'it is never half of the way' : `half of the way after ${seconds(lag)}`}, and it wavers by ±${round(noise, 2)}/s`;
  const claim =
    answered.length === 0
      ? `[${window}] says nothing: at a scrape every ${every} it holds one sample at most`
      : answered.length < instants.length
        ? `[${window}] says something at ${answered.length} of ${instants.length} instants: at a scrape every ${every} it often holds one sample only`
        : `[${window}] follows the step: ${half}`;
  return {
    claim,
    holds: wrong === 0,
    evidence: `rate(${counter}[${window}]), ${count(instants.length, 'instant')} from ${clock(step.at)} on`,
    expected: 'what its samples grew by, extrapolated to the window boundaries, at each instant',
    measured: `${wrong} instants with another value`,
    look: `${counter}[${window}] in the table view`,
  };
};

/** What really arrived in each window is calmer and later with its length, but for rare chance; then so is the rate. */
const orderFinding = (
  lines: (Line & Shape)[],
  instants: number[],
  step: Measured['step'],
  [before, after]: [number, number],
): Finding => {
  const whole = lines.filter(({ rate: answered }) => answered.length === instants.length);
  const real = whole.map(({ seconds: length }) =>
    shapeOf(trueLine(step.truth, instants, length), step.at, before, after),
  );
  const figures = whole.map(
    ({ window, lag, noise }) => `[${window}] ${lag === undefined ? 'never' : seconds(lag)}, ±${round(noise, 2)}/s`,
  );
  const evidence = `the figures above beside ${truthAround(step)}`;
  if (whole.length < 2 || !isOrdered(real)) {
    return { fact: `half of the way, and noise: ${figures.join('; ') || 'no window has both'}`, evidence };
  }
  return {
    claim: `the longer the window, the calmer and the later: ${figures.join('; ')}`,
    holds: isOrdered(whole),
    evidence,
    expected: real
      .map(({ lag, noise }, index) => `[${whole[index]!.window}] ${seconds(lag!)}, ±${round(noise, 2)}/s`)
      .join('; '),
    measured: figures.join('; '),
    look: 'the dashboard: the three windows on one graph',
  };
};

const oneIntervalClaim = ({ at, answer, window }: Measured['oneInterval'], scrapeSeconds: number): Claim => {
  const expr = `rate(${counter}[${duration(scrapeSeconds)}])`;
  const own = rate(window, at, scrapeSeconds);
  const inWords = (value: number | undefined) => (value === undefined ? 'nothing' : `${round(value, 2)}/s`);
  return {
    claim: `${expr} says ${inWords(answer)}: a window of one scrape interval holds ${count(window.length, 'sample')}, and a rate needs two`,
    holds: agrees(answer, own),
    evidence: `${expr} at ${clock(at)}`,
    expected: inWords(own),
    measured: inWords(answer),
    look: `count_over_time(${counter}[${duration(scrapeSeconds)}])`,
  };
};

/** Before the lab began nothing was scraped: its hour of history is what the exporter imported. */
const history = (step: Measured['step'], samples: readonly Sample[]): Fact[] => {
  const scraped = new Set(step.ups.map(([at]) => milliseconds(at)));
  const inside = samples.filter(([at]) => at >= step.at - beforeSeconds && at <= step.at + afterSeconds);
  const imported = inside.filter(([at]) => !scraped.has(milliseconds(at))).length;
  if (imported === 0) return [];
  const fact = `${imported} of these ${inside.length} samples were never scraped: they are from the simulated history with which the lab started`;
  return [{ fact, evidence: `${targetUp}{job="my_app"}, ${stretch(step)}` }];
};

export const check = checkOf(measure, verdict);
