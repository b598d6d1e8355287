import { type Counted, countedIn } from '../../lab/evidence/counted.ts';
import { instancesIn } from '../../lab/evidence/fleet.ts';
import { whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, storedBetween, untilScrapes } from '../../lab/evidence/samples.ts';
import { scrapesIn } from '../../lab/evidence/scrape.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { ofExporter, scrapeDuration } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { irate, rate } from '../../lab/promql/extrapolation.ts';
import { secondsBetween } from '../../lab/promql/window.ts';
import { type Happened, type Measured, verdict, type Workers } from './findings.ts';
import { type Drawn, type Graph, instantsOf, load, meanOf, requests, topAt, topOver } from './graph.ts';

const irateSeconds = 60;
/** So many points show that it goes on; more than six say no more. */
const pointsNeeded = 2;
const pointsMost = 6;
/** Points of the graph of the largest. */
const topPoints = 8;

const measure = async (_: object, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = Math.max(activeSince(lab), lab.now - 300);
  const samples = await storedBetween(read, ofExporter(requests), since, lab.now);
  const [first, second] = samples;
  const last = samples.at(-1);
  const { bursts } = await read.truth(lab.now, lab.now);
  if (bursts === undefined) throw new Error('the exporter reports no bursts');
  const step = bursts.everySeconds;
  const gaps = samples.slice(1).map((sample, index) => secondsBetween(samples[index]!, sample));
  const wideSeconds = Math.ceil(step + Math.max(0, ...gaps));
  const to = Math.floor(last?.[0] ?? lab.now);
  const needed = (pointsNeeded - 1) * step;
  const missing =
    first === undefined || second === undefined
      ? needed + wideSeconds + 2 * lab.scrapeSeconds
      : Math.max(second[0] + needed + step - 1 - to, first[0] + needed + wideSeconds - to);
  if (first === undefined || second === undefined || missing > 0) {
    const reason = `a graph with ${pointsNeeded} points, one every ${step} s`;
    return { kind: 'wait', seconds: Math.max(missing, untilScrapes(1, last?.[0], lab)), reason };
  }
  const graphTo = (end: number, earliest: number, expr: string): Graph => {
    const points = Math.min(pointsMost, Math.floor((end - earliest) / step) + 1);
    return { expr, from: end - (points - 1) * step, to: end, stepSeconds: step };
  };
  const drawn = async (graph: Graph, own: (at: number) => number | undefined): Promise<Drawn> => {
    const answered = await read.range(graph.expr, graph.from, graph.to, step);
    const values = new Map(answered.flatMap((line) => line.samples).map(([at, value]) => [Math.round(at), value]));
    const instants = instantsOf(graph);
    return { ...graph, answers: instants.map((at) => values.get(at)), own: instants.map(own) };
  };
  const narrow = (at: number) => irate(samples, at, irateSeconds);
  const byMean = Array.from({ length: step }, (_, phase) =>
    graphTo(to - phase, second[0], `irate(${ofExporter(requests)}[${irateSeconds}s])`),
  )
    .map((graph) => ({ graph, mean: meanOf(instantsOf(graph).map(narrow)) }))
    .sort((one, other) => one.mean - other.mean);
  const wide = graphTo(to, first[0] + wideSeconds, `rate(${ofExporter(requests)}[${wideSeconds}s])`);
  return {
    happened: await happenedIn(read, to - pointsNeeded * step, to),
    stored: await storedIn(read, lab, samples),
    low: await drawn(byMean[0]!.graph, narrow),
    high: await drawn(byMean.at(-1)!.graph, narrow),
    wide: await drawn(wide, (at) => rate(samples, at, wideSeconds)),
    ...(await workersIn(read, lab, Math.ceil(first[0]), to)),
  };
};

const happenedIn = async (read: Reader, from: number, to: number): Promise<Happened> => {
  const { bursts } = await read.truth(from, to);
  const total = bursts!.total.at(-1)! - bursts!.total[0]!;
  return { from, to, total, perSecond: total / (to - from) };
};

const storedIn = async (
  read: Reader,
  lab: Lab,
  samples: Awaited<ReturnType<typeof storedBetween>>,
): Promise<Counted[]> => {
  const [from, to] = [Math.floor(samples[0]![0]) - 1, Math.floor(lab.now)];
  const { bursts } = await read.truth(from, to);
  const scrapeAt = scrapesIn(await storedBetween(read, ofExporter(scrapeDuration), from, lab.now));
  const totalAt = (at: number) => bursts!.total[Math.min(Math.floor(at), to) - from]!;
  return countedIn(samples, scrapeAt, totalAt);
};

/** A graph of the largest three, chosen at each point and chosen once. */
const workersIn = async (
  read: Reader,
  { scrapeSeconds }: Lab,
  earliest: number,
  to: number,
): Promise<{ top: Workers; chosen: Workers }> => {
  const points = Math.min(topPoints, Math.floor((to - earliest) / scrapeSeconds) + 1);
  const [from, windowSeconds] = [to - (points - 1) * scrapeSeconds, points * scrapeSeconds];
  const series = await read.samples(ofExporter(load), to - earliest + 2 * scrapeSeconds, to);
  const graph = async (expr: string, own: readonly string[]): Promise<Workers> => {
    const lines = await read.range(expr, from, to, scrapeSeconds);
    const drawn = lines.map(({ labels }) => labels.worker!).sort();
    return { expr, from, to, stepSeconds: scrapeSeconds, drawn, own: [...own].sort() };
  };
  const instants = instantsOf({ from, to, stepSeconds: scrapeSeconds });
  const each = new Set(instants.flatMap((at) => topAt(series, at)));
  const once = `${ofExporter(load)} and topk(3, avg_over_time(${ofExporter(load)}[${windowSeconds}s] @ end()))`;
  return {
    top: await graph(`topk(3, ${ofExporter(load)})`, [...each]),
    chosen: await graph(once, topOver(series, to, windowSeconds)),
  };
};

export const { look, check } = whenItHappened({
  what: (lab) => instancesIn(lab).find(({ number, simulates }) => number === 1 && simulates.includes('bursts')),
  none: 'the exporter simulates no bursts',
  measure,
  verdict,
});
