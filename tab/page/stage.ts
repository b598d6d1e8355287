import { base, slowScrape, slowScrapeSeconds, spikes } from '../../lab/base/steps.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Experiment, Step } from '../../lab/model/lesson.ts';
import type { Plan } from '../../lab/model/plan.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Applied } from '../../lab/running/applied.ts';
import { labPrometheus } from '../../lab/running/prometheus.ts';
import { type Service, ServiceError } from '../../lab/running/service.ts';
import { asking, readings } from '../../lab/running/service-api.ts';
import { courseAround, reportedBy, startingSeconds } from '../../lab/simulator/course.ts';
import { type Course, type Simulated, simulate } from '../../lab/simulator/lab.ts';
import type { StoredSeries } from '../../lab/simulator/store.ts';
import type { Engine, Reply } from './engine.ts';
import { Feed } from './feed.ts';
import { engineRules } from './rules.ts';

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
  readonly #plan: Plan;
  #feed: Feed | undefined;
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
      rulerOf: (ruled) => {
        this.#feed ??= new Feed(this.#engine, ruled.store);
        return engineRules(this.#engine, this.#feed, ruled);
      },
    });
  }

  /** Lets the lab go on until then, unix seconds. */
  async advance(to: number): Promise<void> {
    await this.#lab.advance(to);
    this.now = to;
    this.#feed?.take();
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

  /** What Prometheus' API answers. @param path  what follows /api/v1/ */
  get(path: string, parameters: URLSearchParams): Reply {
    return this.#engine.get(path, parameters, this.now);
  }

  /** Everything that is read of the lab: queries by the engine, the rest from what is simulated. */
  read(): Reader {
    const data = async (path: string, parameters: Record<string, string | number>) => {
      const given = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
      const reply = this.get(path, new URLSearchParams(Object.fromEntries(given)));
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
