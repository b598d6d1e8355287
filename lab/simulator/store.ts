import { keyOf, type Sample, type Series } from '../promql/sample.ts';

/** A stored series; `staleAt` are the times of its stale markers. */
export type StoredSeries = Series & { staleAt: number[] };

/** One series of the simulated Prometheus, with the time at which each of its samples can first be read. */
export class Line implements StoredSeries {
  readonly labels: Record<string, string>;
  readonly samples: Sample[];
  readonly staleAt: number[] = [];
  /** when each of the two above could first be read, in their order, which is that of time */
  readonly committedAt: number[];
  readonly staleCommittedAt: number[] = [];

  /** @param past  samples that were there before this Prometheus began, in the order of time */
  constructor(labels: Record<string, string>, past: readonly Sample[] = []) {
    this.labels = labels;
    this.samples = [...past];
    this.committedAt = past.map(([at]) => at);
  }

  store(at: number, value: number, committedAt: number): void {
    this.samples.push([at, value]);
    this.committedAt.push(committedAt);
  }

  end(at: number, committedAt: number): void {
    this.staleAt.push(at);
    this.staleCommittedAt.push(committedAt);
  }

  /** What of it was committed by then. */
  asOf(now: number): StoredSeries {
    const [stored, stale] = [countUntil(this.committedAt, now), countUntil(this.staleCommittedAt, now)];
    if (stored === this.samples.length && stale === this.staleAt.length) return this;
    return { labels: this.labels, samples: this.samples.slice(0, stored), staleAt: this.staleAt.slice(0, stale) };
  }
}

/** How many of these times, in their order, are not after an instant: mostly all. */
const countUntil = (times: readonly number[], now: number): number => {
  let count = times.length;
  while (count > 0 && times[count - 1]! > now) count -= 1;
  return count;
};

/** Every series, by its labels. */
export class Store {
  readonly #lines = new Map<string, Line>();

  /** @returns the series with these labels, made where there is none */
  line(labels: Record<string, string>): Line {
    const key = keyOf(labels);
    const found = this.#lines.get(key) ?? new Line(labels);
    this.#lines.set(key, found);
    return found;
  }

  /** Series that this Prometheus begins with. */
  begin(past: readonly Series[]): void {
    for (const { labels, samples } of past) this.#lines.set(keyOf(labels), new Line(labels, samples));
  }

  /** Every series, those without a sample too, in the order in which they were made. */
  get lines(): Iterable<Line> {
    return this.#lines.values();
  }

  /** How many series were ever made, those without a sample too: what Prometheus calls its head. */
  get size(): number {
    return this.#lines.size;
  }

  /** The series that have a sample by then, and what of them is there. */
  asOf(now: number): StoredSeries[] {
    return [...this.#lines.values()].map((line) => line.asOf(now)).filter(({ samples }) => samples.length > 0);
  }
}
