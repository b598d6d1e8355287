import type { Line, Store } from '../../lab/simulator/store.ts';
import { type Engine, SampleBytes } from './engine.ts';

/** What of a series the engine has, and by which number it knows it. */
type Taken = { series: number; samples: number; stale: number };

/** What is stored in a simulated lab is handed to the engine as it comes. */
export class Feed {
  readonly #engine: Engine;
  readonly #store: Store;
  readonly #taken = new Map<Line, Taken>();

  constructor(engine: Engine, store: Store) {
    this.#engine = engine;
    this.#store = store;
    engine.reset();
  }

  /** Hands over what has been stored since. */
  take(): void {
    const made: Line['labels'][] = [];
    const changed: [Line, Taken][] = [];
    let count = 0;
    for (const line of this.#store.lines) {
      let taken = this.#taken.get(line);
      if (taken === undefined) {
        taken = { series: this.#taken.size, samples: 0, stale: 0 };
        this.#taken.set(line, taken);
        made.push(line.labels);
      }
      const more = line.samples.length - taken.samples + line.staleAt.length - taken.stale;
      if (more > 0) changed.push([line, taken]);
      count += more;
    }
    if (made.length > 0) this.#engine.series(made);
    if (count === 0) return;
    const samples = new SampleBytes(count);
    for (const [line, taken] of changed) addNew(line, taken, samples);
    this.#engine.add(samples.bytes);
  }

  /** What these series have now the engine has stored itself. */
  skip(lines: Iterable<Line>): void {
    const made: Line['labels'][] = [];
    for (const line of lines) {
      const taken = this.#taken.get(line) ?? { series: this.#taken.size, samples: 0, stale: 0 };
      if (!this.#taken.has(line)) made.push(line.labels);
      taken.samples = line.samples.length;
      taken.stale = line.staleAt.length;
      this.#taken.set(line, taken);
    }
    if (made.length > 0) this.#engine.series(made);
  }
}

/** Adds what is new in a series, samples and stale markers in the order of their times. */
const addNew = ({ samples, committedAt, staleAt, staleCommittedAt }: Line, taken: Taken, all: SampleBytes): void => {
  while (taken.samples < samples.length || taken.stale < staleAt.length) {
    const next = samples[taken.samples];
    const stale = staleAt[taken.stale];
    if (next !== undefined && (stale === undefined || next[0] <= stale)) {
      all.add(taken.series, next[0], next[1], committedAt[taken.samples]!);
      taken.samples += 1;
    } else {
      all.add(taken.series, stale!, undefined, staleCommittedAt[taken.stale]!);
      taken.stale += 1;
    }
  }
};
