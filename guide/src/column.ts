import { experiments, steps } from '../../experiments/catalogue.ts';
import type { Experiment, Step } from '../../experiments/types.ts';
import { type Places, queryLink } from '../../lab/places.ts';

/** A step of the lab as the page lists it: the catalogue's words, and where its links lead. */
export type Entry = {
  /** what is typed after `make` */
  command: string;
  title: string;
  changes: string;
  expect: string;
  queries: { expr: string; read: string; link: string }[];
  /** Grafana's dashboard, where Grafana runs */
  dashboard: string | undefined;
  /** number of the experiment whose verdict fits this step */
  verdict: number;
  /** of experiments only */
  experiment:
    | { number: number; question: string; todo: readonly string[]; insight: string; undo: string | undefined }
    | undefined;
};

/**
 * The left column, from the catalogue alone.
 * @param pages  whether Prometheus has pages of its own; without them a query opens Grafana's dashboard
 *               where Grafana runs, and else the API
 */
export const column = ({ browser }: Places, pages: boolean): Entry[] =>
  steps.map((step: Step | Experiment) => {
    const { command, title, changes, expect, queries } = step;
    const dashboard = browser.grafana && `${browser.grafana}/d/${step.dashboard}`;
    const link = (expr: string) => (!pages && dashboard) || queryLink(browser.prometheus, expr, pages);
    return {
      command,
      title,
      changes,
      expect,
      queries: queries.map(({ expr, read }) => ({ expr, read, link: link(expr) })),
      dashboard,
      verdict: verdictFor(step).number,
      experiment: 'number' in step ? partOf(step) : undefined,
    };
  });

const partOf = ({ number, question, todo, insight, undo }: Experiment) => ({ number, question, todo, insight, undo });

/** A plain step shows the verdict of the experiment whose dashboard it shares, else of the first that changes nothing. */
export const verdictFor = (step: Step | undefined): Experiment =>
  experiments.find((experiment) => experiment === step || experiment.dashboard === step?.dashboard) ??
  experiments.find(({ change }) => change === 'none')!;
