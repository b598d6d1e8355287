import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { repository } from '../host/repository.ts';
import { LabError } from './error.ts';
import { find } from './find.ts';

/**
 * Ends Prometheus and removes its folder once its own input ends, which it does with the command, however that ends.
 * $1 is the folder, $2 the address.
 */
const guard = `
  sh prometheus/shifts.sh "$1/data" "$2" >"$1/log" 2>&1 </dev/null &
  cat >/dev/null
  kill -9 $! 2>/dev/null
  wait
  rm -rf "$1"
`;

/**
 * Starts the Prometheus of make backtest, on a free port of the loopback address. It may not answer yet.
 * @param lab  the folder of the lab; in it a folder is made, and removed with this Prometheus
 * @throws LabError where there is no Prometheus
 */
export const startShifts = async (
  lab: string,
  path: string | undefined,
): Promise<{ address: string; stop: () => Promise<void> }> => {
  if (find('prometheus', path) === undefined) throw new LabError('prometheus is not in PATH');
  mkdirSync(lab, { recursive: true });
  const folder = mkdtempSync(join(lab, 'shifts-'));
  const address = `127.0.0.1:${await freePort()}`;
  // In a session of its own: what Ctrl-C ends is the command, and not who removes what it leaves.
  const child = spawn('sh', ['-c', guard, 'shifts', folder, address], {
    cwd: repository,
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.unref();
  const ended = once(child, 'exit');
  return {
    address,
    stop: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
};

/** A port that is free now. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  if (address === null || typeof address === 'string') throw new Error('a port was expected');
  return address.port;
};
