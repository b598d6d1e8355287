import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './error.ts';

/** A process of this machine. A pid alone says little: another process may have it by now. */
export type Process = { pid: number; startTime: string };

/** When a process started, in a form that only compares, and the letter of its state; undefined where it has ended. */
const lookUp = (pid: number): { startTime: string; letter: string } | undefined => {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // Field 22. The second, the name, is in brackets and may hold spaces; the third is the state, Z for a zombie.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return 'ZX'.includes(fields[0]!) ? undefined : { startTime: fields[19]!, letter: fields[0]! };
    } catch {
      return undefined;
    }
  }
  const ps = ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)];
  const line = spawnSync('ps', ps, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).stdout?.trim() ?? '';
  const [, state = '', startTime] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
  return startTime === undefined || state.startsWith('Z') ? undefined : { startTime, letter: state[0]! };
};

/** When a process started, in a form that only compares; undefined where there is no such process any more. */
export const startTimeOf = (pid: number): string | undefined => lookUp(pid)?.startTime;

export const isRunning = ({ pid, startTime }: Process): boolean => startTimeOf(pid) === startTime;

/** Whether it is there and does nothing, since a SIGSTOP. */
export const isFrozen = ({ pid, startTime }: Process): boolean => {
  const found = lookUp(pid);
  return found?.startTime === startTime && found.letter === 'T';
};

/**
 * How long the processor has worked for a process and what it has started, in a form that only compares. A service's
 * entrypoint may do nothing but wait for another program.
 */
export const processorTime = (pid: number): string => {
  if (!existsSync('/proc/self/stat')) {
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pgid=', '-o', 'time='], { encoding: 'utf8' });
    return (stdout ?? '').match(new RegExp(`^ *${pid} .*$`, 'gm'))?.join() ?? '';
  }
  let ticks = 0;
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // Its group; then the time of its own, of the kernel for it, and of its children that have ended.
      if (fields[2] === String(pid)) for (const time of fields.slice(11, 15)) ticks += Number(time);
    } catch {
      // It has just ended.
    }
  }
  return String(ticks);
};

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
 * Sends a signal to a process and to what it has started. Leaves alone whatever has its pid by now.
 * @throws LabError where it belongs to another user
 */
export const signal = (process_: Process, name: NodeJS.Signals): void => {
  if (!isRunning(process_)) return;
  try {
    process.kill(-process_.pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM') throw new LabError(`cannot end pid ${process_.pid}: it belongs to another user`);
    if (code !== 'ESRCH') throw error;
  }
};

/**
 * Ends a process and what it has started, politely at first; one that is frozen goes on for that.
 * @param graceSeconds  how long it may take before it is ended by force
 */
export const stop = async (process_: Process, graceSeconds = 5): Promise<void> => {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(process_)) return;
    signal(process_, name);
    if (isFrozen(process_)) signal(process_, 'SIGCONT');
    const deadline = Date.now() + graceSeconds * 1000;
    while (isRunning(process_) && Date.now() < deadline) await sleep(pollMilliseconds);
  }
};
