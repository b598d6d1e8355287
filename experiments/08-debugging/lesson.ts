import { upByJob, upNames } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { cpu as gauge } from '../../lab/model/metrics.ts';
import { exercises } from './exercise.ts';
import { faults } from './faults.ts';
import { kept, missing, scraped, up } from './measured.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Debugging',
  chapter: 'Monitoring itself',
  minutes: 10,
  question: 'Why is my metric missing?',
  change: { faults },
  layer: 'producer or scraper',
  changes: 'one of several faults, chosen at random: one metric is missing, and you find out why',
  matters: 'an empty graph has few causes, and Prometheus knows which one it is',
  todo: [
    'Query a name that does not exist: an empty result, no error.',
    'Open Status → Target health: if a scrape fails, its error stands beside the target.',
    'Compare the samples that were scraped with those that were stored, and open the exporter’s /metrics yourself.',
    'Open Status → TSDB status: how many series there are, by metric name and by label.',
    'Switch from graph to table: it shows the labels too.',
  ],
  queries: [
    {
      expr: missing,
      read: 'empty: to Prometheus a misspelt name is like one that has no data yet',
      noValue: 'always',
    },
    {
      expr: gauge,
      read: 'this name is right, but there is no new sample: at most an old value for up to five minutes, then nothing',
    },
    {
      expr: `time() - timestamp(${gauge})`,
      read: 'the age of that value, while one is shown: it grows by a second every second',
    },
    { expr: up, read: '0: the scrape fails, and Status → Target health says why; 1: the scrape works' },
    { expr: `${scraped}{job="my_app"}`, read: 'how many samples each scrape returned: 0 if it failed' },
    {
      expr: `${scraped}{job="my_app"} - ${kept}{job="my_app"}`,
      read: 'how many of them metric relabelling dropped',
    },
    {
      expr: 'topk(5, count by (__name__) ({__name__!=""}))',
      read: 'which metrics have the most series: an expensive query on a big server',
    },
    { expr: 'prometheus_tsdb_head_series', read: 'all series in memory (the head): what TSDB status shows' },
  ],
  expect:
    'One name that does not exist, and one that exists but gets no new samples. Name the cause: `make solve-8 CAUSE=…`.',
  insight:
    'Check in this order: is the name right, is there a fresh sample, is the target up, does the exporter expose it, is the scrape configuration right, is it stored after relabelling, is there room for it?',
  lookBack: '10m',
  panels: [
    {
      title: 'Is every target up? Status → Target health says why not',
      kind: 'timeline',
      targets: [upByJob],
      names: upNames,
      unit: 'state',
      width: 24,
      height: 5,
    },
    {
      title: 'Samples that each scrape returned: 0 if it failed',
      kind: 'timeseries',
      targets: [{ expr: `${scraped}{job="my_app"}`, legend: 'samples' }],
      unit: 'count',
      width: 12,
      height: 5,
    },
    {
      title: 'The metric that went missing',
      kind: 'timeseries',
      targets: [{ expr: gauge, legend: 'CPU' }],
      unit: 'percent',
      range: [0, 100],
      description: 'It ends at once, or its last value is shown for up to five minutes.',
      width: 12,
      height: 5,
    },
    {
      title: 'Which metrics have the most series?',
      kind: 'table',
      targets: [{ expr: 'topk(5, count by (__name__) ({__name__!=""}))', legend: '{{__name__}}' }],
      unit: 'count',
      description: 'What Status → TSDB status shows, as a query.',
      rows: 5,
      width: 12,
      height: 8,
    },
    {
      title: 'Series in memory',
      kind: 'timeseries',
      targets: [{ expr: 'prometheus_tsdb_head_series', legend: 'series' }],
      unit: 'count',
      width: 12,
      height: 8,
    },
  ],
  isActive: (lab) => lab.exporter !== undefined && faults.some(({ isActive }) => isActive(lab)),
  picture,
  exercises,
  plan: {
    refusedWith: 'server returned HTTP status 404 Not Found',
    lab: { jobConfig: 'metrics_path: /metric\n', mayTell: true },
  },
  check,
};
