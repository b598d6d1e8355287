import { steps } from '../../experiments/catalogue.ts';
import { type Question, type Source, SourceError } from '../../guide/page/source.ts';
import { createAsk } from '../../guide/src/ask/prometheus.ts';
import { parseQuestion } from '../../guide/src/ask/question.ts';
import { RequestError } from '../../guide/src/errors.ts';
import { createExercises } from '../../guide/src/exercises.ts';
import { createHealth } from '../../guide/src/health.ts';
import { createIncident, createIncidentStore, type IncidentStore } from '../../guide/src/incident.ts';
import { createLab } from '../../guide/src/lab.ts';
import { createSearch } from '../../guide/src/search.ts';
import type { SolvedStore } from '../../guide/src/solved.ts';
import { spikesPicture } from '../../lab/base/spikes.ts';
import { base } from '../../lab/base/steps.ts';
import type { Picture } from '../../lab/model/picture.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Places } from '../../lab/running/places.ts';
import { type Beside, besideOf, pictureThen } from './beside.ts';
import type { Engine } from './engine.ts';
import type { Knobs } from './knobs.ts';
import { connect } from './network.ts';
import { lackOf, type NoEngine, Stage } from './stage.ts';

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

/** Simulated in one go; the page can show what it waits for in between. */
const atOnceSeconds = 300;
const atOnceEvaluations = 50;
const pause = () => new Promise((resolve) => setTimeout(resolve));

const scraped = async (stage: Stage, to: number): Promise<void> => {
  while (stage.reached + atOnceSeconds < to) {
    await stage.scrape(stage.reached + atOnceSeconds);
    await pause();
  }
  await stage.scrape(to);
};
const evaluated = async (stage: Stage): Promise<void> => {
  while (stage.evaluate(atOnceEvaluations)) await pause();
};

/** What a picture asks Prometheus. */
const queriesIn = ({ layers, reads = {} }: Picture): string[] => [
  ...layers.flatMap((layer) =>
    layer.kind === 'query' ? [layer.expr] : layer.kind === 'samples' ? [layer.selector] : [],
  ),
  ...Object.values(reads),
];

/** A line that enters the picture's window, and the longest that a sample is shown. */
const beforeSeconds = 360;
const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };
/** The longest range that is written in one of these queries, seconds. */
const longestRange = (queries: readonly string[]): number =>
  Math.max(
    0,
    ...queries.flatMap((query) =>
      [...query.matchAll(/(\d+)(ms|[smhd])\b/g)].map(([, number, unit]) => Number(number) * unitSeconds[unit!]!),
    ),
  );

/** What a lab begins with. @param begun  when the lesson is applied, unix seconds */
type Beginning = { store: SolvedStore; lesson: string; knobs: Knobs; begun: number };

