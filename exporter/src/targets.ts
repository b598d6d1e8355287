import { quoted } from '../../lab/settings/quoted.ts';
import { goneFrom, instanceOf, type JobName, jobNames, jobOf } from './instance.ts';
import { RequestError } from './range.ts';
import type { TargetGroup } from './scenario.ts';
import { isNamed } from './signals/discovery.ts';
import { isRelabelled, relabellingJob } from './signals/relabelling.ts';
import { thanosTargetGroups } from './thanos-targets.ts';
import { simulatedBy, timeoutOf, type World } from './world.ts';

/** An instance that has left stays on the list for so long: at any interval up to 1 min its scrape really fails. */
const listedAfterSeconds = 120;

/** @returns until when an instance is named, unix seconds; infinity where it stays */
export const listedUntil = (world: World): number => goneFrom(world) + listedAfterSeconds;

/** The scrape job in which `/targets` names an instance at an instant. */
const scrapedBy = (world: World, unixSeconds: number): JobName =>
  isRelabelled(world, unixSeconds) ? relabellingJob : jobOf(world);

/** What service discovery says of a pod beside its address: the labels that somebody has given it in Kubernetes. */
export const discoveredIn = (job: JobName): Record<string, string> =>
  job === 'my_app_labelmap' ? { __meta_kubernetes_pod_label_job: 'shop' } : {};

/**
 * The targets that Prometheus does not know from its configuration: the fleet without its first instance, the
 * pages of its scenarios, and the Thanos services.
 * @param job   the scrape job that asks
 * @param host  where that job has reached the first instance, such as exporter:8000
 * @param now   unix seconds
 */
export const targetsOf = (fleet: readonly World[], job: JobName, host: string, now: number): TargetGroup[] => {
  const { hostname, port } = new URL(`http://${host}`);
  const [first, ...others] = fleet as [World, ...World[]];
  const named = others
    .filter((world) => scrapedBy(world, now) === job && now < listedUntil(world) && isNamed(world, now))
    .map((world) => ({
      targets: [`${hostname}:${Number(port || 80) + world.number! - 1}`],
      labels: {
        // A job that is not its own would give it another name.
        ...(jobOf(world) !== job && { job: jobOf(world) }),
        instance: instanceOf(world),
        ...discoveredIn(job),
        ...timeoutLabel(timeoutOf(world)),
      },
    }));
  const address = `${hostname}:${port || 80}`;
  const beside = simulatedBy(first).flatMap(({ scenario }) => scenario.targets?.(first, address)[job] ?? []);
  if (job !== 'my_app') return [...named, ...beside];
  return [
    ...named,
    ...beside,
    ...simulatedBy(first).flatMap(({ scenario }) => scenario.page?.targets(address) ?? []),
    ...thanosTargetGroups(first.thanosTargets ?? []),
  ];
};

const timeoutLabel = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { __scrape_timeout__: `${seconds}s` };

/**
 * Reads which job asks for its targets.
 * @throws RequestError that names the parameter
 */
export const parseJob = ({ job }: Record<string, unknown>): JobName => {
  const known = jobNames.find((name) => name === job);
  if (known === undefined) {
    throw new RequestError(`job must be ${jobNames.join(', ')}, given once, got ${quoted(job)}`);
  }
  return known;
};

/**
 * Reads the Host header.
 * @throws RequestError where it is none
 */
export const parseHost = (host = ''): string => {
  if (!/^[\w.:[\]-]{1,260}$/.test(host) || !URL.canParse(`http://${host}`)) {
    throw new RequestError(`Host must be a host and a port, got ${quoted(host)}`);
  }
  return host;
};
