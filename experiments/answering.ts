import type { Reader } from './types.ts';

/**
 * Whether a service answers now, whatever the last scrape of it says.
 * @param address  such as `shard-a:9090`
 */
export const answersNow = async (read: Pick<Reader, 'at'>, address: string): Promise<boolean> =>
  (await read.at(address).answer('status/buildinfo')) !== undefined;

/** How many of some services do not answer now. */
export const silentNow = async (read: Pick<Reader, 'at'>, addresses: readonly string[]): Promise<number> =>
  (await Promise.all(addresses.map((address) => answersNow(read, address)))).filter((answers) => !answers).length;
