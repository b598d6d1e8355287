import type { Series } from '../../lab/promql/sample.ts';

/** The two Prometheus that share the fleet, as compose.yaml names and numbers them. */
export const shards = [
  { service: 'shard-a', sidecar: 'sidecar-a', number: 0 },
  { service: 'shard-b', sidecar: 'sidecar-b', number: 1 },
] as const;

/** A shard, and the counters of the fleet that it has stored in the window. */
export type Shard = { service: string; sidecar: string; number: number; series: Series[] };

/** The series of all shards, each with the label that a reader of several gets to see. */
export const uniteShards = (answering: readonly Shard[]): Series[] =>
  answering.flatMap(({ number, series }) =>
    series.map(({ labels, samples }) => ({ labels: { ...labels, shard: `${number}` }, samples })),
  );
