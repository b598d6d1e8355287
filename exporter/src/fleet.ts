import { noise } from '../../lab/chance/noise.ts';
import type { Config } from './config.ts';
import type { World } from './world.ts';

const stream = 4;

/**
 * The instances that one process simulates, the first of them the base lab's exporter.
 * @param startedAt  whole unix seconds
 */
export const fleetOf = (config: Config, startedAt: number): [World, ...World[]] => {
  const { instances, traffic, counterStart, leavesAfterSeconds } = config;
  const worlds = config.each.map((own, index): World => {
    const number = index + 1;
    const seed = config.seed + index;
    const first = number === 1;
    return {
      ...own,
      // HighCPU is about the first alone, and so is a flood of cores.
      signal: first ? config.signal : 'calm',
      cores: first ? config.cores : Math.min(config.cores, 2),
      seed,
      startedAt,
      number,
      ...(traffic && { traffic: { percents: traffic.map((shares) => shares[index]!), instances } }),
      // "About": two instances with the same past would be hard to distinguish.
      ...(!first && counterStart && { requestsBefore: counterStart + Math.floor(1_000 * noise(seed, stream, 0)) }),
      ...(number === instances && leavesAfterSeconds && { leavesAt: startedAt + leavesAfterSeconds }),
      ...(first && config.thanosTargets && { thanosTargets: config.thanosTargets }),
      ...(first && config.incident && { incident: config.incident }),
      ...(first && config.scrapeAnswer && { scrapeAnswer: config.scrapeAnswer }),
    };
  });
  return worlds as [World, ...World[]];
};
