import { exposedIn, labelsOf } from './page.ts';
import { jobs, storedLabelsIn } from './relabeling.ts';
import type { Line, Store } from './store.ts';

/** The job whose scrapes may bring so many samples, and the one whose samples with a timestamp end as others do. */
const limitedJob = 'my_app_limited';
const sampleLimit = 50;
const stampedJob = 'my_app_stamped';

/** The labels of a target once it is relabeled, and the scrape job that it is in, whatever its label job says. */
export type Target = { labels: { job: string; instance: string }; scrapeJob: string };

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
  /** the scrapes before then are left out, unix seconds */
  since?: number | undefined;
  /** seconds that the n-th scrape takes; 5 ms by default */
  durationOf?: ((scrape: number) => number) | undefined;
  /** how much later the page that is asked at an instant is answered, and after what time a scrape fails, in seconds */
  delayAt?: (at: number) => number;
  timeoutSeconds?: number;
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
  readonly #ownLines = new Map<string, Line>();
  readonly #known = new Map<string, Line | undefined>();

  constructor(of: Scraping) {
    this.#of = of;
    if (of.since !== undefined) this.#scrape = Math.max(0, Math.ceil((of.since - of.first) / of.everySeconds));
    this.#skip();
  }

  get #at(): number {
    return inMilliseconds(this.#of.first + this.#scrape * this.#of.everySeconds);
  }

  get #askedAt(): number {
    return this.#at + (this.#of.durationOf?.(this.#scrape) ?? 0.005) / 2;
  }

  get #duration(): number {
    const { durationOf, delayAt, timeoutSeconds = Number.POSITIVE_INFINITY } = this.#of;
    const own = durationOf?.(this.#scrape) ?? 0.005;
    return Math.min(own + (delayAt?.(this.#askedAt) ?? 0), timeoutSeconds);
  }

  #next = Number.POSITIVE_INFINITY;

  /** When the next scrape is over, unix seconds; infinity where there is none. */
  get next(): number {
    return this.#next;
  }

  #skip(): void {
    while (this.#of.isMissed?.(this.#scrape)) this.#scrape += 1;
    const isOver = this.#at >= (this.#of.end ?? Number.POSITIVE_INFINITY);
    this.#next = isOver ? Number.POSITIVE_INFINITY : this.#at + this.#duration;
  }

  async step(): Promise<void> {
    const { target, page, timeoutSeconds } = this.#of;
    const [at, duration, committedAt] = [this.#at, this.#duration, this.next];
    const text = duration === timeoutSeconds ? undefined : await page(this.#askedAt);
    const exposed = text === undefined ? [] : exposedIn(text);
    const isOver = target.scrapeJob === limitedJob && exposed.length > sampleLimit;
    // A scrape that is refused has made the series of what it brought up to the limit, and stores none of it.
    const refused = new Set(isOver ? exposed.slice(0, sampleLimit).map(({ series }) => this.#lineOf(series)!) : []);
    const shown = new Set<Line>();
    let kept = 0;
    for (const { series, value, createdAt, measuredAt } of isOver ? [] : exposed) {
      const line = this.#lineOf(series);
      if (line === undefined) continue;
      kept += 1;
      // A counter that says when it was created gets a 0 there: created-timestamp-zero-ingestion.
      if (createdAt !== undefined && line.samples.length === 0) line.store(createdAt, 0, committedAt);
      // Of several samples that relabeling has made one series the first is stored.
      if (line.samples.at(-1)?.[0] !== (measuredAt ?? at)) line.store(measuredAt ?? at, value, committedAt);
      if (measuredAt === undefined || target.scrapeJob === stampedJob) shown.add(line);
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
      scrape_samples_post_metric_relabeling: kept,
      scrape_series_added: added,
    };
    for (const [name, value] of Object.entries(own)) this.#ownLine(name).store(at, value, committedAt);
    this.#scrape += 1;
    this.#skip();
  }

  /** The series of its page end: it is named no more, or by another job. */
  endPage(at: number): void {
    for (const line of this.#shown) line.end(at, at);
  }

  /** A target that is named no more ends with all its series. */
  endAll(at: number): void {
    this.endPage(at);
    const own = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'scrape_samples_post_metric_relabeling'];
    for (const name of [...own, 'scrape_series_added']) this.#ownLine(name).end(at, at);
  }

  /** What Prometheus itself says of the target: no rule of its job is about that. */
  #ownLine(name: string): Line {
    const line = this.#ownLines.get(name) ?? this.#of.store.line({ __name__: name, ...this.#of.target.labels });
    this.#ownLines.set(name, line);
    return line;
  }

  /** @returns undefined where the job drops it */
  #lineOf(series: string): Line | undefined {
    if (this.#known.has(series)) return this.#known.get(series);
    const { labels: target, scrapeJob } = this.#of.target;
    const labels = storedLabelsIn(jobs.get(scrapeJob), labelsOf(series), target);
    const line = labels && this.#of.store.line(labels);
    this.#known.set(series, line);
    return line;
  }
}
