import {
  type Instance,
  instancesIn,
  matchersOf,
  seriesOf,
  storedSeries,
  type Target,
  targetsIn,
} from '../../lab/evidence/fleet.ts';
import { leftoverOf, whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, only } from '../../lab/evidence/samples.ts';
import { duration } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import {
  type Counted,
  derived,
  evidence,
  type Head,
  headIn,
  type Limited,
  type Memory,
  type Run,
  seriesAdded,
  seriesCreated,
  sessions,
  theFix,
  theHead,
  whatHappened,
  whatIsShown,
  whatItCosts,
  whatWasCounted,
  whatWasStored,
} from './findings.ts';
import { generationsMet } from './generations.ts';

export type Measured = {
  /** of scrapes, from one that met all series for the first time */
  run: Run;
  counted: Counted;
  /** undefined where no instance is over the limit */
  limited: Limited | undefined;
  /** what the head gained in the run; undefined where too little of it was scraped */
  head: Head | undefined;
  memory: Memory;
  /** series that the label can come to */
  bound: number;
};

const limitedJob = 'my_app_limited';

/** What Prometheus stores of each scrape: how many samples it brought, and how many were left after relabeling. */
const samplesScraped = 'scrape_samples_scraped';
const samplesKept = 'scrape_samples_post_metric_relabeling';

/** Fewer show no growth. */
const generationsNeeded = 3;
const scrapesNeeded = 3;
/** A run that is longer shows no more, and its series are many. */
const longestRunSeconds = 300;

/** Runs are looked for in so much time under the current settings. */
const lookedAtSeconds = 900;

const churning = (lab: Lab, isLimited: boolean): Instance | undefined =>
  instancesIn(lab).find(({ simulates, job }) => simulates.includes('churn') && (job === limitedJob) === isLimited);

const measure = async (target: Instance, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = activeSince(lab);
  const until = Math.min(lab.now, since + lookedAtSeconds);
  const window = { at: until, windowSeconds: until - since };
  const series = await storedSeries(read, { metrics: [seriesAdded, samplesKept], jobs: [target.job] }, window);
  const stored = targetsIn(series, [target])[0]!;
  const { number: instance } = target;
  let found: { run: Run; counted: Counted } | undefined;
  for (const { from, to } of runsIn(stored, since)) {
    const run: Run = { ...target, from, to, windowSeconds: Math.ceil(to - from + 0.001) };
    const truth = await read.truth(from - 1, Math.min(lab.now, to + lab.scrapeSeconds) + 1, { instance });
    found = { run, counted: await countedIn(read, run, stored, truth) };
    if (generationsMissing(lab, found.counted) <= 0) break;
  }
  if (found === undefined) return notScraped(lab);
  const { run, counted } = found;
  const missing = generationsMissing(lab, counted);
  if (missing > 0) {
    const reason = `scrapes of ${neededOf(lab, counted)} generations of the label`;
    return { kind: 'wait', seconds: missing * Math.max(counted.everySeconds, lab.scrapeSeconds), reason };
  }
  const shown = { what: `series of ${sessions}`, selector: `${sessions}{${matchersOf(target)}}`, at: run.to };
  const left = await leftoverOf(shown, read, lab);
  if (left !== undefined) return left;
  const { churn } = await read.truth(until, until, { instance });
  const limited = churning(lab, true);
  return {
    run,
    counted,
    memory: await memoryOf(read, lab),
    bound: (churn?.generations ?? 0) * (churn?.series ?? 0),
    limited: limited && (await limitedIn(read, limited, since, run.to)),
    head: limited && (await headOf(read, run, limited)),
  };
};

/** No scrape has met all series for the first time, and after some none will. */
export const notScraped = (lab: Lab): Judgement =>
  lab.now - activeSince(lab) > 2 * lab.scrapeSeconds + 20
    ? { kind: 'elsewhere', reason: 'the scrapes of the label began before its exporter did' }
    : { kind: 'wait', seconds: lab.scrapeSeconds + 10, reason: 'the first scrape of the label' };

