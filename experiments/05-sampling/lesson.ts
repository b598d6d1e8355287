import { spikesPicture } from '../../lab/base/spikes.ts';
import { slowScrape, spikes } from '../../lab/base/steps.ts';
import { highCpu } from '../../lab/model/alerts.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { busySeconds as busy, cpu as gauge, spikes as spikeCounter } from '../../lab/model/metrics.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Sampling loss',
  chapter: 'Metrics',
  minutes: 6,
  question: 'The CPU spikes every two seconds. Why is the graph flat?',
  change: [spikes, slowScrape],
  layer: 'producer and sampling',
  changes: 'the signal is a wave with a period of 2 s, and the scrape interval is 30 s',
  matters: 'what happens between two scrapes is in no sample of a gauge, and only in counters',
  todo: [
    'Graph the gauge: a flat line, at 0 or at 100.',
    'Graph the counters beside it: they have counted everything.',
    '`make spikes` shows the same wave at 5 s, `make spikes SCRAPE_INTERVAL=1s` shows all of it.',
  ],
  queries: [
    { expr: gauge, read: 'flat: each scrape hits the same phase of the wave, so all samples are 0 or all are 100' },
    { expr: `avg_over_time(${gauge}[2m])`, read: 'averaging brings nothing back: it is the mean of what was sampled' },
    {
      expr: `increase(${spikeCounter}[2m])`,
      read: 'about 60, once two minutes have passed: the spikes that really happened',
    },
    {
      expr: `100 * rate(${busy}[2m])`,
      read: 'about 50 %, once two minutes have passed: the true usage, from the same rare scrapes',
    },
    {
      expr: 'rate(requests_total[10s])',
      read: 'empty: a 10 s window holds one sample at most, and a rate needs two',
      noValue: 'on purpose',
    },
  ],
  expect:
    'A flat line at 0 or at 100 while the CPU spikes 30 times a minute. Which of the two is chance: it depends on when the scrapes happen.',
  insight:
    'A gauge shows single instants, and a long scrape interval shows few of them. Let the exporter count what matters: the rate of a counter is right at any scrape interval.',
  lookBack: '5m',
  panels: [
    {
      title: 'What Prometheus stored: one point per scrape',
      kind: 'timeseries',
      targets: [{ expr: gauge, legend: 'stored samples', style: 'points' }],
      unit: 'percent',
      range: [0, 100],
      threshold: highCpu.thresholdPercent,
      description: `Red: over ${highCpu.thresholdPercent} %, where HighCPU is pending, and after ${highCpu.forSeconds} s fires.`,
      width: 12,
      height: 9,
    },
    {
      title: 'What really happened: the true usage, from a counter',
      kind: 'timeseries',
      targets: [{ expr: `100 * rate(${busy}[2m])`, legend: 'true usage' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
    {
      title: 'In the last two minutes',
      kind: 'stat',
      targets: [
        { expr: `increase(${spikeCounter}[2m])`, legend: 'spikes that happened' },
        { expr: `changes(${gauge}[2m]) / 2`, legend: 'spikes in the samples' },
        { expr: `count_over_time(${gauge}[2m])`, legend: 'samples' },
      ],
      unit: 'count',
      description: 'In the samples a spike is a change up and a change down.',
      width: 12,
      height: 7,
    },
    {
      title: 'Averaging the samples does not bring it back',
      kind: 'timeseries',
      targets: [
        { expr: `avg_over_time(${gauge}[2m])`, legend: 'average of samples' },
        { expr: `100 * rate(${busy}[2m])`, legend: 'truth' },
      ],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 7,
    },
  ],
  picture: spikesPicture,
  isActive: (lab) => [spikes, slowScrape].every(({ isActive }) => isActive?.(lab)),
  exercises,
  comparisons,
  plan: { environment: { SIGNAL: 'spikes' } },
  check,
};
