import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { repository } from '../../scripts/host/repository.ts';
import { answersOk } from './http.ts';
import { freePort } from './ports.ts';
import { labProgram } from './programs.ts';
import { until } from './until.ts';

/** A process that ends with this one at the latest. */
export type Running = {
  /** -1 where the program could not be started */
  pid: number;
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  hasEnded: () => boolean;
  /** with SIGTERM, after 5 s with SIGKILL; returns when it has ended */
  stop: () => Promise<void>;
};

const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/**
 * Starts a program and keeps everything it prints.
 * @param environment  over this process's own
 */
export const start = (
  command: readonly string[],
  environment: Record<string, string> = {},
  folder: string = repository,
): Running => {
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      printed[name] += chunk;
    });
  }
  let failed = false;
  child.on('error', (error) => {
    failed = true;
    printed.stderr += String(error);
  });
  child.on('close', () => alive.delete(child));
  const hasEnded = () => failed || child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(force);
  };
  return {
    pid: child.pid ?? -1,
    child,
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    hasEnded,
    stop,
  };
};

/** Waits until a process answers at a URL. @throws Error with what it printed, where it ends or does not answer in time */
export const untilAnswers = async (what: string, running: Running, url: string, limitSeconds = 30): Promise<void> => {
  await until(what, limitSeconds, async () => running.hasEnded() || (await answersOk(url)), 0.02);
  if (running.hasEnded()) throw new Error(`${what} has ended: ${running.stdout()}${running.stderr()}`);
};

/** Starts one of the lab's Node services on a free loopback port and waits until it answers. */
export const startService = async (
  service: 'exporter' | 'guide',
  environment: Record<string, string> = {},
): Promise<Running & { port: number }> => {
  const port = await freePort();
  const own = { HOST: '127.0.0.1', PORT: String(port), ...environment };
  const running = start(labProgram(`${service}/src/main.ts`), own);
  try {
    await untilAnswers(service, running, `http://127.0.0.1:${port}/healthz`);
  } catch (error) {
    // A test file does not end while a process of its own runs.
    await running.stop();
    throw error;
  }
  return { ...running, port };
};

/** Starts an exporter and a guide that do not know each other: behind this guide every service is down. */
export const startAlone = async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const addresses = { EXPORTER_ADDRESS: nowhere, PROMETHEUS_ADDRESS: nowhere, ALERTMANAGER_ADDRESS: nowhere };
  const [exporter, guide] = await Promise.all([startService('exporter'), startService('guide', addresses)]);
  return { exporter, guide };
};
