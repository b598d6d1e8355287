import { noiseHundredths, noisePercent } from '../../../lab/chance/noise.ts';

const firstStream = 1_000;

/**
 * One core's own random signal, held for one second.
 * @param core  1 to the number of cores
 * @returns percent, 0 to 100
 */
export const corePercent = (core: number, unixSeconds: number, seed: number): number =>
  noisePercent(seed, firstStream + core, Math.floor(unixSeconds));

/** Every value a core can have, as it is written: to write a number anew takes longer than to make it up. */
const texts = Array.from({ length: 10_000 }, (_, hundredths) => String(hundredths / 100));

/**
 * The per-core family in Prometheus' text format, written by hand: with 100 000 cores the label sets
 * never change, so each line's beginning is made once and a scrape only adds the values.
 */
export const coreExposition = (cores: number): ((unixSeconds: number, seed: number) => string) => {
  const beginnings = Array.from({ length: cores }, (_, index) => `\ncpu_usage{core="core${index + 1}"} `);
  return (unixSeconds, seed) => {
    const second = Math.floor(unixSeconds);
    let text = '# HELP cpu_usage Simulated usage of one core, in percent.\n# TYPE cpu_usage gauge';
    for (let core = 1; core <= cores; core += 1) {
      text += beginnings[core - 1]! + texts[noiseHundredths(seed, firstStream + core, second)]!;
    }
    return `${text}\n`;
  };
};
