import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that is measured. It never outlives the bench. */
export type Running = { pid: number; stop: () => Promise<void>; output: () => string };

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Starts a program whose output is kept, and shown by whoever finds that it does not answer. */
export const start = (command: readonly string[], environment: Record<string, string>, folder: string): Running => {
  const [program, ...argumentList] = command;
  const child = spawn(program!, argumentList, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-2_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(String(error))));
  child.on('exit', () => alive.delete(child));
  alive.add(child);
  const stop = async () => {
    if (!alive.has(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(late);
  };
  return { pid: child.pid ?? -1, stop, output: () => output };
};

/** Tries every 20 ms until the answer is truthy. @throws with what is missing after `seconds` */
export const until = async <T>(what: string, seconds: number, attempt: () => Promise<T>): Promise<NonNullable<T>> => {
  const deadline = performance.now() + seconds * 1_000;
  while (performance.now() < deadline) {
    const answer = await attempt().catch(() => undefined);
    if (answer) return answer;
    await sleep(20);
  }
  throw new Error(`${what}: nothing within ${seconds} s`);
};

/** A port that is free on loopback now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

/** What the kernel counts for a process and its children. Linux only: elsewhere NaN. */
export const usage = (pid: number): { residentMegabytes: number; cpuSeconds: number } => {
  let [residentMegabytes, cpuSeconds] = [0, 0];
  for (const member of family(pid)) {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${member}/status`))?.[1];
    // What follows the name in parentheses begins with field 3; utime and stime are 14 and 15.
    const fields = read(`/proc/${member}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    if (kilobytes === undefined || fields.length < 13) continue;
    residentMegabytes += Number(kilobytes) / 1024;
    cpuSeconds += (Number(fields[11]) + Number(fields[12])) / ticks();
  }
  return residentMegabytes > 0
    ? { residentMegabytes, cpuSeconds }
    : { residentMegabytes: Number.NaN, cpuSeconds: Number.NaN };
};

/** The process and its children; a thread that is gone has none. */
const family = (pid: number): number[] => {
  const tasks = attempt(() => readdirSync(`/proc/${pid}/task`), []);
  const children = tasks.flatMap((task) => read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean));
  return [pid, ...children.flatMap((child) => family(Number(child)))];
};

const read = (path: string): string => attempt(() => readFileSync(path, 'utf8'), '');

const attempt = <T>(work: () => T, otherwise: T): T => {
  try {
    return work();
  } catch {
    return otherwise;
  }
};

let ticksPerSecond: number | undefined;
const ticks = (): number => {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticksPerSecond;
};
