import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What the kernel counts for a process and its children. */
type Usage = { residentMegabytes: number; cpuSeconds: number };

/** @returns NaN for a process that is gone; without /proc, as on macOS, the process's own memory and no CPU time */
export const usage = (pid: number): Usage => {
  if (!hasProc) return { residentMegabytes: residentByPs(pid), cpuSeconds: Number.NaN };
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

const hasProc = existsSync('/proc/self/stat');

const residentByPs = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;

/** The process and its children. */
const family = (pid: number): number[] => {
  const children = threads(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' '));
  return [pid, ...children.filter(Boolean).flatMap((child) => family(Number(child)))];
};

/** None where the process has ended. */
const threads = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

/** Empty where the process has ended. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

let ticksPerSecond: number | undefined;
const ticks = (): number => {
  ticksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticksPerSecond;
};
