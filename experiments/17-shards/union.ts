import { rate } from '../extrapolation.ts';
import { job, requests } from '../metrics.ts';
import type { Series } from '../types.ts';
import { duration } from '../words.ts';

/** The two Prometheus that share the fleet, as compose.yaml names and numbers them. */
export const shards = [
  { service: 'shard-a', sidecar: 'sidecar-a', number: 0 },
  { service: 'shard-b', sidecar: 'sidecar-b', number: 1 },
] as const;

/** A shard, and the counters of the fleet that it has stored in the window. */
export type Shard = { service: string; sidecar: string; number: number; series: Series[] };

type Window = { at: number; windowSeconds: number };

export const counters = `${requests}{job="${job}"}`;

/** The sum that everybody wants of a fleet. */
export const globalRate = ({ windowSeconds }: Pick<Window, 'windowSeconds'>): string =>
  `sum(rate(${counters}[${duration(windowSeconds)}]))`;

/** The series of all shards, each with the label that a reader of several gets to see. */
export const uniteShards = (answering: readonly Shard[]): Series[] =>
  answering.flatMap(({ number, series }) =>
    series.map(({ labels, samples }) => ({ labels: { ...labels, shard: `${number}` }, samples })),
  );

/** sum(rate(…)) by hand: Prometheus' own rate of each series, added up; requests per second. */
export const summedRate = (series: readonly Series[], { at, windowSeconds }: Window): number =>
  series.reduce((sum, { samples }) => sum + (rate(samples, at, windowSeconds) ?? 0), 0);
