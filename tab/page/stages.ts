import { spikesPicture } from '../../lab/base/spikes.ts';
import type { Engine } from './engine.ts';
import { askedBy, covers, type Excerpt, excerptOf } from './excerpt.ts';
import type { Knobs } from './knobs.ts';
import { type NoEngine, rulesOf, Stage } from './stage.ts';

/** A picture's line enters from before it. */
const beforeSeconds = 60;

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
  /** only that has been simulated; undefined where all has been */
  #excerpt: Excerpt | undefined;
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
  #make(step: Stage['step'], knobs: Knobs, begun: number, excerpt?: Excerpt): Pair {
    this.#whole = undefined;
    const [own, beside] = this.#spare;
    const besides = { ...knobs, scrapeSeconds: this.#besideSeconds };
    return {
      stage: new Stage(own, step, knobs, begun, excerpt),
      other: this.#besideSeconds === undefined ? undefined : new Stage(beside, step, besides, begun, excerpt),
    };
  }

  /** @param made  in the spare engines, as far as it is needed */
  #show(made: Pair, excerpt?: Excerpt): void {
    [this.#engines, this.#spare] = [this.#spare, this.#engines];
    [this.#open, this.#excerpt, this.#whole] = [made, excerpt, undefined];
  }

  /**
   * Simulates a step up to an instant: what its picture shows at once, the whole once it is asked for.
   * @param now  what is looked at
   */
  async open(step: Stage['step'], knobs: Knobs, begun: number, to: number, now: number = to): Promise<void> {
    const shown = this.#excerptOf(step, knobs, this.shownSeconds, now);
    const excerpt = shown.since > begun || shown.rules.length > 0 ? shown : undefined;
    const made = this.#make(step, knobs, begun, excerpt);
    await made.stage.scrape(Math.max(to, made.stage.now));
    await made.other?.scrape(made.stage.reached);
    if (excerpt !== undefined) for (const each of stagesOf(made)) each.evaluate();
    this.#show(made, excerpt);
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

  #excerptOf(step: Stage['step'], knobs: Knobs, seconds: number, now: number, ...others: string[]): Excerpt {
    const { queries, notifiedBy } = askedBy(step.picture ?? spikesPicture);
    const asked = { queries: [...queries, ...others], notifiedBy };
    return excerptOf(rulesOf(step), asked, now - seconds - beforeSeconds, knobs);
  }

  /** Whether a picture needs what has been left out. @param seconds  which it shows @param others  asked with it */
  needsMore(step: Stage['step'], seconds: number, ...others: string[]): boolean {
    const { knobs, now } = this.stage;
    const needed = this.#excerptOf(step, knobs, seconds, now, ...others);
    return this.#excerpt === undefined ? needed.rules.length > 0 : !covers(this.#excerpt, needed);
  }

  /** Whether everything can be asked: all is simulated, and all rules are evaluated. */
  isComplete(): boolean {
    return this.#excerpt === undefined && stagesOf(this.#open).every(({ areRulesDone }) => areRulesDone);
  }

  /** Goes on with what has been left out. @param isOver  whether it is enough for now */
  async goOn(isOver: () => boolean): Promise<void> {
    if (this.#excerpt === undefined) {
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
