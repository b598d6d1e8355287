import { readFileSync } from 'node:fs';

/**
 * How much memory this machine could give to new processes: what Linux calls available. In a container it is that of
 * the machine that Docker runs on.
 * @param file  in the form of /proc/meminfo
 * @returns MB; undefined where the system does not say, as on macOS
 */
export const freeMegabytes = (file = '/proc/meminfo'): number | undefined => {
  try {
    const kibibytes = /^MemAvailable: *(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Math.floor((Number(kibibytes) * 1024) / 1e6);
  } catch {
    return undefined;
  }
};
