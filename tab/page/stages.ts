import { spikesPicture } from '../../lab/base/spikes.ts';
import type { Picture } from '../../lab/model/picture.ts';
import type { Engine } from './engine.ts';
import type { Knobs } from './knobs.ts';
import { type NoEngine, Stage } from './stage.ts';

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

type Engines = readonly [own: Engine | NoEngine, besides: Engine | NoEngine];

/** The lesson that is open, simulated once, or twice where it is scraped at another interval beside; and how it is simulated again. */
export class Stages {
  #engines: Engines;
  stage: Stage;
  /** the same truth, scraped at another interval */
  other: Stage | undefined;
  /** how many seconds the page's picture shows */
  shownSeconds = 120;
  /** only what the picture shows has been simulated: simulates the whole */
  #completing: (() => Promise<void>) | undefined;

  /** @param begun  when the step is applied, unix seconds */
  constructor(engines: Engines, step: Stage['step'], knobs: Knobs, begun: number) {
    this.#engines = engines;
    this.stage = new Stage(engines[0], step, knobs, begun);
  }

  get #all(): Stage[] {
    return this.other === undefined ? [this.stage] : [this.stage, this.other];
  }

  /** Simulates a step from its beginning. @param to  where it comes to @param now  what is looked at */
  async open(step: Stage['step'], knobs: Knobs, begun: number, to: number, now: number = to): Promise<void> {
    await this.#simulate(step, knobs, begun, to, now);
  }

  async #simulate(
    step: Stage['step'],
    knobs: Knobs,
    begun: number,
    to: number,
    now: number,
    since?: number,
  ): Promise<void> {
    this.#completing = undefined;
    this.stage = new Stage(this.#engines[0], step, knobs, begun, since);
    await scraped(this.stage, Math.max(to, this.stage.now));
    if (this.other !== undefined) await this.#scrapeBeside(this.other.knobs.scrapeSeconds, since);
    this.look(now < to ? now : this.stage.reached);
  }

  async #scrapeBeside(scrapeSeconds: number | undefined, since?: number): Promise<void> {
    const { step, knobs, begun, reached } = this.stage;
    this.other =
      scrapeSeconds === undefined
        ? undefined
        : new Stage(this.#engines[1], step, { ...knobs, scrapeSeconds }, begun, since);
    if (this.other !== undefined) await scraped(this.other, reached);
  }

  /** Simulates what is open again, with engines that are there now. */
  async setEngines(engines: Engines): Promise<void> {
    this.#engines = engines;
    const { step, knobs, begun, reached, now } = this.stage;
    await this.open(step, knobs, begun, reached, now);
  }

  /** Simulates what the picture shows again, with other knobs; the whole once it is asked for. */
  async turn(knobs: Knobs): Promise<void> {
    const { step, begun, reached, now, knobs: before } = this.stage;
    const { windowSeconds } = knobs;
    // The window of a picture's queries changes nothing that is stored.
    if (JSON.stringify({ ...before, windowSeconds }) === JSON.stringify(knobs)) {
      for (const each of this.#all) each.knobs = { ...each.knobs, windowSeconds };
      return;
    }
    const queries = queriesIn(step.picture ?? spikesPicture);
    const since = now - this.shownSeconds - Math.max(beforeSeconds, longestRange(queries));
    const isPart = since > begun && !this.stage.asksRules(queries);
    await this.#simulate(step, knobs, begun, reached, now, isPart ? since : undefined);
    if (!isPart) return;
    this.#completing = () => this.open(step, this.stage.knobs, begun, this.stage.reached, this.stage.now);
  }

  /** Whether the picture of a step needs what rules have stored. @param others  queries that are asked with it */
  needsRules(step: Stage['step'], ...others: string[]): boolean {
    return this.stage.asksRules([...others, ...queriesIn(step.picture ?? spikesPicture)]);
  }

  /** Simulates what has been left out: everything can be asked then. */
  async complete(): Promise<void> {
    await this.#completing?.();
    for (const each of this.#all) await evaluated(each);
  }

  /** Lets the lab go on until then, unix seconds. */
  async advance(to: number): Promise<void> {
    await this.complete();
    for (const each of this.#all) await scraped(each, to);
    await this.complete();
  }

  look(now: number): void {
    for (const each of this.#all) each.now = Math.min(Math.max(now, each.begun), each.reached);
  }

  async scrapeBeside(scrapeSeconds: number | undefined): Promise<void> {
    await this.complete();
    await this.#scrapeBeside(scrapeSeconds);
    this.look(this.stage.now);
  }
}
