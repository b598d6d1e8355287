import { usualSeconds } from '../../lab/base/intervals.ts';
import { base, slowScrape, slowScrapeSeconds, spikes } from '../../lab/base/steps.ts';
import { incidentStep } from '../../lab/incidents/step.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Experiment, Step } from '../../lab/model/lesson.ts';
import type { Plan, Rule } from '../../lab/model/plan.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Applied } from '../../lab/running/applied.ts';
import { labPrometheus } from '../../lab/running/prometheus.ts';
import { type Service, ServiceError } from '../../lab/running/service.ts';
import { asking, readings } from '../../lab/running/service-api.ts';
import { courseAround, reportedBy, startingSeconds } from '../../lab/simulator/course.ts';
import { type Course, type Simulated, simulate } from '../../lab/simulator/lab.ts';
import { baseRules, type Ruled, type Ruler, simulatedRules } from '../../lab/simulator/rules.ts';
import type { StoredSeries } from '../../lab/simulator/store.ts';
import type { Engine, Reply } from './engine.ts';
import type { Excerpt } from './excerpt.ts';
import { Feed } from './feed.ts';
import { type Knobs, withWindow } from './knobs.ts';
import { engineData } from './reading.ts';
import { engineRules, type Rulers, rulersOf } from './rules.ts';

/** The base lab has run for so long before a step is applied. */
const baseSeconds = 120;
const exporter: Service = { name: 'the exporter', of: 'lab' };
/** Simulated before it is asked again whether that is enough. */
const scrapesAtOnce = 4;
/** One by one they take longer: what is the same in all of them is done once. */
const evaluationsAtOnce = 40;
const never = () => false;

const planOf = (step: Step | Experiment): Plan => {
  if ('plan' in step) return 'needs' in step.plan ? {} : step.plan;
  return step === spikes ? { environment: { SIGNAL: 'spikes' } } : {};
};

/** An incident is one of level 1 or 2 here, with a plan of its own: see incident.ts. */
const simulated: readonly Step[] = [base, spikes, slowScrape, incidentStep];

/** What a step needs that a browser tab has not; undefined where it has all of it. */
export const lackOf = (step: Step | Experiment): string | undefined => {
  if (!('plan' in step)) return simulated.includes(step) ? undefined : 'settings that only a real exporter takes';
  if ('needs' in step.plan) return step.plan.needs;
  if (step.manualSteps !== undefined) return 'services that can be killed';
  return step.faults.length > 0 ? 'services that really fail' : undefined;
};

/** The rules of a step, those of the base lab first. */
export const rulesOf = (step: Step | Experiment): readonly Rule[] => [...baseRules, ...(planOf(step).rules ?? [])];

const isSlow = (step: Step | Experiment): boolean =>
  step === slowScrape || ('change' in step && Array.isArray(step.change) && step.change.includes(slowScrape));

type Waiting = (() => void) | { evaluate: Rulers['evaluate']; at: number };

/** Why there is no engine, as the end of a sentence. */
export type NoEngine = { lacks: string };

/** A step of the lab in simulated time, and where in it the learner is. */
export class Stage {
  readonly #engine: Engine | NoEngine;
  readonly #lab: Simulated;
  readonly #plan: Plan;
  #feed: Feed | undefined;
  /** what of the rules has not been done yet, in its order: evaluations at an instant, or something else */
  readonly #waiting: Waiting[] = [];
  readonly step: Step | Experiment;
  knobs: Knobs;
  /** when the step was applied, unix seconds */
  readonly begun: number;
  /** the instant up to which it has been simulated */
  reached: number;
  /** the instant that is looked at, which may be an earlier one: what was not known then is not shown */
  now: number;

  readonly #excerpt: Excerpt | undefined;

  /**
   * @param begun    when the step is applied, unix seconds
   * @param excerpt  nothing else is asked of it; all of it unless given
   */
  constructor(engine: Engine | NoEngine, step: Step | Experiment, knobs: Knobs, begun: number, excerpt?: Excerpt) {
    this.#engine = engine;
    this.step = step;
    this.knobs = knobs;
    this.begun = begun;
    // Nothing has been simulated yet: the first thing that can be looked at is the step when it has started.
    this.reached = begun;
    this.now = begun + startingSeconds;
    this.#excerpt = excerpt;
    this.#plan = planOf(step);
    this.#lab = simulate(this.#course());
  }

  get scrapeSeconds(): number {
    return this.knobs.scrapeSeconds ?? (isSlow(this.step) ? slowScrapeSeconds : usualSeconds);
  }

