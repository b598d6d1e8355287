import { steps } from '../../experiments/catalogue.ts';
import { type Question, type Source, SourceError } from '../../guide/page/source.ts';
import { createAsk } from '../../guide/src/ask/prometheus.ts';
import { parseQuestion } from '../../guide/src/ask/question.ts';
import { RequestError } from '../../guide/src/errors.ts';
import { createExercises } from '../../guide/src/exercises.ts';
import { createHealth } from '../../guide/src/health.ts';
import { createIncident, createIncidentStore } from '../../guide/src/incident.ts';
import { createLab } from '../../guide/src/lab.ts';
import { createSearch } from '../../guide/src/search.ts';
import type { SolvedStore } from '../../guide/src/solved.ts';
import { base } from '../../lab/base/steps.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Places } from '../../lab/running/places.ts';
import type { Engine } from './engine.ts';
import { connect } from './network.ts';
import { type Knobs, lackOf, Stage } from './stage.ts';

const host = 'prometheus';
const nowhere = { exporter: '', prometheus: '', alertmanager: '', guide: '', query: '', grafana: undefined };
/** Where the simulated services are: only the network of the tab knows them. */
const places: Places = {
  exporter: 'http://exporter',
  prometheus: `http://${host}`,
  alertmanager: 'http://alertmanager',
  guide: 'http://guide',
  query: 'http://query',
  labId: undefined,
  reach: () => undefined,
  browser: nowhere,
};

/** The lab in a browser tab: what the page asks, answered by the simulated lab and Prometheus' own engine. */
export const createTab = (engine: Engine, store: SolvedStore, knobs: Knobs, startAt: number) => {
  let stage = new Stage(engine, base, knobs, startAt);
  let parts = partsOf(stage, store);
  let moving: Promise<unknown> = Promise.resolve();

  /** One thing after the other: a lab that is under way is not asked. */
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const result = moving.then(act);
    moving = result.catch(() => {});
    return result;
  };

  const begin = (command: string, given: Knobs, now: number): Promise<void> =>
    inTurn(async () => {
      const step = steps.find((each) => each.command === command);
      // The page says what is missing; what was there goes on.
      if (step === undefined || lackOf(step) !== undefined) return;
      stage = new Stage(engine, step, given, now);
      parts = partsOf(stage, store);
      await stage.advance(stage.now);
    });

  connect(host, (path, parameters) => serviceOf(stage, path, parameters));
  connect('alertmanager', () => []);

  const ask = <Reply>(name: string, answer: () => Promise<Reply>): Question<Reply> => ({
    name,
    ask: () =>
      inTurn(async () => {
        try {
          return await answer();
        } catch (error) {
          if (error instanceof RequestError) throw new SourceError(error.message);
          throw error;
        }
      }),
  });
  const refuseWhereLacking = (command: string) => {
    const step = steps.find((each) => each.command === command);
    const lack = step && lackOf(step);
    if (lack !== undefined)
      throw new SourceError(
        `this lesson needs ${lack}, which a browser tab has not: make ${command} runs it on your machine`,
      );
  };

  const source: Source = {
    state: ask('state', async () => ({ ...(await parts.lab.state()), applied: [stage.applied] })),
    picture: (step, seconds) =>
      ask(`picture ${step} ${seconds} ${stage.begun} ${stage.now}`, async () => {
        refuseWhereLacking(step);
        return parts.lab.picture(step, seconds);
      }),
    verdict: (experiment) =>
      ask(`verdict ${experiment} ${stage.begun}`, async () => {
        if (experiment !== undefined) refuseWhereLacking(`exp-${experiment}`);
        return parts.lab.verdict(experiment);
      }),
    query: ({ query, as, of, at, seconds, step }) =>
      ask(JSON.stringify([query, as, of, at, seconds, step, stage.now]), async () => {
        const text = (value: number | undefined) => (value === undefined ? undefined : String(value));
        const given = { query, as, of, at: at?.toFixed(3), seconds: text(seconds), step: text(step) };
        const known = Object.entries(given).filter(([, value]) => value !== undefined);
        return parts.ask.answer(parseQuestion(Object.fromEntries(known)));
      }),
    exercises: ask('exercises', async () => parts.exercises.list()),
    search: ask('search', async () => parts.search.state()),
    notifications: ask('notifications', async () => (await stage.read().notifications()) ?? []),
    targets: (of) => ask(`targets ${of}`, () => parts.health.targets(of)),
    rules: (of) => ask(`rules ${of}`, () => parts.health.rules(of)),
    alerts: ask('alerts', () => parts.health.alerts()),
    incidents: ask('incidents', async () => parts.incidents.list()),
    incident: (question) =>
      ask(`incident ${JSON.stringify(question)} ${stage.now}`, () => parts.incidents.ask(question)),
    judge: (answer) => ask(JSON.stringify(answer), () => parts.exercises.solve(answer)),
    diagnose: (answer) => ask(JSON.stringify(answer), () => parts.search.name(answer)),
    complete: async (address) => {
      const url = new URL(String(address), 'http://tab');
      const path = url.pathname.replace(/^.*\/api\/v1\//, '');
      return new Response(JSON.stringify(stage.get(path, url.searchParams)));
    },
  };

  return {
    source,
    begin,
    /** Lets the lab go on for so many seconds. */
    advance: (seconds: number): Promise<void> => inTurn(() => stage.advance(stage.now + seconds)),
    get now() {
      return stage.now;
    },
    get step() {
      return stage.step;
    },
    get begun() {
      return stage.begun;
    },
  };
};

