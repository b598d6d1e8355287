import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './error.ts';

/** A process of this machine. A pid alone says little: another process may have it by now. */
export type Process = { pid: number; startTime: string };

/** When a process started, in a form that only compares; undefined where there is no such process any more. */
export const startTimeOf = (pid: number): string | undefined => {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Field 22. The second, the name, is in brackets and may hold spaces; the third is the state, Z for a zombie.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return 'ZX'.includes(fields[0]!) ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  const ps = ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)];
  const line = spawnSync('ps', ps, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).stdout?.trim() ?? '';
  const [, state, started] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
  return state?.startsWith('Z') ? undefined : started;
};

export const isRunning = ({ pid, startTime }: Process): boolean => startTimeOf(pid) === startTime;

export type Command = { command: string[]; folder: string; environment: Record<string, string>; log: string };
export type Started = Process & { ended: Promise<string> };

/**
 * Starts a service in a session of its own, so that it outlives this command and its terminal.
 * @returns its process, and how it ended in words, if it does while this command runs
 */
export const start = ({ command, folder, environment, log }: Command): Started => {
  mkdirSync(dirname(log), { recursive: true });
  if (existsSync(log)) renameSync(log, `${log}.old`);
  const output = openSync(log, 'w');
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`));
  });
  child.unref();
  return { pid: child.pid ?? 0, startTime: startTimeOf(child.pid ?? 0) ?? 'ended', ended };
};

const pollMilliseconds = 50;

/**
 * Ends a process and what it has started, politely at first. Leaves alone whatever has its pid by now.
 * @param graceSeconds  how long it may take before it is ended by force
 */
export const stop = async (process_: Process, graceSeconds = 5): Promise<void> => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(process_)) return;
    try {
      process.kill(-process_.pid, signal);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPERM') throw new LabError(`cannot end pid ${process_.pid}: it belongs to another user`);
      if (code !== 'ESRCH') throw error;
    }
    const deadline = Date.now() + graceSeconds * 1000;
    while (isRunning(process_) && Date.now() < deadline) await sleep(pollMilliseconds);
  }
};
