import type { Step } from '../model/lesson.ts';
import { averagedCpu, cpu as raw, targetUp } from '../model/metrics.ts';

/** The commands that are not experiments: the base, and two changes that experiments put together. */
export const base: Step = {
  command: 'up',
  title: 'The base lab',
  overrides: [],
  layer: 'none',
  changes: 'nothing: a random CPU, a scrape every 5 s',
  matters: 'metrics become time series that can be queried',
  queries: [
    { expr: raw, read: 'raw: one value per scrape, jumping between 0 and 100' },
    { expr: averagedCpu, read: 'averaged over the last six samples, so the next one moves it by 17 points at most' },
    { expr: targetUp, read: 'which targets are up: 1 for each' },
  ],
  expect:
    'A raw line that jumps anywhere between 0 and 100, and an average of six samples that moves by at most 17 points per sample.',
  dashboard: 'lab-start',
  lookBack: '5m',
};

export const spikes: Step = {
  command: 'spikes',
  title: 'Spikes',
  overrides: ['compose.spikes.yaml'],
  layer: 'producer',
  changes: 'the signal is a wave: 100 for one second, 0 for the next',
  matters: 'short events appear in a graph, or blur, depending on the scrape interval',
  queries: [
    { expr: raw, read: '0 and 100 in turn, but each for 5 s: the wave looks five times slower than it is (aliasing)' },
    { expr: averagedCpu, read: 'about 50: no spikes any more, only their average' },
    { expr: 'rate(cpu_spikes_total[1m])', read: 'about 0.5 spikes a second: what really happens' },
  ],
  expect: 'A square wave with a period of 10 s, although the true one has 2 s.',
  dashboard: 'lab-05-sampling',
  isActive: (lab) => lab.exporter?.signal === 'spikes',
};

/** compose.slow-scrape.yaml says the same; a test ties the two. Any other interval is the base lab with a setting. */
export const slowScrapeSeconds = 30;

export const slowScrape: Step = {
  command: 'slow-scrape',
  title: 'Slow scrape',
  overrides: ['compose.slow-scrape.yaml'],
  layer: 'sampling',
  changes: `the scrape interval is ${slowScrapeSeconds} s`,
  matters: 'what happens between two scrapes is lost, and short windows are empty',
  queries: [
    { expr: raw, read: 'two values a minute of the same random CPU' },
    {
      expr: 'rate(requests_total[10s])',
      read: 'empty: rate() needs two samples in its window',
      noValue: 'on purpose',
    },
    { expr: 'rate(requests_total[2m])', read: 'a window of four scrape intervals works' },
  ],
  expect: 'A line of few points, and no value at all over a 10 s window.',
  dashboard: 'lab-start',
  isActive: (lab) => lab.scrapeSeconds === slowScrapeSeconds,
};