export type Tab = ReturnType<typeof createTab>;

/** Everything that a Reader can be asked; a test of types that none is missing. */
const readings = Object.keys({
  query: true,
  ask: true,
  range: true,
  samples: true,
  truth: true,
  tsdb: true,
  metricNames: true,
  alertRule: true,
  alertFlags: true,
  exporterMetrics: true,
  notifications: true,
  silences: true,
  causeNamedAt: true,
  at: true,
} satisfies Record<keyof Reader, true>) as (keyof Reader)[];

const partsOf = (stage: Stage, store: SolvedStore) => {
  const clock = () => stage.now;
  const observe = async () => stage.lab();
  const search = createSearch({ observe, store, clock });
  // What is read is read at the instant that the lab has come to by then.
  const now =
    (name: keyof Reader) =>
    (...given: unknown[]) =>
      (stage.read()[name] as (...given: unknown[]) => unknown)(...given);
  const read = {
    ...(Object.fromEntries(readings.map((name) => [name, now(name)])) as unknown as Reader),
    causeNamedAt: async () => search.namedAt(),
  };
  return {
    search,
    lab: createLab({
      places,
      clock,
      observe,
      read,
      suppression: async () => undefined,
      askServices: async () =>
        ['Exporter', 'Prometheus', 'Alertmanager'].map((name) => ({
          name,
          answers: true,
          link: undefined,
        })),
      hasPages: async () => false,
    }),
    ask: createAsk(places, clock),
    exercises: createExercises({ observe, read, store, clock }),
    incidents: createIncident({ observe, read, store: createIncidentStore(undefined, () => {}), clock }),
    health: createHealth(places),
  };
};

/** What the simulated Prometheus says of itself; queries and rules are the engine's. */
const serviceOf = (stage: Stage, path: string, parameters: URLSearchParams): unknown => {
  const name = path.replace(/^\/api\/v1\//, '');
  if (name === 'targets') return { status: 'success', data: { activeTargets: targetsOf(stage), droppedTargets: [] } };
  return stage.get(name, parameters);
};

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

const targetsOf = (stage: Stage) =>
  stage
    .stored()
    .filter(({ labels, staleAt, samples }) => labels.__name__ === 'up' && (staleAt.at(-1) ?? 0) < samples.at(-1)![0])
    .map(({ labels: { __name__, ...labels }, samples }) => {
      const [at, value] = samples.at(-1)!;
      return {
        labels,
        scrapeUrl: `http://${labels.instance}/metrics`,
        health: value === 1 ? 'up' : 'down',
        lastError: value === 1 ? '' : (stage.lab().target?.lastError ?? 'connection refused'),
        lastScrape: iso(at),
        lastScrapeDuration: 0.005,
        scrapeInterval: `${stage.knobs.scrapeSeconds}s`,
      };
    });
