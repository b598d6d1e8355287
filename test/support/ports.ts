import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that the system gives to outgoing connections: any of those could take a free port again before the
 * one that asked for it listens on it.
 */
const [lowest, slots, slotSize] = [21_000, 250, 40] as const;
/** Where the next search begins: a part for each process, and never the same port twice in a row. */
let next = (process.pid % slots) * slotSize;

/** A port that is free on loopback now. */
export const freePort = (): Promise<number> => freePortRow(1);

/** The first of so many ports in a row that are free on loopback now. */
export const freePortRow = async (count: number): Promise<number> => {
  for (;;) {
    const first = lowest + (next % (slots * slotSize));
    next += count;
    const row = Array.from({ length: count }, (_, index) => first + index);
    if (await areFree(row)) return first;
  }
};

const areFree = async (ports: readonly number[]): Promise<boolean> => {
  const servers = ports.map((port) => createServer().listen(port, '127.0.0.1'));
  const listening = await Promise.allSettled(servers.map((server) => once(server, 'listening')));
  await Promise.all(servers.map((server) => server.listening && once(server.close(), 'close')));
  return listening.every(({ status }) => status === 'fulfilled');
};
