import { instancesIn } from '../../lab/evidence/fleet.ts';
import { mean, values } from '../../lab/evidence/samples.ts';
import { betweenSamples, fromStored, tooFewSamples } from '../../lab/judging/expectation.ts';
import { gapSeconds, midpoints } from '../../lab/judging/instants.ts';
import { counterWorlds } from '../../lab/judging/scenario.ts';
import type { Exercise, Expected } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { rate } from '../../lab/promql/extrapolation.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { load, requests, topOver } from './graph.ts';

const problemIn = (windowSeconds: number) => (lab: Lab) =>
  instancesIn(lab).some(({ simulates }) => simulates.includes('bursts'))
    ? tooFewSamples(windowSeconds, 4, 'make exp-22 SCRAPE_INTERVAL=5s')(lab)
    : { kind: 'elsewhere' as const, reason: 'the exporter simulates no bursts', type: 'make exp-22' };

/** The three largest averages, half-way between two scrapes. */
const topAverages = (series: Series[], lab: Lab): Expected[] =>
  midpoints(series[0]?.samples ?? [], gapSeconds(lab)).flatMap(({ at }) => {
    const averages = new Map(
      series.map(({ labels, samples }) => [labels.worker!, mean(values(inWindow(samples, at, 30)))]),
    );
    const each = topOver(series, at, 30).map((worker) => [worker, [averages.get(worker)!, averages.get(worker)!]]);
    return each.length === 3 ? [{ at, label: 'worker', each: Object.fromEntries(each) }] : [];
  });

export const exercises: readonly Exercise[] = [
  {
    task: 'A graph has a point every 15 s, or every 10. How many requests came per second over the last 20 seconds, so that no burst lies between two points?',
    start: `irate(${requests}[5m])`,
    hints: [
      'irate is of the last two samples in its window, however long that is.',
      'rate is of all samples in its window.',
      'A window as long as the step and the time between two scrapes leaves nothing out; here 20 s.',
    ],
    answer: `rate(${requests}[20s])`,
    why: 'A window that is at least as long as the step and a scrape interval has every increase in some point; the rate interval of Grafana is such a window.',
    mistakes: [
      {
        query: `irate(${requests}[20s])`,
        why: 'this is of the last two samples: what came before them is in no point',
      },
      {
        query: `rate(${requests}[5m])`,
        why: 'this is the average of five minutes: the last 20 seconds are a small part of it',
      },
      { query: `increase(${requests}[20s])`, why: 'this is how many came in 20 seconds, not per second' },
      { query: requests, why: 'this is how many came since the exporter started' },
    ],
    alsoRight: [`increase(${requests}[20s]) / 20`, `sum(rate(${requests}{job="my_app"}[20s]))`],
    alsoWrong: [`rate(${requests}[10s])`, `rate(${requests}[1m])`, `irate(${requests}[5m])`, `delta(${requests}[20s])`],
    slowestSeconds: 5,
    worlds: counterWorlds(requests, 20, 30),
    expected: fromStored({
      selector: requests,
      readSeconds: 600,
      windowSeconds: 20,
      instead: problemIn(20),
      candidates: betweenSamples((samples, at) => {
        const own = rate(samples, at, 20);
        return own === undefined ? undefined : [own, own];
      }),
    }),
  },
  {
    task: 'Which three workers were busiest on average over the last 30 seconds, and how busy? One line for each of the three.',
    start: `topk(3, ${load})`,
    hints: [
      'topk compares the values that it is given: now they are samples of one instant.',
      'avg_over_time gives each series its average over a window.',
    ],
    answer: `topk(3, avg_over_time(${load}[30s]))`,
    why: 'The largest of an instant change with each point; the largest averages stay. In a graph @ end() chooses them once.',
    mistakes: [
      { query: `topk(3, ${load})`, why: 'these are the busiest of this instant: a second later they are others' },
      {
        query: `topk(3, max_over_time(${load}[30s]))`,
        why: 'this is the highest value that each had, not its average',
      },
      { query: `avg_over_time(${load}[30s])`, why: 'these are the averages of all twelve: three are asked for' },
      { query: `topk(1, avg_over_time(${load}[30s]))`, why: 'this is the busiest alone: three are asked for' },
    ],
    alsoRight: [
      `sort_desc(topk(3, avg_over_time(${load}[30s])))`,
      `topk(3, sum_over_time(${load}[30s]) / count_over_time(${load}[30s]))`,
    ],
    alsoWrong: [
      `bottomk(3, avg_over_time(${load}[30s]))`,
      `topk(3, avg_over_time(${load}[5m]))`,
      `avg_over_time(topk(3, ${load})[30s:5s])`,
      `topk(4, avg_over_time(${load}[30s]))`,
    ],
    slowestSeconds: 5,
    expected: fromStored({
      selector: load,
      readSeconds: 600,
      windowSeconds: 30,
      instead: problemIn(20),
      candidates: topAverages,
    }),
  },
];
