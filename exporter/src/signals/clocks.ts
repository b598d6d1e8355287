import { instanceOf } from '../instance.ts';
import { scenario, type TargetGroup } from '../scenario.ts';

const periodSeconds = 24;

/**
 * A sine wave of 24 s, to be scraped every 1, 5 and 30 s: smooth, in corners, and as a slow wave of 120 s that
 * is not there.
 * @returns percent, 0 to 100
 */
export const wavePercent = (unixSeconds: number): number =>
  Math.round(5_000 + 5_000 * Math.sin((2 * Math.PI * unixSeconds) / periodSeconds)) / 100;

/** The page that holds the wave alone, so that three jobs more do not show all other series three times more. */
const waveExposition = (unixSeconds: number): string =>
  `# HELP wave_simulated A simulated wave of ${periodSeconds} s, in percent.\n# TYPE wave_simulated gauge\nwave_simulated ${wavePercent(unixSeconds)}\n`;

/** How often each job scrapes the wave. */
const intervals = [
  { interval: '1s', timeout: '1s' },
  { interval: '5s', timeout: '5s' },
  { interval: '30s', timeout: '10s' },
];

/** The first instance once more for each interval. */
const clockTargets = (address: string): TargetGroup[] =>
  intervals.map(({ interval, timeout }) => ({
    targets: [address],
    labels: {
      job: `clock_${interval}`,
      instance: instanceOf({}),
      __metrics_path__: '/wave',
      __scrape_interval__: interval,
      __scrape_timeout__: timeout,
    },
  }));

export const clocks = scenario({
  settings: {
    clocks: {
      variable: 'CLOCKS',
      expected: 'on or off',
      parse: (text) =>
        new Map([
          ['on', true],
          ['off', false],
        ]).get(text),
      suchAs: '`on`',
      simulates: '`wave_simulated`, scraped by three jobs every 1, 5 and 30 s',
    },
  },
  isOfFirst: true,
  simulated: ({ clocks }: { clocks?: boolean }) => (clocks ? 'clocks' : undefined),
  page: { path: '/wave', text: waveExposition, targets: clockTargets },
  truth: (_instance, at) => ({ wavePercent: at.map(wavePercent) }),
  points: () => 2,
  reports: { wavePercent: 'with `CLOCKS`: the wave' },
});
