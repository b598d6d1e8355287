import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Listener, portVariable } from './addresses.ts';
import { LabError, PortError } from './error.ts';

/** What sets a port, such as EXPORTER_PORT or, for the third instance of the exporter's fleet, EXPORTER_PORT + 2. */
const sourceOf = ({ service, offset = 0, setBy }: Listener): string =>
  setBy ?? (offset === 0 ? portVariable(service) : `${portVariable(service)} + ${offset}`);

/** @throws LabError where two services are to have the same port */
export const checkDistinct = (listeners: Listener[]): void => {
  for (const [index, listener] of listeners.entries()) {
    const other = listeners.slice(0, index).find((each) => each.port === listener.port);
    if (other === undefined) continue;
    throw new LabError(`${sourceOf(other)} and ${sourceOf(listener)} are both ${listener.port}: change one`);
  }
};

/**
 * Makes sure that every service can have its port.
 * @throws PortError that names the port, the variable to change, and the process that has it where that can be known
 */
export const checkFree = async (listeners: Listener[]): Promise<void> => {
  for (const listener of listeners) {
    const { service, bind, port, setBy } = listener;
    const variable = setBy === undefined ? portVariable(service) : 'ENGINE_PORT';
    if (port > 65_535) throw new LabError(`${sourceOf(listener)} is ${port}: a port is at most 65535`);
    let problem = await tryToListen(bind, port);
    // A process that was just killed may hold its port a moment longer, without showing that it does.
    for (let tenth = 0; tenth < 10 && problem === 'EADDRINUSE' && ownerOf(port) === undefined; tenth += 1) {
      await sleep(100);
      problem = await tryToListen(bind, port);
    }
    if (problem === undefined) continue;
    const change = `${variable}=${port + (port < 65_535 ? 1 : -1)}`;
    if (problem === 'EADDRINUSE') {
      throw new PortError(`port ${port} is taken by ${ownerOf(port) ?? 'another program'}: stop it, or `, change);
    }
    if (problem === 'EACCES') throw new PortError(`port ${port} is not for plain users: `, change);
    throw new LabError(`cannot listen on ${bind} (${problem}): BIND must be an address of this machine`);
  }
};

const tryToListen = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });

/** The program that listens on a port, as `name (pid 123)`; undefined where this user cannot know. */
const ownerOf = (port: number): string | undefined => {
  try {
    return ownerFromProc(port);
  } catch {
    // No /proc, as on macOS.
    const { stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8' });
    const [, pid, name] = /p(\d+)\nc(.*)/.exec(stdout ?? '') ?? [];
    return pid && `${name} (pid ${pid})`;
  }
};

/** /proc/net/tcp gives the socket that listens, the open files of the processes whose it is. */
const ownerFromProc = (port: number): string | undefined => {
  const listening = '0A';
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === listening && Number.parseInt(local!.split(':')[1]!, 16) === port)
    .map((fields) => `socket:[${fields[9]}]`);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const files = readdirSync(`/proc/${pid}/fd`).map((file) => linkOf(`/proc/${pid}/fd/${file}`));
      if (!files.some((file) => sockets.includes(file))) continue;
      return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (pid ${pid})`;
    } catch {
      // Another user's process, or one that has just ended.
    }
  }
  return undefined;
};

const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};
