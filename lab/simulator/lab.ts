import { parseConfig } from '../../exporter/src/config.ts';
import { fleetOf } from '../../exporter/src/fleet.ts';
import { instanceOf, jobOf } from '../../exporter/src/instance.ts';
import { createPages } from '../../exporter/src/pages.ts';
import { startTimeMetric } from '../../exporter/src/process.ts';
import { livingAt } from '../../exporter/src/signals/crashes.ts';
import { unlistedOf } from '../../exporter/src/signals/discovery.ts';
import { relabelledOf, relabellingJob } from '../../exporter/src/signals/relabelling.ts';
import { discoveredIn, listedUntil } from '../../exporter/src/targets.ts';
import { truth } from '../../exporter/src/truth.ts';
import { delayAt, timeoutOf, type World } from '../../exporter/src/world.ts';
import { matcherText } from '../alertmanager/matcher.ts';
import type { Muting, Routing } from '../alertmanager/routing.ts';
import type { Lab } from '../model/lab.ts';
import type { Rule } from '../model/plan.ts';
import type { Reader, Silence } from '../model/reader.ts';
import type { Sample } from '../promql/sample.ts';
import { Inbox } from './inbox.ts';
import { exposedIn, labelsOf } from './page.ts';
import { pastOf } from './past.ts';
import { proberIn, probesOf } from './prober.ts';
import { pushgatewayOf } from './pushgateway.ts';
import { answered, evaluate, rawSamples } from './query.ts';
import { jobs, targetLabelsIn } from './relabeling.ts';
import { baseRules, type Ruled, type Ruler, resendSeconds, simulatedRules } from './rules.ts';
import { type Page, ScrapeLoop, type Target } from './scraping.ts';
import { Store, type StoredSeries } from './store.ts';

/** One process of the exporter, from its start to its end: its settings, as compose.yaml has them. Unix seconds. */
export type Life = { from: number; to?: number; environment?: Readonly<Record<string, string>> };

/**
 * What a lab goes through in simulated time. Nothing in it is random: a seed, a phase and the numbers of the scrapes
 * that are slow or missed decide everything.
 */
export type Course = {
  scrapeSeconds: number;
  evaluationSeconds?: number;
  /** the first scrape comes so long after Prometheus began, and every later one in step with it */
  phaseSeconds: number;
  /** where in their interval the rules are evaluated, 0 to 1 */
  evaluationPhase?: number;
  /** the lives of the exporter, in order; between two lives a scrape fails */
  lives: readonly Life[];
  prometheusStartedAt: number;
  /** the exporter answers no scrape from then on, although it runs */
  refusedFrom?: number;
  /** an earlier Prometheus on the same data, with an interval of its own */
  earlier?: {
    from: number;
    scrapeSeconds: number;
    /** when it was killed, until when it evaluates the rules as well; it evaluates none where that is not said */
    to?: number;
  };
  /** Prometheus' flag `--rules.alert.for-grace-period`; a minute by default, which is the lab's */
  graceSeconds?: number;
  /** the exporter's history is stored from here on until Prometheus began */
  historyFrom?: number;
  /** scrapes before then are left out: a lab of which nothing earlier is asked. Every later one is as it would be */
  since?: number;
  /** the prober answers nobody from then on, unix seconds */
  probedUntil?: number;
  /** after which a scrape of the exporter fails; its jobs' own by default */
  timeoutSeconds?: number;
  /** seconds that the n-th scrape of a target takes; 5 ms by default */
  durationOf?: (scrape: number) => number;
  /** scrapes of the exporter that never happen, as on a machine that is busy with something else */
  isMissed?: (scrape: number) => boolean;
  /** another exporter under the same job, which shows other values of the same metrics */
  hasSecond?: boolean;
  /** beside those of the base lab */
  rules?: readonly Rule[];
  /** how Alertmanager routes them; as in the base lab unless given */
  routing?: Routing;
  /** what is silenced, from the start of the lab on */
  silences?: readonly (Muting & Pick<Silence, 'createdBy' | 'comment'>)[];
  /** who evaluates the rules; the simulator itself unless given */
  rulerOf?: (ruled: Ruled) => Ruler;
};

