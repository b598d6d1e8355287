import { type Counted, countedRight } from '../../lab/evidence/counted.ts';
import { clock, count, listed, round, truthBetween } from '../../lab/model/format.ts';
import type { Claim, Fact, Judgement } from '../../lab/model/verdict.ts';
import { agrees } from '../../lab/promql/extrapolation.ts';
import { type Drawn, type Graph, load, meanOf, requests } from './graph.ts';

/** What happened in some whole periods until an instant. */
export type Happened = { from: number; to: number; total: number; perSecond: number };
/** The workers that a graph of topk draws, and those that it has to draw by the stored samples. */
export type Workers = Graph & { drawn: readonly string[]; own: readonly string[] };

export type Measured = {
  happened: Happened;
  stored: Counted[];
  /** irate where the graph's points see least, and where they see most; rate over a window that leaves nothing out */
  low: Drawn;
  high: Drawn;
  wide: Drawn;
  top: Workers;
  chosen: Workers;
};

export const verdict = ({ happened, stored, low, high, wide, top, chosen }: Measured): Judgement => ({
  kind: 'measured',
  findings: [
    whatHappened(happened),
    countedRight(requests, stored, ', every burst in them'),
    tooLittle(low, happened),
    tooMuch(high, happened),
    whole(wide, [low, high], happened),
    manyLines(top),
    threeLines(chosen),
  ],
});

const whatHappened = ({ from, to, total, perSecond }: Happened): Fact => ({
  fact: `what happened: ${total} requests from ${clock(from)} to ${clock(to)}, ${round(perSecond, 2)} a second`,
  evidence: `${truthBetween(from, to)}, bursts`,
});

const written = (points: readonly (number | undefined)[]): string =>
  points.map((point) => (point === undefined ? 'none' : round(point, 2))).join(', ');
const isOwn = ({ answers, own }: Drawn): boolean =>
  answers.length === own.length && answers.every((answer, index) => answer !== undefined && agrees(answer, own[index]));
const asked = ({ expr, from, to, stepSeconds }: Graph): string =>
  `${expr} from ${clock(from)} to ${clock(to)}, a point every ${stepSeconds} s`;

/** A graph says less than three quarters of what happened, or more than five quarters. */
const farOff = 0.25;

const claimOf = (graph: Drawn, words: string, holds: boolean, expected: string): Claim => ({
  claim: `${words}: ${written(graph.answers)} a second`,
  holds: isOwn(graph) && holds,
  evidence: asked(graph),
  expected: `${written(graph.own)} by the stored samples, ${expected}`,
  measured: written(graph.answers),
  look: `${graph.expr} in the graph view, with a step of ${graph.stepSeconds} s`,
});

const tooLittle = (low: Drawn, { perSecond }: Happened): Claim =>
  claimOf(
    low,
    'irate at points that lie between the bursts, each of the last two samples before it, sees none',
    meanOf(low.answers) < (1 - farOff) * perSecond,
    `on average under ${round((1 - farOff) * perSecond, 2)}`,
  );

const tooMuch = (high: Drawn, { perSecond }: Happened): Claim =>
  claimOf(
    high,
    'the same query in a graph that begins some seconds later, at points right after the bursts, sees nothing else',
    meanOf(high.answers) > (1 + farOff) * perSecond,
    `on average over ${round((1 + farOff) * perSecond, 2)}`,
  );

const whole = (wide: Drawn, others: readonly Drawn[], { perSecond }: Happened): Claim => {
  const off = (graph: Drawn) => Math.abs(meanOf(graph.answers) - perSecond);
  return claimOf(
    wide,
    `rate over the step and the time between two samples leaves nothing out, ${round(meanOf(wide.answers), 2)} on average`,
    others.every((other) => off(wide) < off(other)),
    `nearer to ${round(perSecond, 2)} than both others`,
  );
};

const isSame = ({ drawn, own }: Workers): boolean => [...drawn].sort().join() === [...own].sort().join();

const manyLines = (top: Workers): Claim => ({
  claim: `topk(3, …) draws ${count(top.drawn.length, 'series')}, since it chooses anew at each point`,
  holds: isSame(top) && top.drawn.length > 3,
  evidence: asked(top),
  expected: `${listed(top.own)} by the stored samples, more than 3`,
  measured: listed(top.drawn),
  look: `topk(3, ${load}) in the graph view`,
});

const threeLines = (top: Workers): Claim => ({
  claim: `chosen once, @ end(), it draws ${count(top.drawn.length, 'series')}: ${listed(top.drawn)}`,
  holds: isSame(top),
  evidence: asked(top),
  expected: `${listed(top.own)}, the largest averages of the stored samples`,
  measured: listed(top.drawn),
  look: `${top.expr} in the graph view`,
});
