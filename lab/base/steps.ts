import type { Step } from '../model/lesson.ts';
import { averagedCpu, cpu as raw, targetUp } from '../model/metrics.ts';

/** The commands that are not experiments: the base, and two changes that experiments put together. */
export const base: Step = {
  command: 'up',
  title: 'The base lab',
  overrides: [],
  layer: 'none',
  changes: 'nothing: a random CPU, a scrape every 5 s',
  matters: 'metrics move from the exporter into a time series that can be asked about',
  queries: [
    { expr: raw, read: 'raw: one value per scrape, jumping between 0 and 100' },
    { expr: averagedCpu, read: 'averaged: the last six samples, so one more moves it by 17 points at most' },
    { expr: targetUp, read: 'which targets Prometheus reaches: 1 for each' },
  ],
  expect:
    'A raw line that jumps anywhere between 0 and 100, and an average of six samples that moves by 17 points at most from one to the next.',
  dashboard: 'lab-start',
};

export const spikes: Step = {
  command: 'spikes',
  title: 'Spikes',
  overrides: ['compose.spikes.yaml'],
  layer: 'producer',
  changes: 'the signal is a wave: 100 for one second, 0 for the next',
  matters: 'short events appear in a graph, or blur, by how often they are looked at',
  queries: [
    { expr: raw, read: '0 and 100 in turn, but each for 5 s: the wave looks five times slower than it is' },
    { expr: averagedCpu, read: 'about 50: the spikes are gone, their average is left' },
    { expr: 'rate(cpu_spikes_total[1m])', read: 'about 0.5 spikes a second: what really happens' },
  ],
  expect: 'A square wave with a period of 10 s, where the true one has 2 s.',
  dashboard: 'lab-05-sampling',
  inForce: (lab) => lab.exporter?.signal === 'spikes',
};

/** compose.slow-scrape.yaml says the same; a test ties the two. Any other interval is the base lab with a setting. */
export const slowScrapeSeconds = 30;

export const slowScrape: Step = {
  command: 'slow-scrape',
  title: 'Slow scrape',
  overrides: ['compose.slow-scrape.yaml'],
  layer: 'sampling',
  changes: `Prometheus scrapes every ${slowScrapeSeconds} s`,
  matters: 'what happens between two scrapes is lost, and short windows find nothing',
  queries: [
    { expr: raw, read: 'two values a minute: the same random CPU, seen through a narrow slit' },
    {
      expr: 'rate(requests_total[10s])',
      read: 'empty: a rate needs two samples in its window',
      noValue: 'on purpose',
    },
    { expr: 'rate(requests_total[2m])', read: 'a window of four scrapes works' },
  ],
  expect: 'A line of few points, and nothing at all from a 10 s window.',
  dashboard: 'lab-start',
  inForce: (lab) => lab.scrapeSeconds === slowScrapeSeconds,
};
