import { isJudgement } from '../../lab/evidence/happening.ts';
import { activeSince } from '../../lab/evidence/samples.ts';
import { gapSeconds, midpointsOf } from '../../lab/judging/instants.ts';
import { lasting, whereMeasured } from '../../lab/judging/measurement.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Measured } from './findings.ts';
import { connections, ofPage } from './scrapes.ts';
import { look } from './verdict.ts';

const command = 'make exp-21';
const kept = 'scrape_samples_post_metric_relabeling';
const scraped = 'scrape_samples_scraped';
const dropping = '{job="my_app_labeldrop"}';
const stored = ofPage('my_app_labeldrop');
export const lostSamples = `${kept}${dropping} - on (job, instance) count by (job, instance) (${stored})`;

/** What is stored of one scrape of the job that drops a label, and what Prometheus says of it. */
const page = (values: { scraped: number; kept: number | string; added: number; stored: number }): World['series'] => {
  const labels = { job: 'my_app_labeldrop' };
  const of = (name: string, value: number | string, more = {}) => seriesOf(name, value, { ...labels, ...more }, 2);
  return [
    of('up', 1),
    of('scrape_duration_seconds', 0.01),
    of(scraped, values.scraped),
    of(kept, values.kept),
    of('scrape_series_added', values.added),
    of('instance:requests:rate1m', 2),
    ...Array.from({ length: values.stored }, (_, index) => of('requests_by_route', 1, { route: `${index}` })),
    seriesOf('requests_by_route', 1, { route: 'other' }, 1),
    seriesOf('up', 1),
    seriesOf(kept, 9),
    seriesOf(scraped, 9),
  ];
};

/** A target of one job. */
const target = (
  job: string,
  up: number | string,
  left: number | string,
  brought = 9,
  instance = 1,
): World['series'] => [
  seriesOf('up', up, { job }, instance),
  seriesOf(kept, left, { job }, instance),
  seriesOf(scraped, brought, { job }, instance),
  seriesOf('scrape_series_added', 0, { job }, instance),
];
const others = [...target('my_app', 1, 9), ...target('prometheus', 1, 300, 300, 9)];
const alertIn = (where: string, series: World['series'], at: number[] = [100]): World => ({
  asks: 'alert',
  where,
  series,
  at,
});

/** Half-way between two scrapes of the job that loses samples, once each of the jobs has been scraped. */
const instantsOf = ({ times }: Measured, lab: Lab, right: (at: number) => Expected): Expected[] =>
  midpointsOf(times, gapSeconds(lab)).map(right);

/** So long before the step it is asked whether a job keeps nothing, seconds: not all of that is of a step before it. */
const secondsBefore = [5, 20, 60, 120, 300, 600, 1_200, 1_800, 2_700];

/** Instants at which the job that keeps nothing is not there. */
const quietBefore = async (read: Reader, lab: Lab): Promise<Expected[]> => {
  const times = secondsBefore.map((before) => Math.floor(activeSince(lab)) - before - 0.5);
  const found = await Promise.all(times.map((at) => read.query('up{job="my_app_two_keeps"}', at)));
  return times.flatMap((at, index) => (found[index]!.length === 0 ? [{ at, fires: false }] : []));
};

