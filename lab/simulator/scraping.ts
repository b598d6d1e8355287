import { exposedIn, labelsOf } from './page.ts';
import type { Line, Store } from './store.ts';

/** The job whose scrapes may bring so many samples, and the one whose samples with a timestamp end as others do. */
const limitedJob = 'my_app_limited';
const sampleLimit = 50;
const stampedJob = 'my_app_stamped';

export type Target = { job: string; instance: string };

/** What a target answers at an instant, OpenMetrics; undefined where the scrape fails. */
export type Page = (at: number) => Promise<string | undefined>;

type Scraping = {
  store: Store;
  target: Target;
  page: Page;
  /** the first scrape, unix seconds */
  first: number;
  everySeconds: number;
  /** no scrape from then on, unix seconds */
  end?: number;
  /** seconds that the n-th scrape takes; 5 ms by default */
  durationOf?: ((scrape: number) => number) | undefined;
  /** scrapes that never happen, as on a machine that is busy with something else */
  isMissed?: ((scrape: number) => boolean) | undefined;
};

const inMilliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** The scrapes of one target, one after the other, as Prometheus does them. */
export class ScrapeLoop {
  readonly #of: Scraping;
  #scrape = 0;
  #shown = new Set<Line>();
  #refused = new Set<Line>();
  readonly #known = new Map<string, Line>();

  constructor(of: Scraping) {
    this.#of = of;
    this.#skip();
  }

  get #at(): number {
    return inMilliseconds(this.#of.first + this.#scrape * this.#of.everySeconds);
  }

  get #duration(): number {
    return this.#of.durationOf?.(this.#scrape) ?? 0.005;
  }

  /** When the next scrape is over, unix seconds; infinity where there is none. */
  get next(): number {
    return this.#at >= (this.#of.end ?? Number.POSITIVE_INFINITY)
      ? Number.POSITIVE_INFINITY
      : this.#at + this.#duration;
  }

  #skip(): void {
    while (this.#of.isMissed?.(this.#scrape)) this.#scrape += 1;
  }

  async step(): Promise<void> {
    const { target, page } = this.#of;
    const [at, duration, committedAt] = [this.#at, this.#duration, this.next];
    const text = await page(at + duration / 2);
    const exposed = text === undefined ? [] : exposedIn(text);
    const isOver = target.job === limitedJob && exposed.length > sampleLimit;
    // A scrape that is refused has made the series of what it brought up to the limit, and stores none of it.
    const refused = new Set(isOver ? exposed.slice(0, sampleLimit).map(({ series }) => this.#lineOf(series)) : []);
    const kept = isOver ? [] : exposed;
    const shown = new Set<Line>();
    for (const { series, value, createdAt, measuredAt } of kept) {
      const line = this.#lineOf(series);
      // A counter that says when it was created gets a 0 there: created-timestamp-zero-ingestion.
      if (createdAt !== undefined && line.samples.length === 0) line.store(createdAt, 0, committedAt);
      if (line.samples.at(-1)?.[0] !== (measuredAt ?? at)) line.store(measuredAt ?? at, value, committedAt);
      if (measuredAt === undefined || target.job === stampedJob) shown.add(line);
    }
    for (const line of this.#shown) if (!shown.has(line)) line.end(at, committedAt);
    const added =
      [...shown].filter((line) => !this.#shown.has(line)).length +
      [...refused].filter((line) => !this.#refused.has(line)).length;
    this.#shown = shown;
    this.#refused = refused;
    const own = {
      up: text === undefined || isOver ? 0 : 1,
      scrape_duration_seconds: duration,
      scrape_samples_scraped: exposed.length,
      scrape_samples_post_metric_relabeling: kept.length,
      scrape_series_added: added,
    };
    for (const [name, value] of Object.entries(own)) this.#lineOf(name).store(at, value, committedAt);
    this.#scrape += 1;
    this.#skip();
  }

  /** A target that is named no more ends with all its series. */
  endAll(at: number): void {
    for (const line of this.#shown) line.end(at, at);
    const own = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'scrape_samples_post_metric_relabeling'];
    for (const name of [...own, 'scrape_series_added']) this.#lineOf(name).end(at, at);
  }

  #lineOf(series: string): Line {
    const line = this.#known.get(series) ?? this.#of.store.line({ ...labelsOf(series), ...this.#of.target });
    this.#known.set(series, line);
    return line;
  }
}
