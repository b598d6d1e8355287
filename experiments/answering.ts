import { untilScrapes } from './samples.ts';
import type { Lab, Reader } from './types.ts';

/**
 * Whether a service answers now, whatever the last scrape of it says.
 * @param address  such as `shard-a:9090`
 */
export const answersNow = async (read: Pick<Reader, 'at'>, address: string): Promise<boolean> =>
  (await read.at(address).answer('status/buildinfo')) !== undefined;

/**
 * Which of some services do not answer now.
 * @param services  their names, and the port that all of them have
 */
export const silentNow = async (
  read: Pick<Reader, 'at'>,
  services: readonly string[],
  port: number,
): Promise<string[]> => {
  const answers = await Promise.all(services.map((service) => answersNow(read, `${service}:${port}`)));
  return services.filter((_, index) => !answers[index]);
};

/** Services that answer, and of which Prometheus has not been told yet: its list of targets is some seconds behind. */
export const toBeTold = (what: string, lab: Lab): { kind: 'wait'; seconds: number; reason: string } => ({
  kind: 'wait',
  seconds: untilScrapes(2, undefined, lab),
  reason: `Prometheus to scrape ${what}`,
});