/** A running lab in simulated time. */
export type Simulated = {
  /** lets it go on until then, unix seconds */
  advance: (to: number) => Promise<void>;
  labAt: (now: number) => Lab;
  /** what is read at an instant that is over */
  readAt: (now: number) => Reader;
  storedAt: (now: number) => StoredSeries[];
  /** all that is stored, with the times at which it can be read */
  store: Store;
};

const targetOf = (world: World): Target => {
  const scrapeJob = jobOf(world);
  const discovered = { job: scrapeJob, instance: instanceOf(world), ...discoveredIn(scrapeJob) };
  return { labels: targetLabelsIn(jobs.get(scrapeJob), discovered) as Target['labels'], scrapeJob };
};
/**
 * When the scrapes of a target end, and when Prometheus takes its series as gone, or those of its page alone, where
 * another job goes on with it; how late a page is.
 */
type Ends = {
  end?: number;
  goneAt?: number;
  isMoved?: boolean;
  delayAt?: (at: number) => number;
  timeoutSeconds?: number;
};

const itself: Target = { labels: { job: 'prometheus', instance: 'prometheus:9090' }, scrapeJob: 'prometheus' };

/** Prometheus' default of `--rules.alert.for-outage-tolerance`. */
const toleranceSeconds = 3_600;

/** A target that is named no more is stale after so many intervals. */
const staleAfterIntervals = 2.1;

/** Prometheus asks for its targets every 5 s: about so long after a change it knows. */
const noticedSeconds = 3;

/** One instance of a life, whose pages are asked at any instant from its start on. */
class Instance {
  readonly world: World;
  #clock: number;
  readonly #page: ReturnType<typeof createPages>;

  constructor(world: World) {
    this.world = world;
    this.#clock = world.startedAt;
    const began = startTimeMetric(() => world.startedAt);
    this.#page = createPages(world, () => this.#clock, began, startTimeMetric);
  }

  /** undefined where no process of it runs */
  async page(at: number): Promise<string | undefined> {
    this.#clock = at;
    return this.#page('openmetrics');
  }
}

type Living = { life: Life; fleet: [World, ...World[]]; instances: Instance[] };

