import { betweenSamples, fromStored, type Source, tooFewSamples } from '../../lab/judging/expectation.ts';
import { increaseRange, rateRange, times } from '../../lab/judging/ranges.ts';
import { counterWorlds } from '../../lab/judging/scenario.ts';
import { highCpu } from '../../lab/model/alerts.ts';
import type { Exercise } from '../../lab/model/exercise.ts';
import { busySeconds, cpu, spikes } from '../../lab/model/metrics.ts';

const twoMinutes = 120;

const fromCounter = (selector: string, candidates: Source['candidates']): Exercise['expected'] =>
  fromStored({
    selector,
    readSeconds: 3_600,
    windowSeconds: twoMinutes,
    instead: tooFewSamples(twoMinutes, 3),
    candidates,
  });

export const exercises: readonly Exercise[] = [
  {
    task: 'How busy was the simulated CPU really over the last two minutes, in percent, whatever was sampled?',
    start: `avg_over_time(${cpu}[2m])`,
    hints: [
      'The gauge is known at the instants of the scrapes alone. No function brings back what lies between them.',
      `\`${busySeconds}\` counts every second of CPU time. It misses nothing between two scrapes.`,
      'Busy seconds per second are a ratio from 0 to 1.',
    ],
    answer: `100 * rate(${busySeconds}[2m])`,
    why: 'A counter has counted what happened between two scrapes; a gauge has forgotten it.',
    mistakes: [
      {
        query: `avg_over_time(${cpu}[2m])`,
        why: 'this is the average of the samples that the scrapes happened to meet',
      },
      { query: cpu, why: 'this is the last sample: one instant out of two minutes' },
      { query: `rate(${busySeconds}[2m])`, why: 'this is a ratio from 0 to 1: percent is a hundred times that' },
      {
        query: `increase(${busySeconds}[2m])`,
        why: 'these are the busy seconds of the two minutes, 120 at most: not a percentage',
      },
      {
        query: `100 * irate(${busySeconds}[2m])`,
        why: '`irate()` uses the last two samples of the window and forgets the rest',
      },
      {
        query: `100 * delta(${busySeconds}[2m]) / 120`,
        why: '`delta()` is for gauges: it does not correct for counter resets',
      },
    ],
    alsoRight: [
      `rate(${busySeconds}[2m]) * 100`,
      `increase(${busySeconds}[2m]) / 1.2`,
      `round(100 * rate(${busySeconds}[2m]))`,
    ],
    alsoWrong: [
      `100 * rate(${busySeconds}[1m])`,
      `100 * rate(${busySeconds}[4m])`,
      `100 * deriv(${busySeconds}[2m])`,
      `100 * (${busySeconds} - ${busySeconds} offset 2m) / 120`,
      `60 * rate(${busySeconds}[2m])`,
    ],
    worlds: counterWorlds(busySeconds, twoMinutes, 1),
    mayBeRounded: true,
    slowestSeconds: 30,
    expected: fromCounter(
      busySeconds,
      betweenSamples((samples, at, { scrapeSeconds }) => {
        const ratio = rateRange(samples, at, twoMinutes, scrapeSeconds);
        return ratio && times(100, ratio);
      }),
    ),
  },
  {
    task: 'How many spikes of the simulated CPU happened in the last two minutes, sampled or not?',
    start: `changes(${cpu}[2m]) / 2`,
    hints: [
      'What happened between two scrapes is not in the gauge.',
      `The exporter counts its spikes in \`${spikes}\`.`,
      '`increase()` says by how much a counter rose in a window.',
    ],
    answer: `increase(${spikes}[2m])`,
    why: 'Let the exporter count what matters: a slow scrape then loses the time of an event, and never the event.',
    mistakes: [
      {
        query: `changes(${cpu}[2m]) / 2`,
        why: 'this counts changes between samples: a spike between two scrapes is not in them',
      },
      { query: `rate(${spikes}[2m])`, why: 'this is per second: two minutes have 120 of them' },
      { query: spikes, why: 'this is how many there were since the exporter started' },
      {
        query: `count_over_time((${cpu} > ${highCpu.thresholdPercent})[2m:1s])`,
        why: 'this asks every second for the newest sample: a high sample is counted once for every second until the next scrape',
      },
      { query: `delta(${spikes}[2m])`, why: '`delta()` is for gauges: it does not correct for counter resets' },
    ],
    alsoRight: [`rate(${spikes}[2m]) * 120`, `max(increase(${spikes}[2m]))`, `round(increase(${spikes}[2m]))`],
    alsoWrong: [
      `increase(${spikes}[1m])`,
      `increase(${spikes}[4m])`,
      `increase(${spikes}[4m]) / 2`,
      `${spikes} - ${spikes} offset 2m`,
      `rate(${spikes}[2m]) * 60`,
    ],
    worlds: counterWorlds(spikes, twoMinutes, 1),
    mayBeRounded: true,
    slowestSeconds: 30,
    expected: fromCounter(
      spikes,
      betweenSamples((samples, at, { scrapeSeconds }) => increaseRange(samples, at, twoMinutes, scrapeSeconds)),
    ),
  },
];