const headOf = async (read: Reader, run: Run, limited: Instance): Promise<Head | undefined> => {
  const inRun = async (selector: string) => only(await read.samples(selector, run.windowSeconds, run.to));
  const isOne =
    ({ job, instance }: { job: string; instance: string }) =>
    ({ labels }: Series) =>
      labels.job === job && labels.instance === instance;
  const added = await read.samples(seriesAdded, run.windowSeconds, run.to);
  const others = added.filter((series) => !isOne(run)(series) && !isOne(limited)(series));
  // What began long before is in the head already.
  const ruled = await read.samples(`{__name__=~"${derived}"}`, lookedAtSeconds, run.to);
  return headIn(
    run,
    await inRun(`${seriesCreated}{job="prometheus",instance="prometheus:9090"}`),
    only(added.filter(isOne(run))),
    only(added.filter(isOne(limited))),
    others.map(({ samples }) => samples),
    ruled.flatMap(({ samples }) => samples.slice(0, 1)).map(([at]) => at),
  );
};

/** Runs of good scrapes, each from one that met all series of the target for the first time. */
export const runsIn = (
  { up, series }: Pick<Target, 'up' | 'series'>,
  since: number,
): { from: number; to: number }[] => {
  const of = (name: string) => new Map(only(seriesOf(series, name)));
  const [added, samples] = [of(seriesAdded), of(samplesKept)];
  const runs: { from: number; to: number }[] = [];
  let isOpen = false;
  for (const [at, value] of up) {
    if (at < since) continue;
    const run = runs.at(-1);
    if (value !== 1) isOpen = false;
    else if (added.get(at) === samples.get(at)) {
      runs.push({ from: at, to: at });
      isOpen = true;
    } else if (isOpen && run !== undefined && at - run.from <= longestRunSeconds) run.to = at;
  }
  return runs;
};

const numberAt = async (read: Reader, expr: string, at: number): Promise<number> =>
  only(await read.query(expr, at))[0]?.[1] ?? Number.NaN;

const countedIn = async (
  read: Reader,
  run: Run,
  { up, scrapeAt }: Target,
  { churn, instants }: Truth,
): Promise<Counted> => {
  const { series = 0, everySeconds = 0, generation = [] } = churn ?? {};
  const scrapes = up.filter(([at]) => at >= run.from && at <= run.to).map(([at]) => scrapeAt(at));
  return {
    generations: generationsMet({ firstSecond: instants[0] ?? 0, generation }, scrapes),
    series,
    everySeconds,
    ever: await numberAt(read, evidence.ever(run), run.to),
    shown: await numberAt(read, evidence.shown(run), run.to),
    added: await numberAt(read, evidence.added(run), run.to),
    others: await numberAt(read, evidence.others(run), run.to),
  };
};

const limitedIn = async (read: Reader, limited: Instance, since: number, until: number): Promise<Limited> => {
  const { instance, job } = limited;
  const window = { at: until, windowSeconds: Math.max(1, Math.floor(until - since)) };
  const stored = await storedSeries(read, { metrics: [samplesScraped], jobs: [job] }, window);
  const { up, series } = targetsIn(stored, [limited])[0]!;
  const shown = `last_over_time({${matchersOf(limited)}}[${duration(window.windowSeconds)}])`;
  const names = await read.query(`count by (__name__) (${shown})`, until);
  return {
    instance,
    job,
    up,
    names: names.map(({ labels }) => labels.__name__ ?? ''),
    scraped: only(seriesOf(series, samplesScraped)).at(-1)?.[1],
  };
};

const memoryOf = async (read: Reader, { now }: Lab): Promise<Memory> => ({
  bytes: await numberAt(read, 'process_resident_memory_bytes{job="prometheus"}', now),
  series: await numberAt(read, 'prometheus_tsdb_head_series{job="prometheus"}', now),
});

/** Generations that have to be met: fewer where a scrape is slower than they are. */
const neededOf = ({ scrapeSeconds }: Lab, { everySeconds }: Counted): number =>
  scrapeSeconds > everySeconds ? scrapesNeeded : generationsNeeded;

/** How many generations are still to be met. */
export const generationsMissing = (lab: Lab, counted: Counted): number =>
  neededOf(lab, counted) - counted.generations[0];

export const verdict = ({ run, counted, limited, memory, bound, head }: Measured): Judgement => {
  return {
    kind: 'measured',
    findings: [
      whatHappened(run, counted),
      whatWasStored(run, counted),
      whatWasCounted(run, counted),
      whatIsShown(run, counted),
      limited === undefined
        ? { fact: `the fix is left out: no instance is in the job ${limitedJob}`, evidence: '/truth, fleet' }
        : theFix(limited),
      ...(limited === undefined || head === undefined ? [] : [theHead(head, limited)]),
      whatItCosts(memory, bound),
    ],
  };
};

export const { look, check } = whenItHappened({
  what: (lab) => churning(lab, false),
  none: 'no instance has a label that is always new',
  measure,
  verdict,
});
