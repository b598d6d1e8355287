import { Counter, Gauge } from 'prom-client';
import { noise, noisePercent } from '../../../lab/chance/noise.ts';
import { goneFrom, type Instance, type SignalName } from '../instance.ts';
import type { Scrape } from '../scrape.ts';
import { tally } from '../tally.ts';

/** Above this percentage a CPU is busy enough to count as a spike, and for the alert HighCPU. */
export const spikeThresholdPercent = 80;

/** Half a period of the square wave. */
const squareSeconds = 20;

const stream = 1;

const shapes: Record<SignalName, (second: number, seed: number) => number> = {
  random: (second, seed) => noisePercent(seed, stream, second),
  spikes: (second) => (second % 2 === 0 ? 100 : 0),
  high: (second, seed) => Math.floor(8_500 + 1_400 * noise(seed, stream, second)) / 100,
  square: (second) => (Math.floor(second / squareSeconds) % 2 === 0 ? 95 : 5),
  calm: (second, seed) => Math.floor(100 * spikeThresholdPercent * noise(seed, stream, second)) / 100,
};

/**
 * The simulated CPU, held for one second at a time: `random` is uniform 0 to 100, `spikes` is 100 in
 * the even seconds of the clock and 0 in the odd ones, `high` is 85 to 99, `square` is 95 for 20 s and 5
 * for the next 20 s of the clock, `calm` is uniform 0 to 79.99.
 * @param unixSeconds  wall clock, seconds since 1970, fractions allowed
 * @returns percent, 0 to 100
 */
export const cpuPercent = (signal: SignalName, unixSeconds: number, seed: number): number =>
  shapes[signal](Math.floor(unixSeconds), seed);

/** @returns true where the CPU rises over the threshold at the start of this second */
export const isSpike = (signal: SignalName, second: number, seed: number): boolean =>
  cpuPercent(signal, second, seed) > spikeThresholdPercent &&
  cpuPercent(signal, second - 1, seed) <= spikeThresholdPercent;

/** @returns how often the CPU of an instance has risen over the threshold since it began, seconds that have passed only */
export const spikesOf = (world: Instance): ((unixSeconds: number) => number) =>
  tally(world.startedAt, (second) => (second < goneFrom(world) && isSpike(world.signal, second, world.seed) ? 1 : 0));

/** @returns the seconds of CPU time that an instance has used since it began */
export const busySecondsOf = (world: Instance): ((unixSeconds: number) => number) =>
  tally(world.startedAt, (second) =>
    second < goneFrom(world) ? cpuPercent(world.signal, second, world.seed) / 100 : 0,
  );

/** Registers the CPU gauge and the two counters that no slow scrape can lose. */
export const registerCpu = ({ registry, instance, instant, counted }: Scrape): void => {
  const spikes = spikesOf(instance);
  const busySeconds = busySecondsOf(instance);
  new Gauge({
    name: 'cpu_usage_simulated',
    help: 'Simulated CPU usage at the instant of the scrape, in percent.',
    registers: [registry],
    collect() {
      this.set(cpuPercent(instance.signal, instant(), instance.seed));
    },
  });
  new Counter({
    name: 'cpu_spikes_total',
    help: `Times the simulated CPU rose over ${spikeThresholdPercent} percent, seen or not.`,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(spikes(counted()));
    },
  });
  new Counter({
    name: 'cpu_busy_seconds_total',
    help: 'Seconds of CPU time used: the integral of cpu_usage_simulated / 100.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(busySeconds(counted()));
    },
  });
};
