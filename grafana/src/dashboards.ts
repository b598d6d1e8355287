import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { experiments, lookBackOf } from '../../experiments/catalogue.ts';
import { clocks, clocksPanels } from '../../lab/base/clocks.ts';
import { base } from '../../lab/base/steps.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import { dashboard, experimentTag, type Link, labTag } from './dashboard.ts';
import { experimentTable, guide, heading, queryTable } from './markdown.ts';
import { start } from './start.ts';

const titleOf = ({ number, title }: Experiment): string => `${number} · ${title}`;

const home: Link = { title: 'Start', dashboard: start.dashboard, tooltip: 'Is the lab up, and what does it simulate?' };

const linkTo = (arrow: string, experiment: Experiment | undefined): Link[] =>
  experiment === undefined
    ? []
    : [{ title: `${arrow} ${titleOf(experiment)}`, dashboard: experiment.dashboard, tooltip: experiment.question }];

const startPage = (): Dashboard =>
  dashboard({
    uid: start.dashboard,
    title: start.title,
    description: 'Is the lab up, what does it simulate, and how to go on.',
    tags: [labTag],
    lookBack: lookBackOf(base),
    links: linkTo('→', experiments[0]),
    heading: start.heading,
    panels: start.panels,
    words: [
      { title: 'What this is, and how to go on', markdown: start.text },
      { title: 'The experiments, one change each', markdown: experimentTable() },
    ],
  });

const clocksPage = (): Dashboard =>
  dashboard({
    uid: clocks.dashboard,
    title: clocks.title,
    description: clocks.changes,
    tags: [labTag, clocks.layer],
    lookBack: lookBackOf(clocks),
    links: [home],
    heading: `**One wave, three clocks.** \`make ${clocks.command}\`: ${clocks.changes}.`,
    panels: clocksPanels,
    words: [
      {
        title: 'What to expect, and why',
        markdown: `**Expect** ${clocks.expect}\n\n**Why** ${sentence(clocks.matters)}`,
      },
      { title: 'Queries to paste into Prometheus, and how to read them', markdown: queryTable(clocks.queries) },
    ],
  });

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

const experimentPage = (experiment: Experiment, index: number): Dashboard =>
  dashboard({
    uid: experiment.dashboard,
    title: titleOf(experiment),
    description: experiment.question,
    tags: [labTag, experimentTag, ...experiment.layer.split(' and ')],
    lookBack: lookBackOf(experiment),
    links: [home, ...linkTo('←', experiments[index - 1]), ...linkTo('→', experiments[index + 1])],
    heading: heading(experiment),
    panels: experiment.panels,
    words: [
      { title: 'What to do, what to expect, and why', markdown: guide(experiment) },
      { title: 'Queries to paste into Prometheus, and how to read them', markdown: queryTable(experiment.queries) },
    ],
  });

/** Every dashboard of the lab: the start, one per experiment, then the clocks. */
export const dashboards = (): Dashboard[] => [startPage(), ...experiments.map(experimentPage), clocksPage()];
