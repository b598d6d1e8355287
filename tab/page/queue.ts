/** What has been left out for now, and is simulated in slices. */
export type Unfinished = {
  isComplete: () => boolean;
  /** Goes on with it. @param isOver  whether its slice is over */
  goOn: (isOver: () => boolean) => Promise<void>;
};

/** What is asked of the lab, or changes it. */
type Task = {
  /** whether it needs what has been left out */
  waits: () => boolean;
  run: () => Promise<void>;
  fail: (reason: unknown) => void;
};

/**
 * One thing after the other: a lab that is under way is not asked. What needs all that is simulated waits until that is
 * there, and what does not, such as a knob and its picture, goes first.
 */
export class Queue {
  readonly #unfinished: Unfinished;
  readonly #slice: () => () => boolean;
  readonly #pause: () => Promise<unknown>;
  readonly #tasks: Task[] = [];
  #isRunning = false;

  /**
   * @param slice  begins a slice, and says whether it is over
   * @param pause  lets the page do what it waits for, between two slices
   */
  constructor(unfinished: Unfinished, slice: () => () => boolean, pause: () => Promise<unknown>) {
    this.#unfinished = unfinished;
    this.#slice = slice;
    this.#pause = pause;
  }

  /** @param waits  whether it needs what has been left out, asked when its turn comes @throws what the act throws */
  do<Result>(act: () => Promise<Result>, waits: () => boolean = () => true): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#tasks.push({ waits, run: () => act().then(resolve, reject), fail: reject });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#tasks.length > 0) {
      const next = this.#tasks.findIndex(({ waits }) => this.#unfinished.isComplete() || !waits());
      if (next >= 0) await this.#tasks.splice(next, 1)[0]!.run();
      else await this.#goOn();
    }
    this.#isRunning = false;
  }

  /** What cannot be simulated fails for the first that needs it. */
  async #goOn(): Promise<void> {
    try {
      await this.#unfinished.goOn(this.#slice());
    } catch (reason) {
      this.#tasks.shift()?.fail(reason);
    }
    await this.#pause();
  }
}
