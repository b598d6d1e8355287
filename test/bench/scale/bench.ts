import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findProgram } from '../../support/programs.ts';
import { whole } from '../../support/table.ts';
import type { Measured } from './document.ts';
import { measureSamples, measureSize, type Size } from './measure.ts';

export const storedSizes = [1_000, 10_000, 100_000, 1_000_000];

/** By the first runs: what a series takes in all that runs for it, the targets and the engine included, and some more. */
const bytesPerSeries = 10_000;

/** @returns undefined where that cannot be known, as on macOS */
const freeBytes = (): number | undefined => {
  try {
    return 1_024 * Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
};

/**
 * Each size for itself; one that would take more than half of the memory that is free, or that the machine is too busy
 * for, is left out.
 * @param keep  is given what there is after each size
 */
export const benchStored = async (
  sizes: readonly number[],
  engine: string | undefined,
  folder: string,
  progress: (line: string) => void,
  keep: (measured: Omit<Measured, 'machine'>) => void,
): Promise<Omit<Measured, 'machine'>> => {
  const measured: Size[] = [];
  progress('stored: 10 000 series, a hundred samples of each');
  const bytesPerSample = await measureSamples(engine, folder);
  const all = () => ({
    bytesPerSample,
    prometheus: `Prometheus ${versionOf(findProgram('prometheus'))}`,
    engine: engine && `VictoriaMetrics ${versionOf(engine)}`,
    sizes: measured,
  });
  for (const series of sizes) {
    const free = freeBytes();
    if (free !== undefined && series * bytesPerSeries > free / 2) {
      progress(`stored: ${whole(series)} series are left out: they take more than half of the memory that is free`);
      continue;
    }
    progress(`stored: ${whole(series)} series`);
    try {
      measured.push(await measureSize(series, engine, folder, progress));
      keep(all());
    } catch (error) {
      progress(`stored: ${whole(series)} series are left out: ${(error as Error).message}`);
    }
  }
  return all();
};

/** What a program says its version is, wherever it says it. */
const versionOf = (program = 'prometheus'): string => {
  const text = execFileSync('sh', ['-c', '"$1" --version 2>&1', 'sh', program], { encoding: 'utf8' });
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? 'of unknown version';
};
