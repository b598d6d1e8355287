import { checkOf } from '../../lab/evidence/happening.ts';
import { exporterSince, only, storedBetween, untilScrapes } from '../../lab/evidence/samples.ts';
import { couldHaveGrown, marginSeconds, requestsOf, scrapesIn } from '../../lab/evidence/scrape.ts';
import { between, clock, count, round, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { requests as counter, ofExporter, scrapeDuration, startTime } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Claim, Fact, Judgement } from '../../lab/model/verdict.ts';
import { agrees, growth, increase } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';

const lookBackSeconds = 3_600;
const scrapesNeeded = 3;

export type Measured = {
  /** stored samples of the counter and of the start of its process, last hour */
  counter: Sample[];
  starts: Sample[];
  durations: Sample[];
  /** asked at the last sample */
  resets: number | undefined;
  window: Window;
  /** its samples that the exporter of now has given: only of these the truth is known */
  own: Sample[];
  increase: number | undefined;
  /** what happened between the samples that the window holds of the exporter that answers now */
  truth: Truth;
};

type Window = { text: string; seconds: number };

/** The minute that the lesson asks for; longer where a minute holds too few scrapes. */
const windowFor = (scrapeSeconds: number): Window =>
  scrapeSeconds <= 15 ? { text: '1m', seconds: 60 } : { text: '5m', seconds: 300 };

const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  if (lab.exporter === undefined) return { kind: 'elsewhere', reason: 'the exporter does not answer', type: 'make up' };
  const newest = await storedBetween(read, ofExporter(counter), lab.now - lookBackSeconds, lab.now);
  const at = newest.at(-1)?.[0] ?? lab.now;
  // What resets() sees of it at that instant: to the millisecond the same hour.
  const stored = async (metric: string) => only(await read.samples(ofExporter(metric), lookBackSeconds, at));
  const samples = await stored(counter);
  const window = windowFor(lab.scrapeSeconds);
  const answer = async (expr: string) => only(await read.query(expr, at))[0]?.[1];
  const own = ownSamples(samples, lab, window);
  if (own.length < scrapesNeeded) {
    return {
      kind: 'wait',
      seconds: untilScrapes(scrapesNeeded - own.length, own.at(-1)?.[0], lab),
      reason: `${count(scrapesNeeded, 'scrape')} of ${counter} since the exporter started`,
    };
  }
  return {
    counter: samples,
    starts: await stored(startTime),
    durations: await stored(scrapeDuration),
    resets: await answer(`resets(${ofExporter(counter)}[1h])`),
    window,
    increase: await answer(`increase(${ofExporter(counter)}[${window.text}])`),
    own,
    truth: await read.truth(own[0]![0] - 1, at + marginSeconds),
  };
};

/** The samples of the window, at the last scrape, that the exporter of now has given. */
const ownSamples = (samples: Sample[], lab: Lab, window: Window): Sample[] =>
  inWindow(samples, samples.at(-1)?.[0] ?? lab.now, window.seconds).filter(([at]) => at >= exporterSince(lab));

export const verdict = (measured: Measured): Judgement => {
  const { counter: samples, own, truth } = measured;
  const [first, last] = [own[0]!, own.at(-1)!];
  const scrapeAt = scrapesIn(measured.durations);
  const arrived = couldHaveGrown(requestsOf(truth), scrapeAt(first[0]), scrapeAt(last[0]));
  return {
    kind: 'measured',
    findings: [
      fallsClaim(measured),
      heightFact(samples),
      countedClaim(growth(own), arrived, first[0], last[0]),
      extrapolationClaim(measured, last[0]),
    ],
  };
};

/** A counter falls only where its process has started again. */
const fallsClaim = ({ counter: samples, starts, resets }: Measured): Claim => {
  const startAt = new Map(starts);
  const fell = samples.slice(1).flatMap(([at, value], index) => {
    const [before, previous] = samples[index]!;
    return value < previous ? [{ at, isRestart: startAt.get(at) !== startAt.get(before) }] : [];
  });
  const unexplained = fell.filter(({ isRestart }) => !isRestart);
  const restarts = new Set(starts.map(([, start]) => start)).size - 1;
  return {
    claim: `${counter} dropped ${count(fell.length, 'time')} in ${count(samples.length, 'sample')}, each time because its process had restarted; resets() says ${resets ?? 'nothing'}`,
    holds: fell.length === resets && unexplained.length === 0,
    evidence: `resets(${counter}[1h]) beside ${startTime}[1h]`,
    expected: `${count(fell.length, 'reset')}, a new process at each`,
    measured: `${resets ?? 'no'} resets, ${fell.length} drops, ${restarts} new processes`,
    look: `${counter}[1h] in the table view`,
  };
};

const heightFact = (samples: Sample[]): Fact => {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return {
    fact: `its value says little: ${first[1]} at ${clock(first[0])}, ${last[1]} at ${clock(last[0])}`,
    evidence: counter,
  };
};

const countedClaim = (grown: number, [least, most]: [number, number], from: number, to: number): Claim => ({
  claim: `in ${seconds(to - from)} between two scrapes it grew by ${grown}, and ${between(least, most)} requests really arrived`,
  holds: grown >= least && grown <= most,
  evidence: `${counter} from ${clock(from)} to ${clock(to)} against ${truthBetween(from, to)}`,
  expected: `${between(least, most)}, by the second in which each scrape was answered`,
  measured: `${grown}`,
  look: `${counter}[5m] in the table view`,
});

const extrapolationClaim = ({ counter: samples, window, increase: answer }: Measured, at: number): Claim => {
  const own = increase(samples, at, window.seconds);
  const held = inWindow(samples, at, window.seconds).length;
  const number = (value: number | undefined) => (value === undefined ? 'nothing' : round(value, 2));
  const perSecond = answer === undefined ? 'nothing' : `${round(answer / window.seconds, 2)}/s`;
  return {
    claim: `increase(${counter}[${window.text}]) says ${number(answer)}, rate() ${perSecond}: what ${count(held, 'sample')} grew by, extrapolated to the window boundaries, so it is rarely a whole number`,
    holds: agrees(answer, own),
    evidence: `increase(${counter}[${window.text}]) at ${clock(at)}`,
    expected: number(own),
    measured: number(answer),
    look: `${counter}[${window.text}] in the table view`,
  };
};

export const check = checkOf(measure, verdict);
