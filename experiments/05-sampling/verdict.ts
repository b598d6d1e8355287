import { checkOf } from '../../lab/evidence/happening.ts';
import { activeSince, only, risingEdges, storedBetween, untilScrapes, values } from '../../lab/evidence/samples.ts';
import {
  busyOf,
  couldHaveGrown,
  couldHaveSeen,
  cpuOf,
  marginSeconds,
  type Scrape,
  scrapesIn,
  spikesOf,
} from '../../lab/evidence/scrape.ts';
import { highCpu } from '../../lab/model/alerts.ts';
import { between, clock, count, percent, round, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import {
  busySeconds as busy,
  cpu as gauge,
  ofExporter,
  requests,
  scrapeDuration,
  spikes,
} from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Claim, Fact, Finding, Judgement } from '../../lab/model/verdict.ts';
import { agrees, growth, rate } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';

const threshold = highCpu.thresholdPercent;
const wavePeriodSeconds = 2;
const longestWindowSeconds = 300;
const shortestSpanSeconds = 30;
export type Measured = {
  lab: Lab;
  /** stored samples since the exporter simulates this signal and Prometheus scrapes it at this interval */
  gauge: Sample[];
  spikes: Sample[];
  busy: Sample[];
  durations: Sample[];
  /** from the first to the last of these samples, and a little more */
  truth: Truth;
  /** asked at the last sample: the raw samples of a window, and what Prometheus answers from them */
  busyWindow: Sample[];
  busyRate: number | undefined;
  shortWindow: Sample[];
  shortRate: number | undefined;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const signal = lab.exporter?.signal;
  if (signal !== 'spikes') {
    return { kind: 'elsewhere', reason: `the exporter simulates the signal ${signal ?? 'none'}, not spikes` };
  }
  const begun = Math.max(activeSince(lab), lab.now - longestWindowSeconds);
  const storedUntil = (metric: string, to: number) => storedBetween(read, ofExporter(metric), begun, to);
  const samples = await storedUntil(gauge, lab.now);
  // All else is read up to the same scrape, whatever comes in meanwhile.
  const waiting = untilSpan(samples, lab);
  if (waiting !== undefined) return waiting;
  const [first, last] = [samples[0]![0], samples.at(-1)![0]];
  const since = (metric: string) => storedUntil(metric, last);
  const windowOf = async (metric: string, window: number) => only(await read.samples(ofExporter(metric), window, last));
  const rateOf = async (metric: string, window: number) =>
    only(await read.query(`rate(${ofExporter(metric)}[${window}s])`, last))[0]?.[1];
  return {
    lab,
    gauge: samples,
    spikes: await since(spikes),
    busy: await since(busy),
    durations: await since(scrapeDuration),
    truth: await read.truth(first - 2, last + marginSeconds),
    busyWindow: await windowOf(busy, 120),
    busyRate: await rateOf(busy, 120),
    shortWindow: await windowOf(requests, 10),
    shortRate: await rateOf(requests, 10),
  };
};

/** Samples over a time that is long enough for all claims. */
const untilSpan = (samples: readonly Sample[], lab: Lab): Judgement | undefined => {
  const { scrapeSeconds } = lab;
  const [first, last] = [samples[0], samples.at(-1)];
  const span = first && last ? last[0] - first[0] : 0;
  const steps = Math.max(2, Math.ceil(shortestSpanSeconds / scrapeSeconds));
  const missing = steps - Math.floor(span / scrapeSeconds + 0.1);
  if (samples.length >= 3 && missing <= 0) return undefined;
  const scrapes = first === undefined ? steps + 1 : Math.max(missing, 1);
  return {
    kind: 'wait',
    seconds: untilScrapes(scrapes, last?.[0], lab),
    reason: `${seconds(steps * scrapeSeconds)} of samples`,
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, gauge: samples, truth } = measured;
  const { scrapeSeconds } = lab;
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const span = last[0] - first[0];
  const scrapeAt = scrapesIn(measured.durations);
  const [from, to] = [scrapeAt(first[0]), scrapeAt(last[0])];
  const stretch = `from ${clock(first[0])} to ${clock(last[0])} against ${truthBetween(first[0], last[0])}`;
  const happened = couldHaveGrown(spikesOf(truth), from, to);
  const findings: Finding[] = [
    countedClaim(growth(measured.spikes), happened, span, stretch),
    seenFinding(samples, happened[0], scrapeSeconds),
    trueClaim(samples, truth, scrapeAt, stretch),
    phaseFact(samples, scrapeSeconds),
    fixClaim(growth(measured.busy), couldHaveGrown(busyOf(truth), from, to), span, stretch),
    rateClaim(measured, last[0]),
  ];
  if (scrapeSeconds > 10) findings.push(shortRateClaim(measured, last[0]));
  return { kind: 'measured', findings };
};

const countedClaim = (grown: number, [least, most]: [number, number], span: number, stretch: string): Claim => ({
  claim: `${between(least, most)} spikes happened in ${seconds(span)}, and the counter counted ${grown}`,
  holds: least > 0 && grown >= least && grown <= most,
  evidence: `${spikes} ${stretch}`,
  expected: `${between(least, most)}, by the second in which each scrape was answered`,
  measured: `${grown}`,
  look: `increase(${spikes}[2m])`,
});

