import { instancesIn } from '../../lab/evidence/fleet.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { comparisons } from './comparisons.ts';
import { exercises } from './exercise.ts';
import { load, requests } from './graph.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const chosenOnce = `${load} and topk(3, avg_over_time(${load}[1m] @ end()))`;

export const lesson: Lesson = {
  title: 'Zoom',
  chapter: 'Metrics',
  minutes: 8,
  question: 'Zoom out, and the traffic is no longer in the graph. Where is it?',
  change: 'own',
  layer: 'query',
  changes: 'requests that come in bursts, 100 in one second of ten, and twelve workers that take turns',
  matters: 'a point of a graph sees its own window alone: what lies between two windows is in no point',
  todo: [
    'Graph irate with a step of 1 s, then of 10 s: the same query and the same samples, another picture.',
    'Shift the beginning of the graph by a few seconds: the points see none of the bursts, or nothing else.',
    'Graph rate over the step and the time between two scrapes: nothing is left out.',
    'Graph topk(3, …): count the lines.',
  ],
  queries: [
    {
      expr: `irate(${requests}[1m])`,
      read: 'of the last two samples before each point: at a step of 10 s always the same part of a period',
      noValue: 'at rest',
    },
    {
      expr: `rate(${requests}[15s])`,
      read: 'of all samples of 15 s: each request is in one point at least, at a step of 10 s and a scrape every 5 s',
      noValue: 'at rest',
    },
    { expr: `topk(3, ${load})`, read: 'three at each point, up to twelve lines in a graph', noValue: 'at rest' },
    { expr: chosenOnce, read: 'the three of the last minute, at every point', noValue: 'at rest' },
  ],
  expect:
    'irate with a point every 10 s says 1 a second or many times what came; rate says about 10.9. topk(3, …) draws more than three lines.',
  insight:
    'In a graph use rate over at least the step and a scrape interval, as the rate interval of Grafana is; irate is for the newest two samples. Choose the largest of a graph once, with @ end().',
  lookBack: '5m',
  panels: [
    {
      title: 'The same samples: irate sees two, rate all of 15 s',
      kind: 'timeseries',
      targets: [
        { expr: `irate(${requests}[1m])`, legend: 'irate' },
        { expr: `rate(${requests}[15s])`, legend: 'rate over 15 s' },
      ],
      unit: 'requests per second',
      width: 24,
      height: 9,
    },
    {
      title: 'topk(3, …): three at each point, more lines',
      kind: 'timeseries',
      targets: [{ expr: `topk(3, ${load})`, legend: '{{worker}}' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
    {
      title: 'Chosen once, @ end(): three lines',
      kind: 'timeseries',
      targets: [{ expr: chosenOnce, legend: '{{worker}}' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
  ],
  picture,
  exercises,
  comparisons,
  comparedOn: { INSTANCES: '2', BURSTS_2: '100@10s' },
  isActive: (lab) => instancesIn(lab).some(({ simulates }) => simulates.includes('bursts')),
  tooCoarse: ({ scrapeSeconds }) =>
    scrapeSeconds > 5
      ? {
          reason: `at a scrape every ${seconds(scrapeSeconds)} two samples lie about as far apart as two bursts`,
          type: 'make exp-22 SCRAPE_INTERVAL=5s',
        }
      : undefined,
  plan: { environment: { BURSTS: '100@10s' } },
  check,
};
