import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports for servers of tests. They lie below those that the system gives to outgoing connections, any of which could
 * take a port again before its server listens, or while that is started anew. For the same reason a process owns a
 * range of them for as long as it lives, by listening on the first port of it: no other test is given one of these.
 */
const [lowest, ranges, rangeSize] = [21_000, 110, 100] as const;

let [next, end] = [0, 0];
let last: Promise<unknown> = Promise.resolve();

/** A port that is free on loopback now. */
export const freePort = (): Promise<number> => freePortRow(1);

/** The first of so many ports in a row, fewer than 100, that are free on loopback now. */
export const freePortRow = (count: number): Promise<number> => {
  const row = last.then(() => take(count));
  last = row;
  return row;
};

const take = async (count: number): Promise<number> => {
  for (;;) {
    if (end - next < count) [next, end] = await ownRange();
    const row = Array.from({ length: count }, () => next++);
    const servers = await Promise.all(row.map(listening));
    await Promise.all(servers.map((server) => server && once(server.close(), 'close')));
    if (servers.every(Boolean)) return row[0]!;
  }
};

/** @returns the first port that is given, and the one after the last */
const ownRange = async (): Promise<[number, number]> => {
  for (;;) {
    const first = lowest + rangeSize * Math.floor(ranges * Math.random());
    const owner = await listening(first);
    if (owner === undefined) continue;
    owner.unref();
    return [first + 1, first + rangeSize];
  }
};

/** @returns a server that listens there; undefined where the port is taken */
const listening = async (port: number) => {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
};
