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
  try {
    return family(pid)
      .map((member) => {
        const status = readFileSync(`/proc/${member}/status`, 'utf8');
        const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
        // After the name in parentheses: field 12 and 13 are utime and stime.
        const fields = readFileSync(`/proc/${member}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return { residentMegabytes: kilobytes / 1024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticks() };
      })
      .reduce((sum, one) => ({
        residentMegabytes: sum.residentMegabytes + one.residentMegabytes,
        cpuSeconds: sum.cpuSeconds + one.cpuSeconds,
      }));
  } catch {
    return { residentMegabytes: Number.NaN, cpuSeconds: Number.NaN };
  }
};

const family = (pid: number): number[] => [
  pid,
  ...readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .flatMap((child) => family(Number(child))),
  ),
];

let ticksPerSecond: number | undefined;
const ticks = (): number => {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticksPerSecond;
};
