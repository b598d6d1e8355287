import { only } from '../../lab/evidence/samples.ts';
import { betweenSamples, fromStored, tooFewSamples } from '../../lab/judging/expectation.ts';
import { gapSeconds, midpoints, spread } from '../../lab/judging/instants.ts';
import { increaseRange, rateRange } from '../../lab/judging/ranges.ts';
import { counterWorlds } from '../../lab/judging/scenario.ts';
import type { Exercise } from '../../lab/model/exercise.ts';
import { recordedRate, requests } from '../../lab/model/metrics.ts';
import { inWindow } from '../../lab/promql/window.ts';

const minute = 60;
const tenMinutes = 600;
/** How long after the exporter's start its fall to zero is looked for. */
const afterStartSeconds = 1_800;

export const exercises: readonly Exercise[] = [
  {
    task: 'How many requests arrived per second, over the last minute, also where the exporter restarted in it?',
    start: requests,
    hints: [
      'The counter itself says how many there were since the exporter started.',
      '`rate()` turns a counter into a figure per second. It needs a window of samples: `[1m]`.',
    ],
    answer: `rate(${requests}[1m])`,
    why: 'A counter is read through `rate()`: per second, over a window that holds several samples.',
    mistakes: [
      {
        query: requests,
        why: 'this is how many there were since the exporter started: its absolute value says nothing about now',
      },
      {
        query: `increase(${requests}[1m])`,
        why: 'this is how many there were in the minute: sixty times the rate per second',
      },
      {
        query: `rate(${requests}[10m])`,
        why: 'this is the average of ten minutes: after a step in traffic it is minutes late',
      },
      {
        query: `irate(${requests}[1m])`,
        why: '`irate()` uses only the last two samples of the window',
      },
      {
        query: `delta(${requests}[1m]) / 60`,
        why: '`delta()` is for gauges: it does not correct for counter resets',
      },
      {
        query: `deriv(${requests}[1m])`,
        why: '`deriv()` is for gauges: it fits a line, and a counter reset spoils it',
      },
    ],
    alsoRight: [
      `increase(${requests}[1m]) / 60`,
      `sum(rate(${requests}{job="my_app"}[60s]))`,
      `scalar(rate(${requests}[1m]))`,
      `sum by (instance) (rate(${requests}[1m]))`,
      `round(rate(${requests}[1m]))`,
      `round(rate(${requests}[1m]), 0.1)`,
      recordedRate,
    ],
    alsoWrong: [
      `(${requests} - ${requests} offset 1m) / 60`,
      `idelta(${requests}[1m]) / 5`,
      `rate(${requests}[30s])`,
      `rate(${requests}[2m])`,
      `increase(${requests}[2m]) / 120`,
      `rate(${requests}[1m]) * 60`,
      `rate(${requests}[1m] offset 1m)`,
    ],
    worlds: counterWorlds(requests, minute, 100),
    mayBeRounded: true,
    slowestSeconds: 15,
    expected: fromStored({
      selector: requests,
      readSeconds: 3_600,
      windowSeconds: minute,
      candidates: betweenSamples((samples, at, { scrapeSeconds }) => rateRange(samples, at, minute, scrapeSeconds)),
      instead: tooFewSamples(minute, 4),
    }),
  },
  {
    task: 'How many requests arrived in the last ten minutes, even if the exporter restarted in between?',
    start: `${requests} - ${requests} offset 10m`,
    hints: [
      'A counter drops to zero when its process restarts (a counter reset): the difference of two of its values is then too small.',
      '`increase()` goes through every sample of its window and corrects for each reset.',
    ],
    answer: `increase(${requests}[10m])`,
    why: '`increase()` treats every drop as a counter reset and keeps counting: that is why it needs a counter, not a gauge.',
    mistakes: [
      {
        query: `${requests} - ${requests} offset 10m`,
        why: 'where the exporter restarted in between, the counter began again at zero, and the difference is too small',
      },
      { query: `delta(${requests}[10m])`, why: '`delta()` is for gauges: it does not correct for counter resets' },
      { query: `rate(${requests}[10m])`, why: 'this is per second: ten minutes have 600 of them' },
      { query: requests, why: 'this is how many there were since the exporter started' },
    ],
    alsoRight: [
      `rate(${requests}[10m]) * 600`,
      `sum by (job) (increase(${requests}[600s]))`,
      `round(increase(${requests}[10m]))`,
    ],
    alsoWrong: [
      `increase(${requests}[5m])`,
      `increase(${requests}[20m])`,
      `2 * increase(${requests}[5m])`,
      `rate(${requests}[10m]) * 60`,
      `max_over_time(${requests}[10m]) - min_over_time(${requests}[10m])`,
      `abs(delta(${requests}[10m]))`,
    ],
    worlds: counterWorlds(requests, tenMinutes, 20),
    mayBeRounded: true,
    expected: fromStored<{ hasFall: boolean }>({
      selector: requests,
      readSeconds: 3_600 + tenMinutes,
      windowSeconds: tenMinutes,
      until: ({ now, exporter }) => Math.min(now, (exporter?.startedAt ?? now) + afterStartSeconds),
      candidates: (series, lab) => {
        const samples = only(series);
        const hasFall = (at: number) =>
          inWindow(samples, at, tenMinutes).some(([, value], index, inside) => value < (inside[index - 1]?.[1] ?? 0));
        return midpoints(samples, gapSeconds(lab)).flatMap(({ at }) => {
          const number = increaseRange(samples, at, tenMinutes, lab.scrapeSeconds);
          return number ? [{ at, number, hasFall: hasFall(at) }] : [];
        });
      },
      choose: (candidates) => {
        const [across, others] = [true, false].map((falls) => candidates.filter(({ hasFall }) => hasFall === falls));
        return across!.length === 0 ? [] : [...spread(across!, 3), ...spread(others!, 3)];
      },
      otherwise: () => ({
        kind: 'elsewhere',
        reason: 'no restart of the exporter is stored with ten minutes before it',
        type: 'make exp-1, then make up',
      }),
    }),
  },
];