export const exercises: readonly Exercise[] = [
  {
    task: 'The job my_app_labeldrop loses samples: relabeling leaves them, and they are not stored. How many of each scrape? One number.',
    start: `${kept}${dropping}`,
    hints: [
      'Prometheus writes of each scrape how many samples were left after relabeling. How many series are there?',
      'A selector needs no metric name: {job="…"} is everything that is stored of a job.',
      `up and what begins with scrape_ is of Prometheus, a name with a colon of a rule: ${stored} is all that is stored of the page.`,
      'Both sides need the same labels: count by (job, instance), and match on these.',
    ],
    answer: lostSamples,
    why: 'No counter knows of samples that relabeling has made one series: only what was left, less what is stored, shows them.',
    mistakes: [
      {
        query: `${scraped}${dropping} - ${kept}${dropping}`,
        why: 'this is what the rules dropped on purpose: what is lost was left by them',
      },
      {
        query: `scrape_series_added${dropping}`,
        why: 'this is how many series the scrape was the first to bring, and none after the first scrape',
      },
      {
        query: `${kept}${dropping} - on (job, instance) count by (job, instance) (${dropping})`,
        why: 'up, what begins with scrape_ and what rules record is stored as well, and is not of the page: leave it out',
      },
      {
        query: `count(${stored})`,
        why: 'this is how many are stored: subtract it from what was left after relabeling',
      },
    ],
    alsoRight: [
      `sum(${kept}${dropping}) - count(${stored})`,
      `scalar(${kept}${dropping}) - count({job="my_app_labeldrop",__name__!~"up|scrape_.+|.+:.+"})`,
    ],
    alsoWrong: [
      `${kept}${dropping}`,
      `count(${stored}) - sum(${kept}${dropping})`,
      `${scraped}${dropping} - on (job, instance) count by (job, instance) (${stored}) + 1`,
      `${kept}${dropping} - on (job, instance) count by (job, instance) ({job="my_app_labeldrop",__name__!~"up|scrape_.*"})`,
      'prometheus_target_scrapes_sample_duplicate_timestamp_total',
    ],
    worlds: [
      {
        where: 'on a page of which the rules drop 4 samples and 3 of the others become one series with another',
        series: page({ scraped: 14, kept: 10, added: 0, stored: 7 }),
        at: [100],
      },
      {
        where: 'where nothing is lost at first',
        series: page({ scraped: 9, kept: steps([0, 5], [150, 9]), added: 2, stored: 5 }),
        at: [100, 200],
      },
    ],
    expected: async (read, lab) => {
      const measured = await look(read, lab);
      if (isJudgement(measured)) return whereMeasured(measured, command);
      const lost = measured.pods.open.length - 1;
      const instants = instantsOf(measured, lab, (at) => ({ at, number: [lost, lost] }));
      return whereMeasured(lasting(lab, instants), command, instants);
    },
  },
  {
    task: 'Write the expression of an alert that is true while a target is up, brings samples, and relabeling leaves none of them.',
    start: 'up == 0',
    hints: [
      'up says that the scrape was answered, not that anything of it is stored.',
      `${kept} is what was left of each scrape.`,
      'A target that is down leaves nothing, either: this alert is not about it.',
    ],
    answer: `${kept} == 0 and on (job, instance) up == 1`,
    why: 'up is 1 for a job of which nothing is stored: alert on what is left of its scrapes.',
    mistakes: [
      { query: 'up == 0', why: 'the target is up: its page is scraped, and all of it is dropped' },
      {
        query: `${kept} == 0`,
        why: 'a target that is down leaves nothing, either, and has an alert of its own: demand that it is up',
      },
      {
        query: `${scraped} == 0 and on (job, instance) up == 1`,
        why: 'the scrapes bring samples: it is the rules that leave none',
      },
      {
        query: `${kept} < ${scraped}`,
        why: 'a job that drops some samples on purpose is like that as well: none may be left',
      },
      {
        query: `absent(${connections}{job="my_app_two_keeps"})`,
        why: 'this knows one metric of one job: the next job that loses all is missed',
      },
    ],
    alsoRight: [
      `up == 1 unless on (job, instance) ${kept} > 0`,
      `${kept} < 1 and on (job, instance) up > 0`,
      `${kept} == 0 and up == 1`,
      `(${kept} == 0) and on (job, instance) (${scraped} > 0)`,
    ],
    alsoWrong: [
      'up == 1',
      `${kept} == bool 0`,
      `sum(${kept}) == 0`,
      `${kept} == 0 and on (job, instance) up == 0`,
      'vector(1)',
    ],
    worlds: [
      alertIn('where a target is down and no rule has dropped anything', [
        ...others,
        ...target('my_app_two_keeps', 0, 0, 0, 2),
      ]),
      alertIn('where a job drops some of its samples', [...others, ...target('my_app_drop', 1, 6, 9, 2)]),
      alertIn('where another job keeps nothing', [
        ...others,
        ...target('shop', 1, 0, 12, 3),
        ...target('my_app_two_keeps', 1, 2, 9, 2),
        seriesOf(connections, 7, { job: 'my_app_two_keeps' }, 2),
      ]),
      alertIn(
        'where a rule is corrected in between',
        [...others, ...target('my_app_two_keeps', 1, steps([0, 0], [150, 4]), 9, 2)],
        [100, 200],
      ),
    ],
    expected: async (read, lab) => {
      const measured = await look(read, lab);
      if (isJudgement(measured)) return whereMeasured(measured, command);
      const instants = instantsOf(measured, lab, (at) => ({ at, fires: true }));
      return whereMeasured(lasting(lab, instants), command, instants, await quietBefore(read, lab));
    },
  },
];
