import { requests as counter } from '../metrics.ts';
import { deviation, isUnbroken, mean, only, values } from '../samples.ts';
import type { Finding, Judgement, Lab, Reader, Sample, Truth } from '../types.ts';
import { clock, count, duration, round, seconds } from '../words.ts';

const levelSeconds = 900;
const beforeSeconds = 120;
const lookBackSeconds = 4_000;

/** The windows of the lesson; the middle one is what most dashboards use. */
export const windows = [
  { window: '10s', seconds: 10 },
  { window: '1m', seconds: 60 },
  { window: '10m', seconds: 600 },
] as const;
const longest = 600;
/** The noise of all three is taken where the longest window no longer holds the step. */
const plateau = { from: longest + 10, to: levelSeconds - 5 };

export type Line = { window: string; seconds: number; rate: Sample[] };
export type Measured = {
  now: number;
  scrapeSeconds: number;
  /** the step in traffic, undefined where no whole one is stored */
  step: number | undefined;
  lines: Line[];
  before: Truth | undefined;
  after: Truth | undefined;
  /** series that a rate over one scrape interval returns */
  oneIntervalSeries: number;
};

/** The latest quarter-hour whose ten minutes before and fifteen after are stored without a gap. */
export const latestStep = (samples: readonly Sample[], now: number, scrapeSeconds: number): number | undefined => {
  const boundaries = [1, 2, 3, 4].map((back) => (Math.floor(now / levelSeconds) - back) * levelSeconds);
  const gap = 1.5 * scrapeSeconds;
  return boundaries.find((at) => isUnbroken(samples, at - longest - beforeSeconds, at + plateau.to, gap));
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const { now, scrapeSeconds } = lab;
  const samples = only(await read.samples(counter, lookBackSeconds, now));
  const step = latestStep(samples, now, scrapeSeconds);
  const oneInterval = `rate(${counter}[${duration(scrapeSeconds)}])`;
  const common = { now, scrapeSeconds, step, oneIntervalSeries: (await read.query(oneInterval, now)).length };
  if (step === undefined) return { ...common, lines: [], before: undefined, after: undefined };
  const line = async ({ window, seconds: length }: (typeof windows)[number]): Promise<Line> => ({
    window,
    seconds: length,
    rate: only(await read.range(`rate(${counter}[${window}])`, step - beforeSeconds, step + plateau.to, scrapeSeconds)),
  });
  return {
    ...common,
    lines: await Promise.all(windows.map(line)),
    before: await read.truth(step - longest, step),
    after: await read.truth(step, step + plateau.to),
  };
};

/**
 * How long a line takes to follow a step: seconds until it first reaches 90 % of the way.
 * @returns undefined where it never does
 */
export const lagSeconds = (rate: readonly Sample[], step: number, from: number, to: number): number | undefined => {
  const goal = from + 0.9 * (to - from);
  const reached = rate.find(([at, value]) => at >= step && (to > from ? value >= goal : value <= goal));
  return reached === undefined ? undefined : reached[0] - step;
};

export const verdict = (measured: Measured): Judgement => {
  const { step, before, after, scrapeSeconds, now } = measured;
  if (step === undefined || before === undefined || after === undefined) {
    const next = Math.ceil(now / levelSeconds) * levelSeconds + plateau.to;
    return {
      kind: 'wait',
      seconds: next - now,
      reason: 'a whole step in traffic, ten minutes before it and fifteen after',
    };
  }
  const level = (truth: Truth) => mean(truth.requestsPerSecond.slice(0, -1));
  const [low, high] = [level(before), level(after)];
  const figures = measured.lines.map((line) => {
    const flat = values(line.rate.filter(([at]) => at >= step + plateau.from));
    return {
      ...line,
      empty: line.rate.length === 0,
      noise: flat.length === 0 ? Number.NaN : deviation(flat),
      lag: lagSeconds(line.rate, step, low, high),
    };
  });
  const findings: Finding[] = [
    {
      claim: `at ${clock(step)} the traffic stepped from ${round(low, 1)}/s to ${round(high, 1)}/s`,
      holds: Math.abs(high - low) > 4,
      evidence: `/truth from ${step - longest} to ${step + plateau.to}`,
      expected: 'a step of about 8/s each quarter of an hour',
      measured: `${round(high - low, 1)}/s`,
      look: '/truth',
    },
  ];
  figures.forEach((figure, index) => {
    findings.push(windowFinding(figure, figures[index - 1], scrapeSeconds));
  });
  findings.push({
    claim: `rate(${counter}[${duration(scrapeSeconds)}]) returns ${count(measured.oneIntervalSeries, 'series')}: a window of one scrape interval holds one sample, a rate needs two`,
    holds: measured.oneIntervalSeries === 0,
    evidence: `rate(${counter}[${duration(scrapeSeconds)}])`,
    expected: 'no series',
    measured: `${measured.oneIntervalSeries}`,
    look: `count_over_time(${counter}[${duration(scrapeSeconds)}])`,
  });
  return { kind: 'measured', findings };
};

type Figure = Line & { empty: boolean; noise: number; lag: number | undefined };

const windowFinding = (figure: Figure, shorter: Figure | undefined, scrapeSeconds: number): Finding => {
  const { window, seconds: length, empty, noise, lag } = figure;
  const evidence = `rate(${counter}[${window}])`;
  if (length < 2 * scrapeSeconds) {
    return {
      claim: `[${window}] returns ${empty ? 'nothing' : 'something'} at a scrape every ${seconds(scrapeSeconds)}`,
      holds: empty || length >= scrapeSeconds,
      evidence,
      expected: 'nothing: the window holds one sample at most',
      measured: 'values',
      look: `count_over_time(${counter}[${window}])`,
    };
  }
  const most = length + 2 * scrapeSeconds;
  const calmer = shorter === undefined || shorter.empty || noise < shorter.noise;
  return {
    claim: `[${window}] follows it after ${lag === undefined ? 'never' : seconds(lag)} and wavers by ±${round(noise, 2)}/s`,
    holds: lag !== undefined && lag <= most && calmer,
    evidence,
    expected: `90 % of the step within ${seconds(most)}${shorter ? `, and calmer than [${shorter.window}]` : ''}`,
    measured: `${lag === undefined ? 'never' : seconds(lag)}, ±${round(noise, 2)}/s`,
    look: 'the dashboard: the three windows on one graph',
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
