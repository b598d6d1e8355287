import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { experiments, lookBackOf } from '../../experiments/catalogue.ts';
import { clocks, clocksPanels } from '../../lab/base/clocks.ts';
import { base } from '../../lab/base/steps.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import { dashboard, experimentTag, guideAddress, type Link, labTag, type Page } from './dashboard.ts';
import { experimentTable, guide, heading, queryTable, titleOf } from './markdown.ts';
import { start } from './start.ts';

const home: Link = { title: 'Start', dashboard: start.dashboard, tooltip: 'Is the lab up, and what does it simulate?' };

const linkTo = (arrow: string, experiment: Experiment | undefined): Link[] =>
  experiment === undefined
    ? []
    : [
        {
          // Its number alone: titles would wrap into a second row.
          title: `${arrow} ${titleOf(experiment).slice(0, 2)}`,
          dashboard: experiment.dashboard,
          tooltip: `${experiment.title}: ${experiment.question}`,
        },
      ];

const startPage = (): Page => ({
  uid: start.dashboard,
  title: start.title,
  description: 'Is the lab up, what does it simulate, and how to go on.',
  tags: [labTag],
  lookBack: lookBackOf(base),
  command: base.command,
  links: linkTo('→', experiments[0]),
  heading: start.heading,
  panels: start.panels,
  words: [
    { title: 'What this is, and how to go on', markdown: start.text },
    { title: 'The experiments, one change each', markdown: experimentTable([clocks]) },
  ],
});

const clocksPage = (): Page => ({
  uid: clocks.dashboard,
  title: clocks.title,
  description: clocks.changes,
  tags: [labTag, experimentTag, clocks.layer],
  lookBack: lookBackOf(clocks),
  command: clocks.command,
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

const experimentPage = (experiment: Experiment, index: number): Page => ({
  uid: experiment.dashboard,
  title: titleOf(experiment),
  description: experiment.question,
  tags: [labTag, experimentTag, ...experiment.layer.split(' and ')],
  lookBack: lookBackOf(experiment),
  command: experiment.command,
  links: [home, ...linkTo('←', experiments[index - 1]), ...linkTo('→', experiments[index + 1])],
  heading: heading(experiment),
  panels: experiment.panels,
  words: [
    { title: 'What to do, what to expect, and why', markdown: guide(experiment) },
    { title: 'Queries to paste into Prometheus, and how to read them', markdown: queryTable(experiment.queries) },
  ],
});

/**
 * Every dashboard of the lab: the start, one per experiment, then the clocks.
 * @param guideUrl  where a browser finds the guide
 */
export const dashboards = (guideUrl = guideAddress): Dashboard[] =>
  [startPage(), ...experiments.map(experimentPage), clocksPage()].map((page) => dashboard(page, guideUrl));
