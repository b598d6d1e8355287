import { values } from '../../lab/evidence/samples.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';

/** What a graph asks: a query at each of these instants, unix seconds. */
export type Graph = { expr: string; from: number; to: number; stepSeconds: number };
/** A graph, what Prometheus answers at its points, and what it has to answer by the stored samples. */
export type Drawn = Graph & { answers: (number | undefined)[]; own: (number | undefined)[] };

export const requests = 'burst_requests_total';
export const load = 'worker_load_percent';

export const instantsOf = ({ from, to, stepSeconds }: Omit<Graph, 'expr'>): number[] =>
  Array.from({ length: Math.round((to - from) / stepSeconds) + 1 }, (_, index) => from + index * stepSeconds);

export const meanOf = (points: readonly (number | undefined)[]): number =>
  points.reduce<number>((sum, point) => sum + (point ?? Number.NaN), 0) / points.length;

const largest = (rows: [worker: string, value: number][]): string[] =>
  rows
    .sort(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([worker]) => worker);

/** The three workers whose newest sample is the largest at an instant. */
export const topAt = (series: readonly Series[], at: number): string[] =>
  largest(
    series.flatMap(({ labels, samples }) => {
      const newest = samples.findLast(([time]) => time <= at);
      return newest === undefined ? [] : [[labels.worker!, newest[1]]];
    }),
  );

/** The three workers with the largest average in a window. */
export const topOver = (series: readonly Series[], at: number, windowSeconds: number): string[] =>
  largest(
    series.flatMap(({ labels, samples }) => {
      const inside = values(inWindow(samples, at, windowSeconds));
      return inside.length === 0 ? [] : [[labels.worker!, meanOf(inside)]];
    }),
  );
