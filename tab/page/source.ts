import { steps } from '../../experiments/catalogue.ts';
import { type Question, type Source, SourceError } from '../../guide/page/source.ts';
import { parseQuestion } from '../../guide/src/ask/question.ts';
import { RequestError } from '../../guide/src/errors.ts';
import { createIncidentStore } from '../../guide/src/incident.ts';
import type { SolvedStore } from '../../guide/src/solved.ts';
import { onCallStep } from '../../lab/base/on-call.ts';
import { base } from '../../lab/base/steps.ts';
import { incidentStep } from '../../lab/incidents/step.ts';
import { type Beside, besideOf, pictureThen } from './beside.ts';
import type { Engine } from './engine.ts';
import { paceOf, someSeed, stepOfIncident, type TabIncident } from './incident.ts';
import type { Knobs } from './knobs.ts';
import { later } from './later.ts';
import { connect } from './network.ts';
import { host, partsOf, serviceOf } from './parts.ts';
import { Queue } from './queue.ts';
import { lackOf, type NoEngine, type Stage } from './stage.ts';
import { Stages } from './stages.ts';

/**
 * What a lab begins with.
 * @param begun     when the lesson is applied, unix seconds
 * @param incident  what breaks where the lesson is an incident; any of level 1 unless given
 * @param slices    how what is long is cut, as a queue has it
 */
type Beginning = {
  store: SolvedStore;
  lesson: string;
  knobs: Knobs;
  begun: number;
  incident: TabIncident | undefined;
  slices: Slices;
};
type Slices = { slice: () => () => boolean; pause: () => Promise<unknown> };

