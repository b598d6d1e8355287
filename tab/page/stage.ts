import { base, slowScrape, slowScrapeSeconds, spikes } from '../../lab/base/steps.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Experiment, Step } from '../../lab/model/lesson.ts';
import type { Plan } from '../../lab/model/plan.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Series } from '../../lab/promql/sample.ts';
import type { Applied } from '../../lab/running/applied.ts';
import { labPrometheus, toSeries } from '../../lab/running/prometheus.ts';
import { type Service, ServiceError } from '../../lab/running/service.ts';
import { asking, readings } from '../../lab/running/service-api.ts';
import { courseAround, reportedBy, startingSeconds } from '../../lab/simulator/course.ts';
import { type Course, type Simulated, simulate } from '../../lab/simulator/lab.ts';
import { RefusedError } from '../../lab/simulator/query.ts';
import type { StoredSeries } from '../../lab/simulator/store.ts';
import type { Engine } from './engine.ts';

/** What the learner can turn. */
export type Knobs = {
  scrapeSeconds: number;
  evaluationSeconds: number;
  /** when in its interval a target is scraped, 0 to 1 */
  phase: number;
  /** which world it is */
  seed: number;
};

export const usualKnobs: Knobs = { scrapeSeconds: 5, evaluationSeconds: 5, phase: 0.37, seed: 1 };

/** The base lab has run for so long before a step is applied. */
const baseSeconds = 120;
const exporter: Service = { name: 'the exporter', of: 'lab' };

/** What is stored of one simulated lab is handed to the engine as it comes. */
class Feed {
  readonly #engine: Engine;
  /** of each series, which is known by its labels as the store holds them */
  readonly #taken = new Map<StoredSeries['labels'], { samples: number; stale: number }>();
  #newest: readonly StoredSeries[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.reset();
  }

  /** @param stored  what one evaluation finds, which each of its rules is asked with */
  take(stored: readonly StoredSeries[]): void {
    if (stored === this.#newest) return;
    this.#newest = stored;
    const more = stored.flatMap(({ labels, samples, staleAt }) => {
      const taken = this.#taken.get(labels) ?? { samples: 0, stale: 0 };
      if (taken.samples === samples.length && taken.stale === staleAt.length) return [];
      this.#taken.set(labels, { samples: samples.length, stale: staleAt.length });
      return [{ labels, samples: samples.slice(taken.samples), staleAt: staleAt.slice(taken.stale) }];
    });
    this.#engine.add(more);
  }
}

const planOf = (step: Step | Experiment): Plan => {
  if ('plan' in step) return 'needs' in step.plan ? {} : step.plan;
  return step === spikes ? { environment: { SIGNAL: 'spikes' } } : {};
};

const simulated: readonly Step[] = [base, spikes, slowScrape];

/** What a step needs that a browser tab has not; undefined where it has all of it. */
export const lackOf = (step: Step | Experiment): string | undefined => {
  if (!('plan' in step)) return simulated.includes(step) ? undefined : 'settings that only a real exporter takes';
  if ('needs' in step.plan) return step.plan.needs;
  if (step.manualSteps !== undefined) return 'services that can be killed';
  return step.faults.length > 0 ? 'services that really fail' : undefined;
};

const isSlow = (step: Step | Experiment): boolean =>
  step === slowScrape || ('change' in step && Array.isArray(step.change) && step.change.includes(slowScrape));

/** A step of the lab in simulated time, and where in it the learner is. */
export class Stage {
  readonly #engine: Engine;
  readonly #lab: Simulated;
  readonly #feed: Feed;
  readonly #plan: Plan;
  readonly step: Step | Experiment;
  readonly knobs: Knobs;
  now: number;
  /** when the step was applied */
  readonly begun: number;

  /** @param begun  when the step is applied, unix seconds */
  constructor(engine: Engine, step: Step | Experiment, knobs: Knobs, begun: number) {
    this.#engine = engine;
    this.step = step;
    this.knobs = knobs;
    this.begun = begun;
    this.now = begun + startingSeconds;
    this.#plan = planOf(step);
    this.#feed = new Feed(engine);
    this.#lab = simulate(this.#course());
  }

  #course(): Course {
    const { scrapeSeconds, evaluationSeconds, phase, seed } = this.knobs;
    const own = isSlow(this.step) ? slowScrapeSeconds : scrapeSeconds;
    const around = {
      start: this.begun - baseSeconds,
      changed: this.begun,
      environment: { SIGNAL_SEED: String(seed) },
      ...(own !== scrapeSeconds && { earlierSeconds: scrapeSeconds }),
    };
    return courseAround(this.#plan, around, {
      scrapeSeconds: own,
      evaluationSeconds,
      phaseSeconds: phase * own,
      evaluator: (stored, expr, at) => {
        this.#feed.take(stored);
        return this.#query(expr, at);
      },
    });
  }

  #query(expr: string, at: number): Series[] {
    const reply = this.#engine.get('query', new URLSearchParams({ query: expr, time: String(at) }));
    if (reply.status === 'error') throw new RefusedError(reply.error);
    return toSeries(reply.data, 'the engine', labPrometheus);
  }

  /** Lets the lab go on until then, unix seconds. */
  async advance(to: number): Promise<void> {
    await this.#lab.advance(to);
    this.now = to;
    this.#feed.take(this.#lab.storedAt(to));
  }

  get applied(): Applied {
    return { step: this.step.command, from: this.begun, to: this.begun + startingSeconds };
  }

  lab(): Lab {
    return { ...reportedBy(this.#plan, this.#lab.labAt(this.now)), applied: this.applied };
  }

  stored(): StoredSeries[] {
    return this.#lab.storedAt(this.now);
  }

  get rules() {
    return this.#plan.rules ?? [];
  }

  /** Everything that is read of the lab: queries by the engine, the rest from what is simulated. */
  read(): Reader {
    const data = async (path: string, parameters: Record<string, string | number>) => {
      const given = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
      const reply = this.#engine.get(path, new URLSearchParams(Object.fromEntries(given)));
      if (reply.status === 'success') return reply.data;
      throw new ServiceError('refused', labPrometheus, `Prometheus refused it: ${reply.error}`, { words: reply.error });
    };
    const { query, ...others } = readings(data, labPrometheus, 'the engine');
    const reader = this.#lab.readAt(this.now);
    return {
      ...reader,
      ...others,
      query: (expr, at = this.now) => query(expr, at),
      truth: async (...range) => {
        if (this.#lab.labAt(this.now).exporter !== undefined) return reader.truth(...range);
        throw new ServiceError('unreachable', exporter, 'the exporter does not answer: it is stopped');
      },
      ask: asking(data, labPrometheus, 'the engine'),
      at: (address) => {
        throw new ServiceError('unreachable', labPrometheus, `${address} is no part of the lab in a browser tab`);
      },
    };
  }
}
