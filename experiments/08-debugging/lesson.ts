import { upStates } from '../../lab/model/alert-states.ts';
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
  changes: 'one fault out of several, chosen by chance: one metric no longer comes, and you find out why',
  matters: 'an empty graph has few causes, and Prometheus knows which one it is',
  todo: [
    'Ask for a name that does not exist: an empty answer, no error.',
    'Open Status → Target health: where a scrape fails, the reason stands beside the target.',
    'Hold what a scrape brought against what was stored of it, and ask the exporter by hand.',
    'Open Status → TSDB status: how many series there are, and of what.',
    'Switch a graph to the table view: a value without its labels hides half of the answer.',
  ],
  queries: [
    {
      expr: missing,
      read: 'empty: Prometheus cannot tell a misspelt name from one that has no data yet',
      noValue: 'on purpose',
    },
    {
      expr: gauge,
      read: 'this name is right, yet no new sample comes: at most an old value for up to five minutes, then nothing',
    },
    {
      expr: `time() - timestamp(${gauge})`,
      read: 'the age of that value, as long as one is shown: it grows by a second every second',
    },
    { expr: up, read: '0: the scrape fails, and Status → Target health says why; 1: the scrape works' },
    { expr: `${scraped}{job="my_app"}`, read: 'how many samples a scrape brought: 0 where it failed' },
    {
      expr: `${scraped}{job="my_app"} - ${kept}{job="my_app"}`,
      read: 'how many of them relabelling dropped before they were stored',
    },
    {
      expr: 'topk(5, count by (__name__) ({__name__!=""}))',
      read: 'which metrics hold the most series: dear to run on a big server',
    },
    { expr: 'prometheus_tsdb_head_series', read: 'all series in memory: what TSDB status shows' },
  ],
  expect:
    'One name that does not exist, and one that does but gets no new samples. Name the cause: `make solve-8 CAUSE=…`.',
  insight:
    'Ask in this order: is the name right, has it a sample now, is its target up, does the exporter serve it, does the scrape ask for the right thing, is what it brings stored, is there room?',
  panels: [
    {
      title: 'Is every target up? Status → Target health says why not',
      kind: 'timeline',
      targets: upStates,
      unit: 'state',
      width: 24,
      height: 5,
    },
    {
      title: 'Samples that each scrape brought: 0 if nothing came in',
      kind: 'timeseries',
      targets: [{ expr: `${scraped}{job="my_app"}`, legend: 'samples' }],
      unit: 'count',
      width: 12,
      height: 7,
    },
    {
      title: 'The metric that went missing',
      kind: 'timeseries',
      targets: [{ expr: gauge, legend: 'CPU' }],
      unit: 'percent',
      range: [0, 100],
      description: 'It ends at once, or its last value is carried on for five minutes.',
      width: 12,
      height: 7,
    },
    {
      title: 'Which metrics hold the most series?',
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
  inForce: (lab) => lab.exporter !== undefined && faults.some(({ isInForce }) => isInForce(lab)),
  picture,
  exercises,
  check,
};