/** The lab in a browser tab: what the page asks, answered by the simulated lab and Prometheus' own engine. */
export const createTab = ({ store, lesson, knobs, begun, incident: first, slices: { slice, pause } }: Beginning) => {
  const loading: NoEngine = { lacks: 'Prometheus’ own engine is still being loaded' };
  const noneWorkedOn = () => createIncidentStore(undefined, () => {});
  let incidents = noneWorkedOn();
  let incident: TabIncident = first ?? { seed: someSeed(), level: 1, scrapeSeconds: paceOf(knobs) };
  const stepOf = (command: string) => steps.find((each) => each.command === command);
  const able = (command: string) => {
    if (command === incidentStep.command) return stepOfIncident(incident);
    const step = stepOf(command);
    return step !== undefined && lackOf(step) === undefined ? step : undefined;
  };
  const stages = new Stages(() => loading, able(lesson) ?? base, knobs, begun);
  const newParts = () => partsOf(() => stages.stage, store, incidents);
  let parts = newParts();
  const queue = new Queue(stages, slice, pause);

  /** What was read is kept for a second of the lab's time, which jumps here. @param waits  as of a queue */
  const jump = (act: () => Promise<void>, waits: () => boolean = () => false): Promise<void> =>
    queue.do(async () => {
      await act();
      parts = newParts();
    }, waits);

  connect(host, (path, parameters) => serviceOf(stages.stage, path, parameters));
  connect('alertmanager', () => []);

  /** @param waits  whether it needs all that is simulated, rules included */
  const ask = <Reply>(name: string, answer: () => Promise<Reply>, waits?: () => boolean): Question<Reply> => ({
    name,
    ask: () =>
      queue.do(async () => {
        try {
          return await answer();
        } catch (error) {
          if (error instanceof RequestError) throw new SourceError(error.message);
          throw error;
        }
      }, waits),
  });
  /** What is judged comes after the lessons: meanwhile the lab can be asked for all else. */
  const onceLater = <Reply>({ name, ask }: Question<Reply>): Question<Reply> => ({
    name,
    ask: async (signal) => {
      await later().catch(() => {
        throw new SourceError('what judges it could not be loaded');
      });
      return ask(signal);
    },
  });
  const refuseWhereLacking = (command: string) => {
    const step = stepOf(command);
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
      async () => {
        const state = await parts.lab.state();
        return {
          ...state,
          // The page On call is here without it.
          steps: state.steps.filter(({ command }) => command !== onCallStep.command),
          active: stages.stage.step.command,
          applied: [stages.stage.applied],
        };
      },
      () => false,
    ),
    picture: (step, seconds) => {
      stages.shownSeconds = seconds;
      return ask(
        `picture ${step} ${seconds} ${stages.stage.begun} ${stages.stage.now}`,
        async () => {
          refuseWhereLacking(step);
          return (
            (await pictureThen(stages.stage, stepOf(step) ?? stages.stage.step, seconds)) ??
            (await parts.pictures.picture(step, seconds))
          );
        },
        () => stages.needsMore(stepOf(step) ?? stages.stage.step, seconds),
      );
    },
    verdict: (experiment) =>
      onceLater(
        ask(`verdict ${experiment} ${stages.stage.begun}`, async () => {
          if (experiment !== undefined) refuseWhereLacking(`exp-${experiment}`);
          return parts.lab.verdict(experiment);
        }),
      ),
    query: ({ query, as, of, at, seconds, step }) =>
      ask(JSON.stringify([query, as, of, at, seconds, step, stages.stage.now]), async () => {
        const text = (value: number | undefined) => (value === undefined ? undefined : String(value));
        const given = { query, as, of, at: at?.toFixed(3), seconds: text(seconds), step: text(step) };
        const known = Object.entries(given).filter(([, value]) => value !== undefined);
        return parts.ask.answer(parseQuestion(Object.fromEntries(known)));
      }),
    exercises: onceLater(ask('exercises', async () => parts.exercises.list())),
    search: ask('search', async () => parts.search.state()),
    notifications: ask('notifications', async () => (await stages.stage.read().notifications()) ?? []),
    targets: (of) => ask(`targets ${of}`, () => parts.health.targets(of)),
    rules: (of) => ask(`rules ${of}`, () => parts.health.rules(of)),
    alerts: ask('alerts', () => parts.health.alerts()),
    incidents: ask('incidents', async () => parts.incidents.list()),
    incident: (question) =>
      ask(`incident ${JSON.stringify(question)} ${stages.stage.now}`, () => parts.incidents.ask(question)),
    judge: (answer) => onceLater(ask(JSON.stringify(answer), () => parts.exercises.solve(answer))),
    diagnose: (answer) => ask(JSON.stringify(answer), () => parts.search.name(answer)),
    complete: async (address) => {
      const url = new URL(String(address), 'http://tab');
      const path = url.pathname.replace(/^.*\/api\/v1\//, '');
      const answer = await queue.do(async () => stages.stage.get(path, url.searchParams));
      return new Response(JSON.stringify(answer));
    },
  };

  return {
    source,
    /** Simulates the beginning, or up to an instant, so that there is something to look at. */
    start: (at: number = begun) => jump(() => stages.open(stages.stage.step, knobs, begun, at)),
    /**
     * Opens a lesson, where a tab has what it needs: the page says what is missing, and what was there goes on.
     * @param asked  which incident, where it is that
     */
    begin: (command: string, asked?: Pick<TabIncident, 'seed' | 'level'>) =>
      jump(async () => {
        if (command === incidentStep.command)
          incident = { ...incident, ...asked, scrapeSeconds: paceOf(stages.stage.knobs) };
        const step = able(command);
        // Time goes on: the page keeps no answer of a time that has not come.
        const from = Math.ceil(stages.stage.reached) + 1;
        if (step !== undefined) await stages.open(step, stages.stage.knobs, from, from);
      }),
    /** Scrapes the same truth again, with other knobs, up to the same instant. */
    turn: (given: Knobs) =>
      jump(async () => {
        const { seed, signal } = stages.stage.knobs;
        // Of another truth nothing has been found yet.
        if (given.seed !== seed || given.signal !== signal) incidents = noneWorkedOn();
        await stages.turn(given);
      }),
    /** What breaks where an incident is on; else what would break. */
    get incident(): TabIncident {
      return incident;
    },
    /** Takes the engine, once it is there. @param make  makes one; or why there is none */
    setEngine: (make: (() => Engine) | NoEngine) => jump(() => stages.setEngines('lacks' in make ? () => make : make)),
    /** Lets the lab go on for so many seconds from where it is looked at. */
    advance: (seconds: number) => queue.do(() => stages.advance(stages.stage.now + seconds)),
    /** Looks at an instant that has been simulated. */
    look: (at: number) =>
      jump(
        async () => stages.look(at),
        () => true,
      ),
    /** Scrapes the same truth a second time, at another interval. */
    scrapeBeside: (scrapeSeconds: number | undefined) => jump(() => stages.scrapeBeside(scrapeSeconds)),
    /** What is shown beside the picture of a step, and two answers to one query. */
    beside: (seconds: number, query: string): Question<Beside | undefined> =>
      ask(
        JSON.stringify(['beside', seconds, query, stages.stage.now]),
        () => besideOf(stages.stage, stages.other, seconds, query),
        () => stages.needsMore(stages.stage.step, seconds, query),
      ),
    lackOf: (command: string) => {
      const step = stepOf(command);
      return step && lackOf(step);
    },
    get stage(): Pick<Stage, 'now' | 'reached' | 'begun' | 'step' | 'knobs' | 'scrapeSeconds'> {
      return stages.stage;
    },
    get besideSeconds(): number | undefined {
      return stages.other?.scrapeSeconds;
    },
  };
};

export type Tab = ReturnType<typeof createTab>;
