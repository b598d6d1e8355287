import assert from 'node:assert/strict';
import type { Running } from '../support/processes.ts';
import { median } from '../support/quantile.ts';
import { pause } from '../support/until.ts';
import { usage } from '../support/usage.ts';

/** The middle of several readings, one each quarter of a second: resident memory moves with every collection. */
export const settledMegabytes = async ({ pid }: Running, readings = 8): Promise<number> => {
  const seen: number[] = [];
  for (let reading = 0; reading < readings; reading += 1) {
    seen.push(usage(pid).residentMegabytes);
    await pause(0.25);
  }
  return median(seen);
};

/**
 * Waits until a process uses no more memory than before: garbage is collected late.
 * @throws AssertionError where it still uses over 10 % more when the time is up
 */
export const assertBackTo = async (
  megabytes: number,
  name: string,
  running: Running,
  limitSeconds = 60,
): Promise<{ megabytes: number; afterSeconds: number }> => {
  const begun = performance.now();
  for (;;) {
    const now = await settledMegabytes(running);
    const afterSeconds = (performance.now() - begun) / 1_000;
    if (now <= megabytes * 1.1) return { megabytes: now, afterSeconds };
    const words = `${name}: ${now.toFixed(1)} MB, ${megabytes.toFixed(1)} MB before`;
    assert.ok(afterSeconds < limitSeconds, `${words}, after ${limitSeconds} s`);
  }
};