/** A lab in simulated time: the exporter's own pages, scraped, and rules evaluated on them, as Prometheus does it. */
export const simulate = (course: Course): Simulated => {
  const {
    scrapeSeconds,
    evaluationSeconds = 5,
    prometheusStartedAt,
    earlier,
    phaseSeconds,
    rulerOf = simulatedRules,
  } = course;
  const store = new Store();
  const silences = course.silences ?? [];
  const inbox = new Inbox(course.routing, silences);
  const lives: Living[] = course.lives.map((life) => {
    const fleet = fleetOf(parseConfig({ ...life.environment }), Math.round(life.from));
    return { life, fleet, instances: fleet.map((world) => new Instance(world)) };
  });
  const living = (at: number): Living | undefined =>
    lives.find(({ life: { from, to = Number.POSITIVE_INFINITY } }) => at >= from && at < to);

  const begun = earlier?.from ?? prometheusStartedAt;
  if (course.historyFrom !== undefined) {
    const [first] = (living(begun) ?? lives[0]!).fleet;
    store.begin(pastOf(first, { from: course.historyFrom, to: Math.ceil(begun) - 1, step: scrapeSeconds }));
  }

  const pageOf =
    (index: number): Page =>
    async (at) => {
      if (at >= (course.refusedFrom ?? Number.POSITIVE_INFINITY)) return undefined;
      const instance = living(at)?.instances[index];
      if (instance === undefined || at >= (instance.world.leavesAt ?? Number.POSITIVE_INFINITY)) return undefined;
      return instance.page(at);
    };
  const ownPage =
    (startedAt: number): Page =>
    async () =>
      [
        `process_start_time_seconds ${startedAt}`,
        `prometheus_tsdb_head_series ${store.size}`,
        `prometheus_tsdb_head_series_created_total ${store.size}`,
        'prometheus_target_scrapes_sample_duplicate_timestamp_total 0',
        'prometheus_target_scrapes_sample_out_of_order_total 0',
        'prometheus_target_scrapes_sample_out_of_bounds_total 0',
      ].join('\n');

  /** Where in its interval a target is scraped, 0 to 1: each at a phase of its own. */
  const phaseOf = (index: number): number => (phaseSeconds / scrapeSeconds + 0.37 * index) % 1;
  const { durationOf, isMissed } = course;
  const loops: { loop: ScrapeLoop; goneAt?: number; isMoved: boolean }[] = [];
  const delayOf = (index: number) => (at: number) => {
    const world = living(at)?.fleet[index];
    return world === undefined ? 0 : delayAt(world, at);
  };
  const scrape = (target: Target, page: Page, first: number, everySeconds: number, more: Ends = {}) =>
    loops.push({
      loop: new ScrapeLoop({
        store,
        target,
        page,
        first,
        everySeconds,
        since: course.since,
        durationOf: target === itself ? undefined : durationOf,
        isMissed: target === itself ? undefined : isMissed,
        ...(more.end !== undefined && { end: more.end }),
        ...(more.delayAt && { delayAt: more.delayAt }),
        ...(more.timeoutSeconds !== undefined && { timeoutSeconds: more.timeoutSeconds }),
      }),
      ...(more.goneAt !== undefined && { goneAt: more.goneAt }),
      isMoved: more.isMoved ?? false,
    });
  const exporter = targetOf({ number: 1 } as World);
  const stop = earlier?.to ?? prometheusStartedAt - 0.5;
  /** Of a target of a fleet: the Prometheus that ends marks nothing, and the next one comes at the same place in the interval. */
  const scrapeOn = (target: Target, page: Page, first: number, more: Ends) => {
    if (earlier?.to === undefined || first >= earlier.to) return scrape(target, page, first, scrapeSeconds, more);
    const { end = Number.POSITIVE_INFINITY, goneAt, ...rest } = more;
    if (end <= earlier.to) return scrape(target, page, first, scrapeSeconds, more);
    scrape(target, page, first, scrapeSeconds, { ...rest, end: earlier.to });
    const passed = Math.ceil((prometheusStartedAt - first) / scrapeSeconds);
    scrape(target, page, first + passed * scrapeSeconds, scrapeSeconds, more);
  };
  if (earlier) {
    scrape(exporter, pageOf(0), earlier.from, earlier.scrapeSeconds, { end: stop });
    scrape(itself, ownPage(earlier.from), earlier.from + 0.5, earlier.scrapeSeconds, { end: stop });
  }
  scrape(exporter, pageOf(0), prometheusStartedAt + phaseSeconds, scrapeSeconds, {
    delayAt: delayOf(0),
    ...(course.timeoutSeconds !== undefined && { timeoutSeconds: course.timeoutSeconds }),
  });
  scrape(itself, ownPage(prometheusStartedAt), prometheusStartedAt + scrapeSeconds * phaseOf(0.5), scrapeSeconds);
  for (const { life, fleet } of lives) {
    const pushgateway = pushgatewayOf(fleet[0]);
    const begun = Math.max(life.from, earlier?.to === undefined ? prometheusStartedAt : earlier.from);
    const ends = (until = Number.POSITIVE_INFINITY) => {
      const end = Math.min(until, (life.to ?? Number.POSITIVE_INFINITY) + 6);
      return { end, goneAt: end + staleAfterIntervals * scrapeSeconds };
    };
    for (const [index, { target, page, delayAt, timeoutSeconds }] of probesOf(fleet[0]).entries()) {
      const isThere = (at: number) => at < (course.probedUntil ?? Number.POSITIVE_INFINITY);
      const first = begun + 1 + (5 + scrapeSeconds) * phaseOf(index + 1);
      scrapeOn(target, async (at) => (isThere(at) ? page(at) : undefined), first, {
        ...ends(),
        delayAt: (at) => (isThere(at) ? delayAt(at) : 0),
        timeoutSeconds,
      });
    }
    for (const [index, world] of fleet.entries()) {
      const named = (since: number) => since + 1 + (5 + scrapeSeconds) * phaseOf(index);
      if (index === 0) {
        if (pushgateway) scrapeOn(pushgateway.target, pushgateway.page, named(begun), ends());
        continue;
      }
      const timeoutSeconds = course.timeoutSeconds ?? timeoutOf(world);
      const follow = (
        since: number,
        until: number,
        { first = named(since), target = targetOf(world), isMoved = false } = {},
      ) => {
        scrapeOn(target, pageOf(index), first, {
          ...ends(until),
          isMoved,
          delayAt: delayOf(index),
          ...(timeoutSeconds !== undefined && { timeoutSeconds }),
        });
      };
      const relabelled = relabelledOf(world);
      if (relabelled !== undefined) {
        // Whichever job scrapes a target, it comes at the same place in the interval: that follows from its labels.
        const heard = (at: number) => {
          const passed = Math.ceil((at + noticedSeconds - named(begun)) / scrapeSeconds);
          return named(begun) + passed * scrapeSeconds;
        };
        const [from, to] = [heard(relabelled.from), heard(relabelled.to)];
        const target: Target = { ...targetOf(world), scrapeJob: relabellingJob };
        follow(begun, from, { isMoved: true });
        follow(relabelled.from, to, { first: from, target, isMoved: true });
        follow(relabelled.to, listedUntil(world), { first: to });
        continue;
      }
      const unlisted = unlistedOf(world);
      // What is named no more is asked until Prometheus has heard of it.
      follow(begun, unlisted === undefined ? listedUntil(world) : unlisted.from + noticedSeconds);
      if (unlisted !== undefined) follow(unlisted.to, listedUntil(world));
    }
  }

  const { graceSeconds = 60 } = course;
  const ruler = (follows: boolean) =>
    rulerOf({
      rules: [...baseRules, ...(course.rules ?? [])],
      evaluationSeconds,
      store,
      inbox,
      flags: { graceSeconds, toleranceSeconds },
      follows,
    });
  const firstOf = (startedAt: number) => startedAt + (course.evaluationPhase ?? 0.7) * evaluationSeconds;
  let rules = ruler(false);
  let firstEvaluation = firstOf(earlier?.to === undefined ? prometheusStartedAt : earlier.from);
  let evaluations = 0;
  /** Rules that the earlier Prometheus would evaluate after its end are the next one's. */
  const restart = () => {
    rules.abandon();
    rules = ruler(true);
    firstEvaluation = firstOf(prometheusStartedAt);
    evaluations = 0;
  };
  const evaluationAt = () => Math.round((firstEvaluation + evaluations * evaluationSeconds) * 1000) / 1000;

  let reached = Number.NEGATIVE_INFINITY;
  const advance = async (to: number): Promise<void> => {
    for (;;) {
      const next = loops.reduce((one, other) => (other.loop.next < one.loop.next ? other : one));
      if (evaluationAt() > (earlier?.to ?? Number.POSITIVE_INFINITY) && firstEvaluation < prometheusStartedAt)
        restart();
      const at = evaluationAt();
      if (Math.min(next.loop.next, at + 0.001) > to) break;
      if (next.loop.next <= at + 0.001) await next.loop.step();
      else {
        rules.evaluate(at);
        evaluations += 1;
      }
      for (const each of loops) {
        if (each.goneAt === undefined || each.goneAt > Math.min(next.loop.next, at)) continue;
        if (each.isMoved) each.loop.endPage(each.goneAt);
        else each.loop.endAll(each.goneAt);
        delete each.goneAt;
      }
    }
    reached = Math.max(reached, to);
  };

  const storedAt = (now: number): StoredSeries[] => {
    if (now > reached) throw new Error(`the simulated lab has come to ${reached}, and ${now} is asked for`);
    const stored = store.asOf(now);
    return course.hasSecond ? [...stored, ...stored.filter(isOfExporter).map(secondOf)] : stored;
  };

  const labAt = (now: number): Lab => {
    const there = living(now);
    // A Prometheus knows of no scrape but its own.
    const up = rawSamples(
      storedAt(now),
      `up{job="${exporter.labels.job}",instance="${exporter.labels.instance}"}`,
      now - prometheusStartedAt,
      now,
    );
    const last = up[0]?.samples.at(-1)?.[1];
    const health = last === undefined ? 'unknown' : last === 1 ? 'up' : 'down';
    const [first] = there?.fleet ?? [];
    return {
      now,
      scrapeSeconds,
      evaluationSeconds,
      prometheusStartedAt: now < prometheusStartedAt && earlier ? earlier.from : prometheusStartedAt,
      exporter: first && {
        signal: first.signal,
        seed: first.seed,
        startedAt: first.startedAt,
        cores: first.cores,
        ...(first.incident && { incident: { sealed: first.incident, from: first.startedAt } }),
        fleet: truth(first, there!.fleet, { from: now, to: now, step: 1 }, 0).fleet,
      },
      target: {
        health,
        lastError: health === 'down' ? 'connection refused' : '',
        scrapeUrl: 'http://exporter:8000/metrics',
      },
    };
  };

  const readAt = (now: number): Reader => {
    const stored = storedAt(now);
    const query: Reader['query'] = async (expr, at = now) => evaluate(stored, expr, at);
    return {
      query,
      at: (address) => {
        if (address !== living(now)?.fleet[0].shop) throw new Error(`the simulated lab has no ${address}`);
        return proberIn(now < (course.probedUntil ?? Number.POSITIVE_INFINITY));
      },
      ask: async (expr, at) => answered(stored, expr, at),
      range: async (expr, from, to, step) => {
        const lines = new Map<string, { labels: Record<string, string>; samples: Sample[] }>();
        for (let at = from; at <= to; at += step) {
          for (const { labels, samples } of evaluate(stored, expr, at, { start: from, end: to })) {
            const key = JSON.stringify(labels);
            const line = lines.get(key) ?? { labels, samples: [] };
            line.samples.push(samples[0]!);
            lines.set(key, line);
          }
        }
        return [...lines.values()];
      },
      samples: async (selector, windowSeconds, at) => rawSamples(stored, selector, windowSeconds, at),
      truth: async (from, to, { instance = 1, cores = 0 } = {}) => {
        // As the exporter does: nothing is reported of what lies more than a minute ahead.
        if (to > now + 60) throw new Error(`the truth of ${to} is not reported at ${now}`);
        const { fleet } = living(now)!;
        const world = fleet[instance - 1]!;
        const range = { from: Math.floor(from), to: Math.floor(to), step: 1 };
        return truth(livingAt(world, range.to) ?? world, fleet, range, cores);
      },
      tsdb: async () => ({ series: stored.length, byMetric: [{ name: 'cpu_usage', value: 2 }] }),
      alertFlags: async () => ({ graceSeconds, toleranceSeconds, resendSeconds }),
      metricNames: async () => [...new Set(stored.map(({ labels }) => labels.__name__!))],
      alertRule: async (name) => {
        const rule = [...baseRules, ...(course.rules ?? [])].find((each) => 'alert' in each && each.alert === name);
        if (rule === undefined || !('alert' in rule)) return undefined;
        const { expr: query, forSeconds = 0, keepFiringForSeconds: keepFiringSeconds = 0 } = rule;
        return { forSeconds, keepFiringSeconds, query };
      },
      exporterMetrics: async () => {
        const page = (await living(now)?.instances[0]?.page(now)) ?? '';
        return [...new Set(exposedIn(page).map(({ series }) => labelsOf(series).__name__!))];
      },
      alerts: async () => inbox.heldAt(now),
      silences: async () =>
        silences.map((silence, index) => ({
          ...silence,
          id: `${index}`,
          matchers: silence.matchers.map(matcherText).join(', '),
        })),
      causeNamedAt: async () => undefined,
      notifications: async () => inbox.at(now),
    };
  };
  return { advance, labAt, readAt, storedAt, store };
};

const isOfExporter = ({ labels }: StoredSeries): boolean => labels.instance === 'exporter:8000';
const secondOf = ({ labels, samples, staleAt }: StoredSeries): StoredSeries => ({
  labels: { ...labels, instance: 'exporter:8099' },
  samples: samples.map(([at, value]) => [at, value + 1]),
  staleAt,
});