/** With a scrape in each half of the wave all can be seen; with fewer a scrape can show one spike at most. */
const seenFinding = (samples: Sample[], happened: number, scrapeSeconds: number): Finding => {
  const distinguished = risingEdges(samples, threshold).length;
  const seen = values(samples);
  const low = seen.filter((value) => value <= threshold).length;
  const list =
    low === 0 ? 'all 100' : low === seen.length ? 'all 0' : `${seen.length - low} of them 100, ${low} of them 0`;
  const words = `Prometheus could have distinguished ${distinguished} of them: ${count(samples.length, 'sample')} stored, ${list}`;
  const evidence = `${gauge}, one sample every ${seconds(scrapeSeconds)}`;
  if (scrapeSeconds < wavePeriodSeconds) return { fact: words, evidence };
  return {
    claim: words,
    holds: distinguished < happened,
    evidence,
    expected: `fewer than the ${happened} that happened`,
    measured: `${distinguished}`,
    look: `${gauge} as points, not as a line`,
  };
};

const trueClaim = (samples: Sample[], truth: Truth, scrapeAt: (at: number) => Scrape, stretch: string): Claim => {
  const signal = cpuOf(truth);
  const wrong = samples.filter(([at, value]) => !couldHaveSeen(signal, scrapeAt(at)).includes(value));
  const examples = wrong.slice(0, 3).map(([at, value]) => `${value} at ${clock(at)}`);
  return {
    claim: `no sample is wrong: ${samples.length - wrong.length} of ${samples.length} are what the signal was at that instant`,
    holds: wrong.length === 0,
    evidence: `${gauge} ${stretch}`,
    expected: 'each stored value is one that the signal had while its scrape was under way',
    measured: `${wrong.length} differ: ${examples.join(', ')}`,
    look: 'the clocks of the exporter and of Prometheus',
  };
};

const phaseFact = (samples: Sample[], scrapeSeconds: number): Fact => {
  const phase = ((samples[0]![0] % wavePeriodSeconds) + wavePeriodSeconds) % wavePeriodSeconds;
  const steps = samples.slice(1).map(([at], index) => at - samples[index]![0]);
  const regular = `samples ${between(Math.min(...steps), Math.max(...steps), 1)} s apart`;
  const evidence = `timestamp(${gauge}) % ${wavePeriodSeconds}`;
  if (scrapeSeconds % wavePeriodSeconds === 0) {
    const fact = `${regular}: ${seconds(scrapeSeconds)} is a multiple of the ${wavePeriodSeconds} s wave, so each scrape meets it at the same point, ${round(phase, 2)} s into its period`;
    return { fact, evidence };
  }
  if (scrapeSeconds < wavePeriodSeconds) {
    const fact = `${regular}: ${seconds(scrapeSeconds)} is short against the ${wavePeriodSeconds} s wave, so there is a scrape in each half of it`;
    return { fact, evidence };
  }
  const apparent = 2 * scrapeSeconds;
  const slower = round(apparent / wavePeriodSeconds, 1);
  const fact = `${regular}: ${seconds(scrapeSeconds)} is no multiple of the ${wavePeriodSeconds} s wave, so scrapes meet it high and low in turn: it looks like a wave of ${seconds(apparent)}, ${slower} times slower`;
  return { fact, evidence };
};

const fixClaim = (grown: number, [least, most]: [number, number], span: number, stretch: string): Claim => {
  const share = (busySeconds: number) => (100 * busySeconds) / span;
  const truth = `${between(share(least), share(most), 1)} %`;
  return {
    claim: `a counter loses nothing: between the same samples it says ${percent(share(grown))} busy, the truth is ${truth}`,
    holds: grown >= least - 1e-6 && grown <= most + 1e-6,
    evidence: `${busy} ${stretch}`,
    expected: truth,
    measured: percent(share(grown)),
    look: `${busy}[2m] in the table view`,
  };
};

const rateClaim = ({ busyWindow, busyRate }: Measured, at: number): Claim => {
  const own = rate(busyWindow, at, 120);
  const inWords = (perSecond: number | undefined) => (perSecond === undefined ? 'nothing' : percent(100 * perSecond));
  return {
    claim: `100 * rate(${busy}[2m]) says ${inWords(busyRate)}: what its ${count(busyWindow.length, 'sample')} grew by, extrapolated to the window boundaries`,
    holds: agrees(busyRate, own),
    evidence: `100 * rate(${busy}[2m]) at ${clock(at)}`,
    expected: inWords(own),
    measured: inWords(busyRate),
    look: `${busy}[2m] in the table view`,
  };
};

const shortRateClaim = ({ shortWindow, shortRate }: Measured, at: number): Claim => {
  const own = rate(shortWindow, at, 10);
  const inWords = (answer: number | undefined) => (answer === undefined ? 'nothing' : `${round(answer, 2)}/s`);
  return {
    claim: `rate(${requests}[10s]) says ${inWords(shortRate)}: a rate needs two samples, and these ten seconds hold ${shortWindow.length}`,
    holds: agrees(shortRate, own),
    evidence: `rate(${requests}[10s]) at ${clock(at)}`,
    expected: inWords(own),
    measured: inWords(shortRate),
    look: `count_over_time(${requests}[10s])`,
  };
};

export const check = checkOf(measure, verdict);