/** The lab in a browser tab: what the page asks, answered by the simulated lab and Prometheus' own engine. */
export const createTab = ({ store, lesson, knobs, begun }: Beginning) => {
  const loading: NoEngine = { lacks: 'Prometheus’ own engine is still being loaded' };
  let engines: [own: Engine | NoEngine, besides: Engine | NoEngine] = [loading, loading];
  const incidents = createIncidentStore(undefined, () => {});
  const stepOf = (command: string) => steps.find((each) => each.command === command);
  const able = (command: string) => {
    const step = stepOf(command);
    return step !== undefined && lackOf(step) === undefined ? step : undefined;
  };
  let stage = new Stage(engines[0], able(lesson) ?? base, knobs, begun);
  /** the same truth, scraped at another interval */
  let other: Stage | undefined;
  let parts = partsOf(stage, store, incidents);
  let moving: Promise<unknown> = Promise.resolve();

  /** One thing after the other: a lab that is under way is not asked. */
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const result = moving.then(act);
    moving = result.catch(() => {});
    return result;
  };

  /** how many seconds the page's picture shows */
  let shownSeconds = 120;
  /** what is shown is only the part that the picture shows: simulates the whole */
  let complete: (() => Promise<void>) | undefined;

  const stageBeside = async (scrapeSeconds: number | undefined, since?: number) => {
    other =
      scrapeSeconds === undefined
        ? undefined
        : new Stage(engines[1], stage.step, { ...stage.knobs, scrapeSeconds }, stage.begun, since);
    if (other !== undefined) await scraped(other, stage.reached);
  };
  /** Simulates a step from its beginning to where it has come. @param since  from there on only */
  const simulateAgain = async (
    step: Stage['step'],
    given: Knobs,
    from: number,
    to: number,
    now = to,
    since?: number,
  ) => {
    complete = undefined;
    stage = new Stage(engines[0], step, given, from, since);
    await scraped(stage, Math.max(to, stage.now));
    if (other !== undefined) await stageBeside(other.knobs.scrapeSeconds, since);
    look(now);
  };
  /** Simulates again what the picture shows, and the whole once something else is asked. */
  const turnTo = async (given: Knobs) => {
    const { step, begun, reached, now } = stage;
    const since = now - shownSeconds - Math.max(beforeSeconds, longestRange(queriesIn(step.picture ?? spikesPicture)));
    const isPart = since > begun && !picturesWait(step);
    await simulateAgain(step, given, begun, reached, now, isPart ? since : undefined);
    if (isPart) complete = () => simulateAgain(step, stage.knobs, begun, stage.reached, stage.now);
  };
  const look = (now: number) => {
    for (const each of [stage, other])
      if (each !== undefined) each.now = Math.min(Math.max(now, stage.begun), each.reached);
    // What was read is kept for a second of the lab's time, which has jumped.
    parts = partsOf(stage, store, incidents);
  };

  connect(host, (path, parameters) => serviceOf(stage, path, parameters));
  connect('alertmanager', () => []);

  /** @param waits  for the rules, where they have not been evaluated yet */
  const ask = <Reply>(
    name: string,
    answer: () => Promise<Reply>,
    waits: () => boolean = () => true,
  ): Question<Reply> => ({
    name,
    ask: () =>
      inTurn(async () => {
        if (waits()) await complete?.();
        if (waits()) for (const each of [stage, other]) if (each !== undefined) await evaluated(each);
        try {
          return await answer();
        } catch (error) {
          if (error instanceof RequestError) throw new SourceError(error.message);
          throw error;
        }
      }),
  });
  const picturesWait = (step: Stage['step'], ...queries: string[]) =>
    stage.asksRules([...queries, ...queriesIn(step.picture ?? spikesPicture)]);
  const refuseWhereLacking = (command: string) => {
    const step = steps.find((each) => each.command === command);
    const lack = step && lackOf(step);
    if (lack !== undefined)
      throw new SourceError(
        `this lesson needs ${lack}, which a browser tab has not: make ${command} runs it on your machine`,
      );
  };

  const source: Source = {
    // The lesson that is open is the one that is followed, whatever its knobs make of it.
    state: ask(
      'state',
      async () => ({ ...(await parts.lab.state()), active: stage.step.command, applied: [stage.applied] }),
      () => false,
    ),
    picture: (step, seconds) => {
      shownSeconds = seconds;
      return ask(
        `picture ${step} ${seconds} ${stage.begun} ${stage.now}`,
        async () => {
          refuseWhereLacking(step);
          return (
            (await pictureThen(stage, stepOf(step) ?? stage.step, seconds)) ??
            (await parts.pictures.picture(step, seconds))
          );
        },
        () => picturesWait(stepOf(step) ?? stage.step),
      );
    },
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
      await inTurn(async () => complete?.());
      const path = url.pathname.replace(/^.*\/api\/v1\//, '');
      return new Response(JSON.stringify(stage.get(path, url.searchParams)));
    },
  };

  return {
    source,
    /** Simulates the beginning, so that there is something to look at. */
    start: (): Promise<void> => inTurn(() => simulateAgain(stage.step, knobs, begun, begun)),
    /** Opens a lesson, where a tab has what it needs: the page says what is missing, and what was there goes on. */
    begin: (command: string): Promise<void> =>
      inTurn(async () => {
        const step = able(command);
        // Time goes on: the page keeps no answer of a time that has not come.
        const from = Math.ceil(stage.reached) + 1;
        if (step !== undefined) await simulateAgain(step, stage.knobs, from, from);
      }),
    /** Scrapes the same truth again, with other knobs, up to the same instant; rules are evaluated once they are asked for. */
    turn: (given: Knobs): Promise<void> =>
      inTurn(async () => {
        const { windowSeconds } = given;
        // The window of a picture's queries changes nothing that is stored.
        const isSame =
          JSON.stringify({ ...stage.knobs, windowSeconds }) === JSON.stringify({ ...given, windowSeconds });
        if (!isSame) return turnTo(given);
        stage.knobs = given;
        if (other !== undefined) other.knobs = { ...other.knobs, windowSeconds };
        look(stage.now);
      }),
    /** Takes the engine, once it is there. @param make  makes one; or why there is none */
    setEngine: (make: (() => Engine) | NoEngine): Promise<void> =>
      inTurn(() => {
        engines = 'lacks' in make ? [make, make] : [make(), make()];
        return simulateAgain(stage.step, stage.knobs, stage.begun, stage.reached, stage.now);
      }),
    /** Lets the lab go on for so many seconds from where it is looked at. */
    advance: (seconds: number): Promise<void> =>
      inTurn(async () => {
        await complete?.();
        const to = stage.now + seconds;
        for (const each of [stage, other])
          if (each !== undefined) {
            await scraped(each, to);
            await evaluated(each);
          }
      }),
    /** Looks at an instant that has been simulated. */
    look: (at: number): Promise<void> =>
      inTurn(async () => {
        await complete?.();
        look(at);
      }),
    /** Scrapes the same truth a second time, at another interval. */
    scrapeBeside: (scrapeSeconds: number | undefined): Promise<void> =>
      inTurn(async () => {
        await complete?.();
        await stageBeside(scrapeSeconds);
        look(stage.now);
      }),
    /** What is shown beside the picture of a step, and two answers to one query. */
    beside: (seconds: number, query: string): Question<Beside | undefined> =>
      ask(
        JSON.stringify(['beside', seconds, query, stage.now]),
        () => besideOf(stage, other, seconds, query),
        () => picturesWait(stage.step, query),
      ),
    lackOf: (command: string) => {
      const step = stepOf(command);
      return step && lackOf(step);
    },
    get stage(): Pick<Stage, 'now' | 'reached' | 'begun' | 'step' | 'knobs' | 'scrapeSeconds'> {
      return stage;
    },
    get besideSeconds(): number | undefined {
      return other?.knobs.scrapeSeconds;
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

const partsOf = (stage: Stage, store: SolvedStore, incidents: IncidentStore) => {
  const clock = () => stage.now;
  const observe = async () => stage.lab();
  const search = createSearch({ observe, store, clock });
  // What is read is read at the instant that the lab has come to by then.
  const reading = (of: () => Reader): Reader => {
    const now =
      (name: keyof Reader) =>
      (...given: unknown[]) =>
        (of()[name] as (...given: unknown[]) => unknown)(...given);
    return {
      ...(Object.fromEntries(readings.map((name) => [name, now(name)])) as unknown as Reader),
      causeNamedAt: async () => search.namedAt(),
    };
  };
  const read = reading(() => stage.read());
  const labOf = (read: Reader) =>
    createLab({
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
    });
  return {
    search,
    lab: labOf(read),
    pictures: labOf(reading(() => stage.readForPicture())),
    ask: createAsk(places, clock),
    exercises: createExercises({ observe, read, store, clock }),
    incidents: createIncident({ observe, read, store: incidents, clock }),
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
        scrapeInterval: `${stage.scrapeSeconds}s`,
      };
    });
