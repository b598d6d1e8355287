import { experiments, steps } from '../../experiments/catalogue.ts';
import { spikesPicture } from '../../lab/base/spikes.ts';
import type { Experiment, Query, Step } from '../../lab/model/lesson.ts';
import { readingOf } from '../../lab/model/sources.ts';
import { isRangeVector, noValueNote, queryLink } from '../../lab/running/links.ts';
import type { Places } from '../../lab/running/places.ts';

/** A step of the lab as the page lists it: the catalogue's words, and where its links lead. */
export type ListedStep = {
  /** what is typed after `make` */
  command: string;
  title: string;
  changes: string;
  expect: string;
  /** of the active step: which intervals its words are for, where the lab has others */
  intervals?: string | undefined;
  queries: {
    expr: string;
    read: string;
    /** a graph of a range vector is an error */
    as: 'graph' | 'table';
    /** opens it in Prometheus; undefined where that has no web UI */
    link: string | undefined;
    note: string | undefined;
    /** who is asked; the lab's own Prometheus where it is not given */
    of: string | undefined;
  }[];
  /** who else answers queries while it is on, by name */
  sources: string[];
  /** the stretch of time that its picture opens with, seconds */
  pictureSeconds: number;
  /** its dashboard in Grafana; undefined where Grafana does not run */
  dashboard: string | undefined;
  /** number of the experiment whose verdict is shown with this step */
  verdict: number;
  /** undefined for a step that is no experiment */
  experiment:
    | (Pick<Experiment, 'number' | 'chapter' | 'minutes' | 'question' | 'todo' | 'insight'> & {
        undo: string | undefined;
      })
    | undefined;
};

/**
 * Every step of the catalogue, in its order.
 * @param pages    whether Prometheus has a web UI
 * @param active  the one that the lab shows, where that is known
 */
export const listSteps = ({ browser }: Places, pages: boolean, active?: Step): ListedStep[] =>
  steps.map((step: Step | Experiment) => {
    const { command, title, changes, expect, queries } = step;
    const dashboard = browser.grafana && `${browser.grafana}/d/${step.dashboard}`;
    const link = (query: Query) =>
      pages && query.of === undefined ? queryLink(browser.prometheus, query, step, pages) : undefined;
    return {
      command,
      title,
      changes,
      expect,
      queries: queries.map((query) => ({
        expr: query.expr,
        read: readingOf(query),
        as: isRangeVector(query.expr) ? 'table' : 'graph',
        link: link(query),
        note: noValueNote(query, step === active && step.isActive !== undefined),
        of: query.of,
      })),
      sources: (step.sources ?? []).map(({ name }) => name),
      pictureSeconds: (step.picture ?? spikesPicture).seconds ?? 120,
      dashboard,
      verdict: verdictFor(step).number,
      experiment: 'number' in step ? partOf(step) : undefined,
    };
  });

const partOf = ({ number, chapter, minutes, question, todo, insight, undo }: Experiment) => ({
  number,
  chapter,
  minutes,
  question,
  todo,
  insight,
  undo,
});

/** The lesson to begin with: the shortest way to a number that is wrong, and one that is right beside it. */
export const beginWith = 'exp-5';

/**
 * The experiment whose verdict is shown with a step: its own, for a plain step the experiment whose dashboard it
 * shares, and without one the first experiment that changes nothing.
 */
export const verdictFor = (step: Step | undefined): Experiment =>
  experiments.find((experiment) => experiment === step || experiment.dashboard === step?.dashboard) ??
  experiments.find(({ change }) => change === 'none')!;
