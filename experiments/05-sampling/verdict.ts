import { highCpu } from '../alerts.ts';
import { cpu as gauge } from '../metrics.ts';
import { inForceSince, mean, only, risingEdges, values } from '../samples.ts';
import type { Finding, Judgement, Lab, Reader, Sample, Truth } from '../types.ts';
import { count, percent, round, seconds } from '../words.ts';

const threshold = highCpu.thresholdPercent;
export const busy = 'cpu_busy_seconds_total';
export const spikeCounter = 'cpu_spikes_total';
const wavePeriodSeconds = 2;
const longestWindowSeconds = 300;
const shortestSpanSeconds = 30;
const samplesNeeded = 3;
/** Clocks of two processes agree to this much; so near to the edge of a second a sample may show either side. */
const edgeSeconds = 0.05;
/** A scrape may come this late and still meet the same second of the wave. */
const lateSeconds = 0.5;

export type Measured = {
  signal: string | undefined;
  scrapeSeconds: number;
  now: number;
  /** stored samples since the exporter plays this signal and Prometheus scrapes it at this interval */
  gauge: Sample[];
  spikes: Sample[];
  busy: Sample[];
  /** scrape_duration_seconds: the exporter took its value between a sample's time and this much later */
  durations: Sample[];
  /** rate(cpu_busy_seconds_total[2m]) in percent, now */
  busyRate: number;
  /** from the first to the last of these samples */
  truth: Truth | undefined;
  /** series in rate(requests_total[10s]), now */
  shortRateSeries: number;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const begun = inForceSince(lab);
  const window = Math.min(lab.now - begun + 1, longestWindowSeconds);
  const since = async (selector: string) =>
    only(await read.samples(selector, window, lab.now)).filter(([at]) => at >= begun);
  const samples = await since(gauge);
  const [first, last] = [samples[0], samples.at(-1)];
  return {
    signal: lab.exporter?.signal,
    scrapeSeconds: lab.scrapeSeconds,
    now: lab.now,
    gauge: samples,
    spikes: await since(spikeCounter),
    busy: await since(busy),
    durations: await since('scrape_duration_seconds{job="my_app"}'),
    busyRate: 100 * (only(await read.query(`rate(${busy}[2m])`, lab.now))[0]?.[1] ?? Number.NaN),
    truth: first && last && last[0] > first[0] ? await read.truth(first[0], last[0]) : undefined,
    shortRateSeries: (await read.query('rate(requests_total[10s])', lab.now)).length,
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { signal, scrapeSeconds, gauge: samples, truth } = measured;
  if (signal !== 'spikes') {
    return { kind: 'elsewhere', reason: `the exporter plays the signal ${signal}, not spikes` };
  }
  const [first, last] = [samples[0], samples.at(-1)];
  const span = first && last ? last[0] - first[0] : 0;
  const needed = Math.max((samplesNeeded - 1) * scrapeSeconds, shortestSpanSeconds);
  if (first === undefined || last === undefined || truth === undefined || span < needed) {
    const sinceLast = last ? measured.now - last[0] : 0;
    const missing = first ? needed - span - sinceLast : needed + scrapeSeconds;
    return { kind: 'wait', seconds: Math.max(1, missing), reason: `${seconds(needed)} of samples` };
  }

  const happened = truth.totals.spikes;
  const told = risingEdges(samples, threshold).length;
  const grown = (measured.spikes.at(-1)?.[1] ?? Number.NaN) - (measured.spikes[0]?.[1] ?? Number.NaN);
  const wrong = samples.filter(([at, value]) => !couldBe(value, at, durationAt(measured.durations, at)));
  const findings: Finding[] = [
    {
      claim: `${count(happened, 'spike')} happened in ${seconds(span)}; the exporter counted ${grown}`,
      holds: happened > 0 && Math.abs(grown - happened) <= 1,
      evidence: `${spikeCounter} and /truth from ${Math.floor(first[0])} to ${Math.floor(last[0])}`,
      expected: `${happened}, one more or less at the ends`,
      measured: `${grown}`,
      look: `increase(${spikeCounter}[2m])`,
    },
    seenClaim(samples, told, happened, scrapeSeconds),
    {
      claim: `no sample is wrong: ${samples.length - wrong.length} of ${samples.length} are what the signal was at that instant`,
      holds: wrong.length === 0,
      evidence: `${gauge}[${Math.ceil(span)}s] against /truth`,
      expected: 'each stored value is the value of its instant',
      measured: `${wrong.length} differ`,
      look: 'the clocks of the exporter and of Prometheus',
    },
    phaseClaim(samples, scrapeSeconds),
    cureClaim(measured, truth),
  ];
  if (scrapeSeconds > 10) {
    findings.push({
      claim: `rate(requests_total[10s]) returns ${count(measured.shortRateSeries, 'series')}: a rate needs two samples, and ten seconds hold one at most`,
      holds: measured.shortRateSeries === 0,
      evidence: 'rate(requests_total[10s])',
      expected: 'no series',
      measured: `${measured.shortRateSeries}`,
      look: 'count_over_time(requests_total[10s])',
    });
  }
  return { kind: 'measured', findings };
};

const valueAt = (unixSeconds: number): number => (Math.floor(unixSeconds) % wavePeriodSeconds === 0 ? 100 : 0);
const durationAt = (durations: readonly Sample[], at: number): number =>
  durations.find(([time]) => Math.abs(time - at) < 0.001)?.[1] ?? 0;
const couldBe = (value: number, at: number, durationSeconds: number): boolean =>
  [at - edgeSeconds, at, at + durationSeconds + edgeSeconds].some((instant) => valueAt(instant) === value);

const seenClaim = (samples: Sample[], told: number, happened: number, scrapeSeconds: number): Finding => {
  const seen = values(samples);
  const low = seen.filter((value) => value <= threshold).length;
  const list =
    low === 0 ? 'all 100' : low === seen.length ? 'all 0' : `${seen.length - low} of them 100, ${low} of them 0`;
  const most = scrapeSeconds < wavePeriodSeconds ? happened + 1 : samples.length - 1;
  return {
    claim: `Prometheus could tell ${told} of them: ${count(samples.length, 'sample')} stored, ${list}`,
    holds: told <= most && (scrapeSeconds < wavePeriodSeconds || told < happened),
    evidence: `${gauge}, one sample every ${seconds(scrapeSeconds)}`,
    expected: `at most ${most}: a scrape can show one spike`,
    measured: `${told}`,
    look: `${gauge} as points, not as a line`,
  };
};

const phaseClaim = (samples: Sample[], scrapeSeconds: number): Finding => {
  const phases = samples.map(([at]) => ((at % wavePeriodSeconds) + wavePeriodSeconds) % wavePeriodSeconds);
  const evidence = `timestamp(${gauge}) % ${wavePeriodSeconds}`;
  const steps = samples.slice(1).map(([at], index) => at - samples[index]![0]);
  const regular = steps.every((step) => Math.abs(step - scrapeSeconds) <= lateSeconds);
  const measured = `steps of ${round(Math.min(...steps), 2)} to ${round(Math.max(...steps), 2)} s`;
  const common = {
    holds: regular,
    evidence,
    expected: `a scrape every ${seconds(scrapeSeconds)}`,
    measured,
    look: 'a gap in `up`',
  };
  if (scrapeSeconds % wavePeriodSeconds === 0) {
    return {
      ...common,
      claim: `because ${seconds(scrapeSeconds)} is a multiple of the ${wavePeriodSeconds} s wave, every scrape meets it ${round(phases[0]!, 2)} s into its period`,
    };
  }
  const apparent = 2 * scrapeSeconds;
  return {
    ...common,
    claim:
      scrapeSeconds < wavePeriodSeconds
        ? `because ${seconds(scrapeSeconds)} is short against the ${wavePeriodSeconds} s wave, every spike is met`
        : `because ${seconds(scrapeSeconds)} is not a multiple of the ${wavePeriodSeconds} s wave, scrapes meet it high and low in turn: it looks like a wave of ${seconds(apparent)}, ${round(apparent / wavePeriodSeconds, 1)} times slower`,
  };
};

const cureClaim = ({ busy: samples, busyRate }: Measured, truth: Truth): Finding => {
  const trueShare = mean(truth.cpuPercent.slice(0, -1));
  const [first, last] = [samples[0], samples.at(-1)];
  const stored = first && last ? (100 * (last[1] - first[1])) / (last[0] - first[0]) : Number.NaN;
  return {
    claim: `a counter loses nothing: between the same samples it says ${percent(stored)} busy, the truth is ${percent(trueShare)}`,
    holds: Math.abs(stored - trueShare) <= 5,
    evidence: `rate(${busy}[2m]), now ${percent(busyRate)}`,
    expected: `${percent(trueShare)}, a second more or less at the ends`,
    measured: percent(stored),
    look: `${busy}[2m] in the table view`,
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
