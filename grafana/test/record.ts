import { join } from 'node:path';
import { activeStep, experiments, lookBackOf } from '../../experiments/catalogue.ts';
import { clocks, clocksPanels } from '../../lab/base/clocks.ts';
import { base, slowScrape, slowScrapeSeconds } from '../../lab/base/steps.ts';
import { seriesIn } from '../../lab/evidence/querier.ts';
import type { Experiment, Source, Step } from '../../lab/model/lesson.ts';
import type { Panel, PanelQuery } from '../../lab/model/panel.ts';
import type { Plan } from '../../lab/model/plan.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { createReader, observe } from '../../lab/running/api.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { labPrometheus } from '../../lab/running/prometheus.ts';
import { remoteWrite } from '../../lab/running/remote-write.ts';
import { durationSeconds } from '../../lab/settings/duration.ts';
import { courseAround } from '../../lab/simulator/course.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { exposedIn, labelsOf } from '../../lab/simulator/page.ts';
import { repository } from '../../scripts/host/repository.ts';
import { startPrometheus } from '../../test/support/prometheus.ts';
import { until } from '../../test/support/until.ts';
import { nothingYet } from '../src/dashboard.ts';
import { neverEmpty } from '../src/panels/timeline.ts';
import { start as startPage } from '../src/start.ts';
import { type Answered, type Answers, askedBy, storeAnswers } from './answers.ts';

/** A dashboard, and how to come to the state that it is for. */
export type Recorded = {
  dashboard: string;
  /** the make target of its state */
  command: string;
  panels: readonly Panel[];
  lookBack: string;
  /** who else answers */
  sources: readonly Source[];
  /** how long after its command the answers are of: as long as its lesson takes */
  seconds: number;
  /** what it is in the simulated lab; undefined where it needs what cannot be simulated */
  plan: Plan | undefined;
  scrapeSeconds: number;
};

/** Native histograms are not simulated, nor jobs with intervals of their own. */
const neverSimulated: readonly string[] = ['exp-11', clocks.command];

const planOf = ({ plan, command }: Experiment): Plan | undefined =>
  'needs' in plan || neverSimulated.includes(command) ? undefined : plan;

const recordedOf = (
  step: Step,
  { panels, seconds, plan }: Pick<Recorded, 'panels' | 'seconds' | 'plan'>,
  scrapeSeconds = 5,
): Recorded => ({
  dashboard: step.dashboard,
  command: step.command,
  panels: panels.map((panel) => neverEmpty(panel, nothingYet(step), lookBackOf(step))),
  lookBack: lookBackOf(step),
  sources: step.sources ?? [],
  seconds,
  plan,
  scrapeSeconds,
});

/** Every dashboard, as the generator knows them. */
export const recorded: readonly Recorded[] = [
  recordedOf(base, { panels: startPage.panels, seconds: 300, plan: {} }),
  recordedOf(clocks, { panels: clocksPanels, seconds: 300, plan: undefined }),
  ...experiments.map((experiment) =>
    recordedOf(
      experiment,
      { panels: experiment.panels, seconds: 60 * experiment.minutes, plan: planOf(experiment) },
      Array.isArray(experiment.change) && experiment.change.includes(slowScrape) ? slowScrapeSeconds : 5,
    ),
  ),
];

/** As Grafana fills in a legend; what a series has not is left out. */
const nameOf = ({ legend }: PanelQuery, labels: Series['labels']): string =>
  legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');

const isOverTime = ({ kind }: Panel): boolean => kind === 'timeseries' || kind === 'timeline' || kind === 'heatmap';

/** How a panel's query is asked. */
type Asking = (query: PanelQuery, isRange: boolean) => Promise<Series[]>;
type Window = { at: number; seconds: number; stepSeconds: number };

/** @param sources  who else answers */
const askingOf =
  (read: Reader, { at, seconds, stepSeconds }: Window, sources: readonly Source[]): Asking =>
  async ({ expr, of }, isRange) => {
    const source = sources.find(({ name }) => name === of);
    if (source === undefined) return isRange ? read.range(expr, at - seconds, at, stepSeconds) : read.query(expr, at);
    const range = { start: at - seconds, end: at, step: stepSeconds };
    const parameters = { query: expr, ...source.parameters, ...(isRange ? range : { time: at }) };
    const answer = await read.at(source.address).answer(isRange ? 'query_range' : 'query', parameters);
    if (answer?.code !== 200) throw new Error(`${source.name} gives no answer to ${expr}: ${JSON.stringify(answer)}`);
    return seriesIn(answer);
  };

const answerOf = async (ask: Asking, panel: Panel): Promise<Answered[]> => {
  const all: (Answered & { samples: Series['samples'] })[] = [];
  for (const [query, target] of panel.targets.entries()) {
    const series = await ask(target, isOverTime(panel));
    const named = series.map(({ labels, samples }) => ({ query, name: nameOf(target, labels), samples }));
    // Prometheus gives the series of a matrix in no order that lasts.
    all.push(...named.sort((one, other) => (one.name < other.name ? -1 : 1)));
  }
  return all.map(({ query, name, samples }, index) => {
    const covers = all.slice(0, index).flatMap((other, place) => (isCovered(other.samples, samples) ? [place] : []));
    return {
      query,
      name,
      ...(panel.kind === 'timeline' && {
        values: [...new Set(samples.map(([, value]) => value))].sort((one, other) => one - other),
      }),
      ...(panel.kind === 'timeseries' && covers.length > 0 && { covers }),
    };
  });
};

