import { spikesPicture } from '../../lab/base/spikes.ts';
import type { Picture } from '../../lab/model/picture.ts';
import type { Engine } from './engine.ts';
import type { Knobs } from './knobs.ts';
import { asksRules, type NoEngine, Stage } from './stage.ts';

/** What a picture asks Prometheus. */
const queriesIn = ({ layers, reads = {} }: Picture): string[] => [
  ...layers.flatMap((layer) =>
    layer.kind === 'query' ? [layer.expr] : layer.kind === 'samples' ? [layer.selector] : [],
  ),
  ...Object.values(reads),
];

/** A line that enters the picture's window, and the longest that a sample is shown. */
const beforeSeconds = 360;
const unitSeconds: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 };
/** All durations that a query says, seconds: it asks for nothing that is older by more, lookback aside. */
const secondsIn = (query: string): number =>
  [...query.matchAll(/(\d+)(ms|[smhdwy])\b/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * unitSeconds[unit!]!,
    0,
  );

/**
 * From when on a picture, and what is asked beside it, need what was stored, unix seconds.
 * @param seconds  which it shows
 */
const sinceOf = (seconds: number, now: number, queries: readonly string[]): number =>
  now - seconds - beforeSeconds - Math.max(0, ...queries.map(secondsIn));

/** Of the lab, and of the one that is scraped at another interval beside it. */
type Engines = readonly [own: Engine | NoEngine, beside: Engine | NoEngine];
/** A lesson, simulated once, or twice where the same truth is scraped at another interval beside it. */
type Pair = { stage: Stage; other: Stage | undefined };
type Make = () => Engine | NoEngine;
const two = (make: Make): Engines => [make(), make()];
const stagesOf = ({ stage, other }: Pair): Stage[] => (other === undefined ? [stage] : [stage, other]);

/** The lesson that is open, and how it is simulated again: what its picture shows at once, the whole in slices. */
export class Stages {
  #engines: Engines;
  /** in which it is simulated again, while the one that is open can be asked */
  #spare: Engines;
  #open: Pair;
  /** only what was stored from then on has been simulated, unix seconds; undefined where the whole has been */
  #since: number | undefined;
  /** how far the whole has come meanwhile */
  #whole: Pair | undefined;
  /** the scrape interval beside which it is shown */
  #besideSeconds: number | undefined;
  /** how many seconds the page's picture shows */
  shownSeconds = 120;

  /** @param make  a new engine, or why there is none @param begun  when the step is applied, unix seconds */
  constructor(make: Make, step: Stage['step'], knobs: Knobs, begun: number) {
    [this.#engines, this.#spare] = [two(make), two(make)];
    this.#open = this.#make(step, knobs, begun);
  }

  get stage(): Stage {
    return this.#open.stage;
  }

  /** the same truth, scraped at another interval */
  get other(): Stage | undefined {
    return this.#open.other;
  }

  /** A lesson of which nothing has been simulated yet, in the spare engines. */
  #make(step: Stage['step'], knobs: Knobs, begun: number, since?: number): Pair {
    this.#whole = undefined;
    const [own, beside] = this.#spare;
    const besides = { ...knobs, scrapeSeconds: this.#besideSeconds };
    return {
      stage: new Stage(own, step, knobs, begun, since),
      other: this.#besideSeconds === undefined ? undefined : new Stage(beside, step, besides, begun, since),
    };
  }

  /** @param made  in the spare engines, as far as it is needed */
  #show(made: Pair, since?: number): void {
    [this.#engines, this.#spare] = [this.#spare, this.#engines];
    [this.#open, this.#since, this.#whole] = [made, since, undefined];
  }

  /**
   * Simulates a step up to an instant: what its picture shows at once, the whole once it is asked for.
   * @param now  what is looked at
   */
  async open(step: Stage['step'], knobs: Knobs, begun: number, to: number, now: number = to): Promise<void> {
    const queries = queriesIn(step.picture ?? spikesPicture);
    const shown = sinceOf(this.shownSeconds, now, queries);
    const since = shown > begun && !asksRules(step, queries) ? shown : undefined;
    const made = this.#make(step, knobs, begun, since);
    await made.stage.scrape(Math.max(to, made.stage.now));
    await made.other?.scrape(made.stage.reached);
    this.#show(made, since);
    if (now < to) this.look(now);
  }

  async #openAgain(knobs: Knobs): Promise<void> {
    const { step, begun, reached, now } = this.stage;
    await this.open(step, knobs, begun, reached, now);
  }

  /** Simulates what is open again, with engines that are there now. */
  async setEngines(make: Make): Promise<void> {
    [this.#engines, this.#spare] = [two(make), two(make)];
    await this.#openAgain(this.stage.knobs);
  }

  async turn(knobs: Knobs): Promise<void> {
    const { windowSeconds } = knobs;
    // The window of a picture's queries changes nothing that is stored.
    if (JSON.stringify({ ...this.stage.knobs, windowSeconds }) !== JSON.stringify(knobs)) await this.#openAgain(knobs);
    else for (const each of stagesOf(this.#open)) each.knobs = { ...each.knobs, windowSeconds };
  }

  async scrapeBeside(scrapeSeconds: number | undefined): Promise<void> {
    this.#besideSeconds = scrapeSeconds;
    await this.#openAgain(this.stage.knobs);
  }

  /** Whether a picture needs what has been left out. @param seconds  which it shows @param others  asked with it */
  needsMore(step: Stage['step'], seconds: number, ...others: string[]): boolean {
    const queries = [...others, ...queriesIn(step.picture ?? spikesPicture)];
    const isOlder = this.#since !== undefined && sinceOf(seconds, this.stage.now, queries) < this.#since;
    return isOlder || asksRules(step, queries);
  }

  /** Whether everything can be asked: all is simulated, and all rules are evaluated. */
  isComplete(): boolean {
    return this.#since === undefined && stagesOf(this.#open).every(({ areRulesDone }) => areRulesDone);
  }

  /** Goes on with what has been left out. @param isOver  whether it is enough for now */
  async goOn(isOver: () => boolean): Promise<void> {
    if (this.#since === undefined) {
      for (const each of stagesOf(this.#open)) if (!each.evaluate(isOver)) return;
      return;
    }
    const { step, knobs, begun, reached, now } = this.stage;
    const whole = this.#whole ?? this.#make(step, knobs, begun);
    this.#whole = whole;
    for (const each of stagesOf(whole)) if (!(await each.scrape(reached, isOver))) return;
    this.#show(whole);
    this.look(now);
    // The window of the picture's queries may have been turned meanwhile.
    for (const each of stagesOf(whole)) each.knobs = { ...each.knobs, windowSeconds: knobs.windowSeconds };
  }

  /** Goes on to the end: everything can be asked then. */
  async complete(): Promise<void> {
    while (!this.isComplete()) await this.goOn(() => false);
  }

  /** Lets the lab go on until then, unix seconds. */
  async advance(to: number): Promise<void> {
    await this.complete();
    for (const each of stagesOf(this.#open)) await each.scrape(to);
  }

  look(now: number): void {
    for (const each of stagesOf(this.#open)) each.now = Math.min(Math.max(now, each.begun), each.reached);
  }
}
