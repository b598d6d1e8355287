import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findProgram } from '../../support/programs.ts';
import { whole } from '../../support/table.ts';
import type { Backend } from './backends.ts';
import type { Measured } from './document.ts';
import { measure, measureSamples, prometheusName } from './measure.ts';

export const storedSizes = [1_000, 10_000, 100_000, 1_000_000];

/** By the first runs, with Thanos while it answers: what a series takes in all that runs for it. */
const bytesPerSeries = 8_000;

/** @returns undefined where that cannot be known, as on macOS */
const freeBytes = (): number | undefined => {
  try {
    return 1_024 * Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
};

/**
 * Every server at every size, each for itself: a Prometheus alone, then one that writes to each backend. What takes more
 * than half of the memory that is free, or fails, is named with the reason.
 * @param keep  is given what there is after each server
 */
export const benchStored = async (
  sizes: readonly number[],
  backends: readonly Backend[],
  folder: string,
  progress: (line: string) => void,
  keep: (measured: Omit<Measured, 'machine'>) => void,
): Promise<void> => {
  progress('stored: 10 000 series, a hundred samples of each');
  const measured = {
    servers: [
      `${prometheusName} ${versionOf(findProgram('prometheus'))}`,
      ...backends.map(({ name, program }) => `${name} ${versionOf(program)}`),
    ],
    bytesPerSample: await measureSamples(backends, folder),
    measurements: [] as Measured['measurements'][number][],
    missing: [] as Measured['missing'][number][],
  };
  for (const series of sizes) {
    for (const backend of [undefined, ...backends]) {
      const name = backend?.name ?? prometheusName;
      progress(`stored: ${whole(series)} series, ${name}`);
      try {
        const free = freeBytes();
        if (free !== undefined && series * bytesPerSeries > free / 2)
          throw new Error('it would take more than half of the memory that was free');
        measured.measurements.push(await measure(series, backend, folder));
      } catch (error) {
        const why = (error as Error).message.split('\n')[0]!.slice(0, 300);
        measured.missing.push({ series, name, why });
        progress(`stored: ${whole(series)} series are not measured in ${name}: ${why}`);
      }
      keep(measured);
    }
  }
};

/** What a program says its version is, wherever it says it. */
const versionOf = (program = 'prometheus'): string => {
  const text = execFileSync('sh', ['-c', '"$1" --version 2>&1', 'sh', program], { encoding: 'utf8' });
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? 'of unknown version';
};