/** Where they are the same at nearly all points that both have, and one has not many more, one of the lines is seen. */
const isCovered = (below: Series['samples'], above: Series['samples']): boolean => {
  const values = new Map(above.map(([at, value]) => [at, value]));
  const common = below.filter(([at]) => values.has(at));
  const same = common.filter(([at, value]) => Math.abs(values.get(at)! - value) <= 0.002 * Math.abs(value));
  return common.length >= 3 && same.length >= 0.9 * common.length && common.length >= 0.6 * below.length;
};

const answersOf = async (ask: Asking, panels: readonly Panel[]) => {
  const answers: Answers['own'] = {};
  for (const panel of panels) answers[panel.title] = { asked: askedBy(panel), series: await answerOf(ask, panel) };
  return answers;
};

const timelinesOf = (panels: readonly Panel[]): readonly Panel[] => panels.filter(({ kind }) => kind === 'timeline');

/** What Prometheus stores about itself, and the simulated lab does not: of the metrics that these pages ask for. */
const aboutItself = async (port: number, pages: readonly Recorded[]) => {
  const asked = pages.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets));
  const names = new Set(asked.flatMap(({ expr }) => expr.match(/\bprometheus_\w+/g) ?? []));
  const exposed = async () =>
    exposedIn(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
      .map(({ series, value }) => ({ labels: labelsOf(series), value }))
      .filter(({ labels }) => names.has(labels.__name__!));
  // It takes some seconds to know its Alertmanager.
  const notified = 'prometheus_notifications_sent_total';
  if (names.has(notified))
    await until(notified, 30, async () => (await exposed()).some(({ labels }) => labels.__name__ === notified));
  return exposed();
};

/** Two simulated labs have so much time of their own in the one Prometheus that holds both. */
const apartSeconds = 4 * 3_600;
const origin = 1_700_000_000;
const baseSeconds = 300;

/** Those of the start page. */
export const startPanels = recordedOf(base, { panels: startPage.panels, seconds: 0, plan: undefined }).panels;

/** The rules and the alerts of the Prometheus that is asked: what it says of itself has their groups and queues. */
const configuration = {
  rule_files: [join(repository, 'prometheus/rules/*.yml')],
  alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:1'] }] }] },
};

/**
 * Plays the states of these dashboards in the simulated lab, writes what was stored to a Prometheus of its own, asks it
 * what the panels ask, and stores the answers. With a reader of a running lab, that is asked in place of the simulated.
 */
export const record = async (pages: readonly Recorded[], running?: Reader): Promise<void> => {
  const prometheus = await startPrometheus(
    () => configuration,
    [
      '--web.enable-remote-write-receiver',
      '--enable-feature=promql-extended-range-selectors',
      '--storage.tsdb.retention.time=100y',
      // All of it in one block, whatever its times are.
      '--storage.tsdb.min-block-duration=10000h',
    ],
  );
  try {
    const own = await aboutItself(prometheus.port, pages);
    const played = async (index: number, plan: Plan, seconds: number, scrapeSeconds: number): Promise<number> => {
      const start = origin + index * apartSeconds;
      const changed = start + baseSeconds;
      const lab = simulate(
        courseAround(
          plan,
          { start, changed, ...(scrapeSeconds !== 5 && { earlierSeconds: 5 }) },
          { scrapeSeconds, phaseSeconds: 0.37 * scrapeSeconds },
        ),
      );
      const at = changed + seconds;
      await lab.advance(at);
      const stored = lab.storedAt(at);
      const known = new Set(stored.map(({ labels }) => labels.__name__));
      const times = Array.from({ length: Math.floor((at - start) / 5) }, (_, n) => start + 5 * n + 2);
      const more = own
        .filter(({ labels }) => !known.has(labels.__name__))
        .map(({ labels, value }) => ({
          labels: { ...labels, job: 'prometheus', instance: 'prometheus:9090' },
          samples: times.map((time) => [time, value] as const),
        }));
      await remoteWrite(labPrometheus, `http://127.0.0.1:${prometheus.port}`, [...stored, ...more]);
      return at;
    };
    const atBase = await played(0, {}, 600, 5);
    const before = askingOf(prometheus.read, { at: atBase, seconds: 300, stepSeconds: 5 }, []);
    for (const [index, { dashboard, panels, plan, seconds, lookBack, scrapeSeconds, sources }] of pages.entries()) {
      if ((plan === undefined) !== (running !== undefined)) continue;
      const at = plan === undefined ? Date.now() / 1000 - 2 : await played(index + 1, plan, seconds, scrapeSeconds);
      const window = { at, seconds: durationSeconds(lookBack)!, stepSeconds: scrapeSeconds };
      const ask = askingOf(running ?? prometheus.read, window, sources);
      storeAnswers(dashboard, {
        own: await answersOf(ask, panels),
        start: dashboard === startPage.dashboard ? {} : await answersOf(ask, startPanels),
        before: await answersOf(before, timelinesOf(panels)),
      });
    }
  } finally {
    await prometheus.stop();
  }
};

/** Records the dashboard of the step that a running lab shows, whose addresses the environment says. */
export const recordRunning = async (environment: Record<string, string | undefined>): Promise<void> => {
  const places = placesFrom(environment);
  const { dashboard } = activeStep(await observe(places));
  await record(
    recorded.filter((page) => page.dashboard === dashboard),
    createReader(places),
  );
};
