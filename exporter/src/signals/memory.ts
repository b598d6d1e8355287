import { Gauge } from 'prom-client';
import { noise } from '../../../lab/chance/noise.ts';
import type { Scrape } from '../scrape.ts';

const stream = 2;
const waves = [
  { periodSeconds: 1_800, percent: 20 },
  { periodSeconds: 420, percent: 8 },
  { periodSeconds: 97, percent: 2 },
];

/**
 * Simulated memory: a slow sum of waves around 50 percent, so that even a slow scrape follows it.
 * @returns percent, 20 to 80
 */
export const memoryPercent = (unixSeconds: number, seed: number): number =>
  Math.round(
    100 *
      waves.reduce((sum, { periodSeconds, percent }, index) => {
        const phase = noise(seed, stream, index);
        return sum + percent * Math.sin(2 * Math.PI * (unixSeconds / periodSeconds + phase));
      }, 50),
  ) / 100;

/** Registers the memory gauge. */
export const registerMemory = (scrape: Scrape): void => {
  new Gauge({
    name: 'memory_usage_simulated',
    help: 'Simulated memory usage at the instant of the scrape, in percent.',
    registers: [scrape.registry],
    collect() {
      this.set(memoryPercent(scrape.instant(), scrape.instance.seed));
    },
  });
};
