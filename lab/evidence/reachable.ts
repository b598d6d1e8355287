import type { Lab } from '../model/lab.ts';
import type { Reader } from '../model/reader.ts';
import type { Judgement } from '../model/verdict.ts';
import { untilScrapes } from './samples.ts';

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

/**
 * What keeps a step from being judged whose services Prometheus does not scrape.
 * @param answer  whether they answer: then its list of targets is some seconds behind
 * @param reason  why it cannot be judged where they do not
 */
export const notScrapedYet = (services: string, answer: boolean, reason: string, lab: Lab): Judgement =>
  answer
    ? { kind: 'wait', seconds: untilScrapes(2, undefined, lab), reason: `Prometheus to scrape ${services}` }
    : { kind: 'elsewhere', reason };