  #course(): Course {
    const { scrapeSeconds } = this;
    const { evaluationSeconds, phase, seed, signal, timeoutSeconds } = this.knobs;
    const isRestarted = this.knobs.scrapeSeconds === undefined && scrapeSeconds !== usualSeconds;
    const chosen = signal && { SIGNAL: signal };
    const around = {
      start: this.begun - baseSeconds,
      changed: this.begun,
      environment: { SIGNAL_SEED: String(seed), ...chosen },
      ...(isRestarted && { earlierSeconds: usualSeconds }),
    };
    const { environment } = this.#plan;
    const plan = { ...this.#plan, ...(environment && { environment: { ...environment, ...chosen } }) };
    const course = courseAround(plan, around, {
      scrapeSeconds,
      evaluationSeconds,
      phaseSeconds: phase * scrapeSeconds,
      ...(timeoutSeconds !== undefined && { timeoutSeconds: Math.min(timeoutSeconds, scrapeSeconds) }),
      rulerOf: (ruled) => this.#ruler(ruled),
    });
    if (this.#excerpt === undefined || this.#excerpt.since <= this.begun) return course;
    const { historyFrom: _, ...later } = course;
    return { ...later, since: this.#excerpt.since };
  }

  /** Rules wait until they are asked for: a picture of what is scraped does not need them. */
  #ruler(ruled: Ruled): Ruler {
    const { forSeconds } = this.knobs;
    const excerpt = this.#excerpt;
    const asked = ruled.rules.filter((rule) => excerpt === undefined || excerpt.rules.includes(rule));
    const rules = asked.map((rule) => ('alert' in rule && forSeconds !== undefined ? { ...rule, forSeconds } : rule));
    const engine = this.#engine;
    if (!('lacks' in engine)) this.#feed ??= new Feed(engine, ruled.store);
    const feed = this.#feed;
    let rulers: Rulers;
    this.#waiting.push(() => {
      const all = { ...ruled, rules };
      const isMissing = 'lacks' in engine || feed === undefined;
      rulers = isMissing ? rulersOf(simulatedRules(all)) : engineRules(engine, feed, all);
    });
    const evaluate: Rulers['evaluate'] = (instants) => rulers.evaluate(instants);
    return {
      evaluate: (at) => {
        if (rules.length > 0 && at >= (excerpt?.evaluatedFrom ?? at)) this.#waiting.push({ evaluate, at });
      },
      abandon: () => void this.#waiting.push(() => rulers.abandon()),
    };
  }

  /**
   * Lets the lab be scraped until then; its rules wait. What has been simulated already is only looked at.
   * @param to      unix seconds
   * @param isOver  asked every few scrapes: whether it is enough for now
   * @returns whether it has come there
   */
  async scrape(to: number, isOver: () => boolean = never): Promise<boolean> {
    while (this.reached < to) {
      const next = Math.min(to, this.reached + scrapesAtOnce * this.scrapeSeconds);
      await this.#lab.advance(next);
      this.reached = next;
      if (isOver()) break;
    }
    this.#feed?.take();
    this.now = Math.min(to, this.reached);
    return this.reached >= to;
  }

  /**
   * Evaluates rules that wait, each by what was stored at its time.
   * @param isOver  whether it is enough for now @returns whether none is left
   */
  evaluate(isOver: () => boolean = never): boolean {
    const most = isOver === never ? Number.POSITIVE_INFINITY : evaluationsAtOnce;
    do this.#evaluateNext(most);
    while (!this.areRulesDone && !isOver());
    return this.areRulesDone;
  }

  #evaluateNext(most: number): void {
    const waiting = this.#waiting;
    const first = waiting[0];
    if (first === undefined || typeof first === 'function') {
      waiting.shift();
      first?.();
      return;
    }
    const { evaluate } = first;
    const others = waiting.findIndex((each) => typeof each === 'function' || each.evaluate !== evaluate);
    const next = waiting.splice(0, Math.min(most, others < 0 ? waiting.length : others));
    evaluate(next.flatMap((each) => (typeof each === 'function' ? [] : [each.at])));
  }

  get areRulesDone(): boolean {
    return this.#waiting.length === 0;
  }

  /** Lets the lab go on until then, unix seconds. */
  async advance(to: number): Promise<void> {
    await this.scrape(to);
    this.evaluate();
  }

  get applied(): Applied {
    return { step: this.step.command, from: this.begun, to: this.begun + startingSeconds };
  }

  lab(now: number = this.now): Lab {
    return { ...reportedBy(this.#plan, this.#lab.labAt(now)), applied: this.applied };
  }

  stored(): StoredSeries[] {
    return this.#lab.storedAt(this.now);
  }

  /** What Prometheus' API answers, by what was stored at an instant. @param path  what follows /api/v1/ */
  get(path: string, parameters: URLSearchParams, now: number = this.now): Reply {
    if ('lacks' in this.#engine) return { status: 'error', errorType: 'unavailable', error: this.#engine.lacks };
    return this.#engine.get(path, parameters, now);
  }

  /** Everything that is read of the lab at an instant: queries by the engine, the rest from what is simulated. */
  read(now: number = this.now): Reader {
    const data = engineData((path, parameters) => this.get(path, parameters, now), labPrometheus);
    const { query, range, samples } = readings(data, labPrometheus, 'the engine');
    const reader = this.#lab.readAt(now);
    return {
      ...reader,
      query: (expr, at = now) => query(expr, at),
      range,
      // What is stored is known without the engine, too.
      samples: 'lacks' in this.#engine ? reader.samples : samples,
      alertRule: async (name) => {
        const rule = await reader.alertRule(name);
        return rule && { ...rule, forSeconds: this.knobs.forSeconds ?? rule.forSeconds };
      },
      truth: async (...range) => {
        if (this.#lab.labAt(now).exporter !== undefined) return reader.truth(...range);
        throw new ServiceError('unreachable', exporter, 'the exporter does not answer: it is stopped');
      },
      ask: asking(data, labPrometheus, 'the engine'),
      at: (address) => {
        throw new ServiceError('unreachable', labPrometheus, `${address} is no part of the lab in a browser tab`);
      },
    };
  }

  /** What is read for a picture: its queries with the window that is turned to. */
  readForPicture(now: number = this.now): Reader {
    const read = this.read(now);
    const own = (expr: string) => withWindow(expr, this.knobs.windowSeconds);
    return {
      ...read,
      query: (expr, ...others) => read.query(own(expr), ...others),
      range: (expr, ...others) => read.range(own(expr), ...others),
    };
  }
}
