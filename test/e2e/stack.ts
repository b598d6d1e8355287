import { experiments } from '../../experiments/catalogue.ts';
import { usualSeconds } from '../../lab/base/intervals.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import type { Panel } from '../../lab/model/panel.ts';
import { labAt } from '../support/lab.ts';
import { lackOf } from '../support/lacking.ts';
import { runtimeNamed } from '../support/runtime.ts';

/** The lab that the end-to-end run drives: by the README's commands, asked through its published ports. */
export const lab = labAt(process.env);

/** @throws Error where RUNTIME is not named: these tests never choose one themselves */
const runtimeFromEnvironment = () => {
  const name = process.env.RUNTIME;
  if (name === 'compose' || name === 'native') return runtimeNamed(name);
  throw new Error(`RUNTIME must be compose or native, got ${JSON.stringify(name ?? '')}`);
};
export const runtime = runtimeFromEnvironment();

/** For what only one of the runtimes has. */
export const composeOnly = runtime.name === 'compose' ? false : 'only where containers run';

/**
 * SMOKE=1 tries what depends on the runtime, and leaves out the waiting for values: a verdict reads Prometheus
 * and the exporter, and these are the same programs in both.
 */
export const isSmoke = process.env.SMOKE === '1';

/** What this lane tries: the folders of LANE, or all of them. */
const played = experiments.filter(({ folder }) => !process.env.LANE || process.env.LANE.split(',').includes(folder));

/** The experiments that change the lab, and those that only ask it. */
export const changing = played.filter((each) => each.overrides.length > 0 && lackOf(each) === undefined);
export const lacking = played.filter((each) => lackOf(each) !== undefined);
export const asking = played.filter(({ overrides }) => overrides.length === 0);

/** How often this lane's base lab scrapes. */
export const scrapeSeconds = Number.parseInt(process.env.SCRAPE_INTERVAL || String(usualSeconds), 10);

export const nameOf = ({ number, slug }: Experiment) => `experiment ${number}, ${slug}`;

/** @returns the queries of a panel that are answered with nothing, asked as Grafana asks: a range for graphs */
export const emptyQueries = async ({ kind, targets }: Panel): Promise<string[]> => {
  const now = lab.now();
  const isRange = kind === 'timeseries' || kind === 'timeline';
  const answers = await Promise.all(
    targets.map(async ({ expr }) => ({
      expr,
      series: isRange ? await lab.read.range(expr, now - 300, now, 5) : await lab.read.query(expr, now),
    })),
  );
  const empty = answers.filter(({ series }) => series.length === 0);
  // A timeline asks for each state, and only those that were have a row.
  return kind === 'timeline' && empty.length < answers.length ? [] : empty.map(({ expr }) => expr);
};
