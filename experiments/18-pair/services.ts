import type { Lab } from '../../lab/model/lab.ts';
import { job, ofExporter, requests, targetUp } from '../../lab/model/metrics.ts';

/** How the services of this step fare, as the lab's own Prometheus sees them. */

export const replicasUp = 'up{instance=~"replica-."}';
/** What a replica stores has its label, and what the lab's own Prometheus stores none. */
const ofReplica = 'replica=~".+"';
export const instancesOfReplicas = `count(${targetUp}{job="${job}",${ofReplica}})`;
/** How many samples of one series are there, of each replica and after deduplication. */
export const samplesOfOne = `count_over_time(${ofExporter(requests, ofReplica)}[20s])`;
export const storedBy = (replica: string): string =>
  `rate(prometheus_tsdb_head_samples_appended_total{instance=~"${replica}",type="float"}[30s])`;
export const sentAlerts = 'rate(prometheus_notifications_sent_total{instance=~"replica-."}[1m])';
export const cpuOfReplicas = 'rate(process_cpu_seconds_total{instance=~"replica-."}[1m])';

/** Whether the lab's own Prometheus scrapes them. */
export const areHere = ({ thanos = [] }: Lab): boolean => thanos.includes('replica-a');
