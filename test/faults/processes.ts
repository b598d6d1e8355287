import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { repository } from '../../lab/repository.ts';

/** A process of this run, with all that it says. */
export type Running = {
  pid: number;
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  hasEnded: () => boolean;
  end: () => Promise<void>;
};

const started = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** Starts a program in the repository; it is ended with this process at the latest. */
export const start = (command: readonly string[], environment: Record<string, string>): Running => {
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: repository,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  child.on('exit', () => started.delete(child));
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      said[name] += chunk;
    });
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const end = async () => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(force);
  };
  return { pid: child.pid!, child, stdout: () => said.stdout, stderr: () => said.stderr, hasEnded, end };
};

/** Starts one of the lab's Node services on a free loopback port and waits until it answers. */
export const startService = async (
  service: 'exporter' | 'guide',
  environment: Record<string, string> = {},
): Promise<Running & { port: number }> => {
  const port = await freePort();
  const own = { HOST: '127.0.0.1', PORT: String(port), ...environment };
  const running = start([process.execPath, '--import', 'tsx', `${service}/src/main.ts`], own);
  for (let attempt = 0; !(await answersOk(`http://127.0.0.1:${port}/healthz`)); attempt += 1) {
    if (running.hasEnded() || attempt > 200) throw new Error(`${service} did not start: ${running.stderr()}`);
    await pause(0.1);
  }
  return { ...running, port };
};

const answersOk = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
};

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** Resident memory of a process, megabytes. */
export const residentMegabytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

export const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
