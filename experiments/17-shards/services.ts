import type { Lab } from '../../lab/model/lab.ts';
import type { Source } from '../../lab/model/lesson.ts';
import { job, targetUp, thanosJob } from '../../lab/model/metrics.ts';

/** How the services of this step fare, as the lab's own Prometheus sees them. */

/** The querier that asks the sidecars that are there, whichever they are. */
export const plainQuerier: Source = { name: 'query-plain', address: 'query-plain:10904' };

const ofShards = `{job="${thanosJob}",instance=~"shard-.+"}`;

export const shardsUp = `up${ofShards}`;
/** The fleet as a querier has it: what a shard stores has its label, and what the lab's own Prometheus stores none. */
export const instancesOfShards = `count(${targetUp}{job="${job}",shard=~".+"})`;
export const anyShardDown = `${shardsUp} == 0`;

/** The targets of the exporter's fleet that each shard scrapes. */
export const targetsOfShards = `prometheus_target_scrape_pool_targets{instance=~"shard-.+",scrape_job="my_app"}`;

/** How many sidecars a querier is connected to; the plain one asks no others. */
export const sidecarsOf = (querier: string): string =>
  `sum by (instance) (thanos_store_nodes_grpc_connections{instance=~"${querier}"})`;

/** Whether the lab's own Prometheus scrapes them. */
export const areHere = ({ thanos = [] }: Lab): boolean => thanos.includes('shard-a');
