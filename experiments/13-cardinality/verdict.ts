import { type Instance, instancesIn } from '../../lab/evidence/fleet.ts';
import { inForceSince, only } from '../../lab/evidence/samples.ts';
import { scrapesIn } from '../../lab/evidence/scrape.ts';
import { hasLeftover, leftover, leftoverSeconds } from '../../lab/evidence/stale.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { scrapeDuration, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import {
  type Counted,
  evidence,
  type Head,
  headIn,
  type Limited,
  labelsOf,
  type Memory,
  type Run,
  seriesAdded,
  seriesCreated,
  sessions,
  theCure,
  theHead,
  whatHappened,
  whatIsShown,
  whatItCosts,
  whatWasCounted,
  whatWasStored,
} from './findings.ts';
import { generationsMet } from './generations.ts';

export type Measured = {
  lab: Lab;
  /** whether an instance has a label that is always new, outside the job with the limit */
  hasChurn: boolean;
  /** undefined where no scrape met all its series for the first time */
  run: Run | undefined;
  counted: Counted | undefined;
  /** undefined where no instance is over the limit */
  limited: Limited | undefined;
  /** what the head gained in the run; undefined where too little of it was scraped */
  head: Head | undefined;
  memory: Memory;
  /** whether series of before this Prometheus are still shown */
  isShadowed: boolean;
  /** series that the label can come to */
  bound: number;
};

const limitedJob = 'my_app_limited';

/** Fewer show no growth. */
const generationsNeeded = 5;
const scrapesNeeded = 3;
/** A run that is longer tells no more, and its series are many. */
const longestRunSeconds = 300;

/** Runs are looked for in so much time since the settings are in force. */
const lookedAtSeconds = 900;

const churning = (lab: Lab, isLimited: boolean): Instance | undefined =>
  instancesIn(lab).find(({ plays, job }) => plays.includes('churn') && (job === limitedJob) === isLimited);

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const target = churning(lab, false);
  const memory = await memoryOf(read, lab);
  const nothing = {
    lab,
    hasChurn: target !== undefined,
    run: undefined,
    counted: undefined,
    limited: undefined,
    head: undefined,
    isShadowed: false,
  };
  if (target === undefined) return { ...nothing, memory, bound: 0 };
  const since = inForceSince(lab);
  const until = Math.min(lab.now, since + lookedAtSeconds);
  const stored = await read.samples(`{${labelsOf(target)},__name__=~"up|scrape_.*"}`, until - since, until);
  const { number: instance } = target;
  const { churn } = await read.truth(until, until, { instance });
  const bound = (churn?.generations ?? 0) * (churn?.series ?? 0);
  let last: Measured = { ...nothing, memory, bound };
  for (const { from, to } of runsIn(stored, since)) {
    const run: Run = { ...target, from, to, windowSeconds: Math.ceil(to - from + 0.001) };
    const truth = await read.truth(from - 1, Math.min(lab.now, to + lab.scrapeSeconds) + 1, { instance });
    last = { ...last, run, counted: await countedIn(read, run, stored, truth) };
    if (isEnough(last)) break;
  }
  if (last.run === undefined) return last;
  const { to } = last.run;
  const shown = await read.samples(`${sessions}{${labelsOf(target)}}`, leftoverSeconds, to);
  const limited = churning(lab, true);
  return {
    ...last,
    isShadowed: hasLeftover(shown, lab, to),
    limited: limited && (await limitedIn(read, limited, since, to)),
    head: limited && (await headOf(read, last.run, limited)),
  };
};

const headOf = async (read: Reader, run: Run, limited: Instance): Promise<Head | undefined> => {
  const inRun = async (selector: string) => only(await read.samples(selector, run.windowSeconds, run.to));
  return headIn(
    run,
    await inRun(`${seriesCreated}{job="prometheus",instance="prometheus:9090"}`),
    await inRun(`${seriesAdded}{${labelsOf(run)}}`),
    await inRun(`${seriesAdded}{${labelsOf(limited)}}`),
  );
};

/** Runs of good scrapes, each from one that met all series of the target for the first time. */
export const runsIn = (stored: readonly Series[], since: number): { from: number; to: number }[] => {
  const of = (name: string) => new Map(only(stored.filter(({ labels }) => labels.__name__ === name)));
  const [up, added, samples] = [of(targetUp), of(seriesAdded), of('scrape_samples_post_metric_relabeling')];
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
  stored: readonly Series[],
  { churn, instants }: Truth,
): Promise<Counted> => {
  const { series = 0, everySeconds = 0, generation = [] } = churn ?? {};
  const durations = only(stored.filter(({ labels }) => labels.__name__ === scrapeDuration));
  const scrapes = durations.filter(([at]) => at >= run.from && at <= run.to).map(([at]) => scrapesIn(durations)(at));
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

const limitedIn = async (read: Reader, { instance, job }: Instance, since: number, until: number): Promise<Limited> => {
  const labels = labelsOf({ instance, job });
  const window = Math.max(1, Math.floor(until - since));
  const stored = await read.samples(`{${labels},__name__=~"up|scrape_samples_scraped"}`, window, until);
  const of = (name: string): Sample[] => only(stored.filter((each) => each.labels.__name__ === name));
  const names = await read.query(`count by (__name__) (last_over_time({${labels}}[${window}s]))`, until);
  return {
    instance,
    job,
    up: of(targetUp),
    names: names.map(({ labels }) => labels.__name__ ?? ''),
    scraped: of('scrape_samples_scraped').at(-1)?.[1],
  };
};

const memoryOf = async (read: Reader, { now }: Lab): Promise<Memory> => ({
  bytes: await numberAt(read, 'process_resident_memory_bytes{job="prometheus"}', now),
  series: await numberAt(read, 'prometheus_tsdb_head_series{job="prometheus"}', now),
});

/** Generations that have to be met: fewer where a scrape is slower than they are. */
const neededOf = ({ scrapeSeconds }: Lab, { everySeconds }: Counted): number =>
  scrapeSeconds > everySeconds ? scrapesNeeded : generationsNeeded;

const isEnough = ({ lab, counted }: Measured): boolean =>
  counted !== undefined && counted.generations[0] >= neededOf(lab, counted);

export const verdict = (measured: Measured): Judgement => {
  const { lab, hasChurn, run, counted, limited, memory, isShadowed, bound, head } = measured;
  if (!hasChurn) return { kind: 'elsewhere', reason: 'no instance has a label that is always new' };
  if (run === undefined || counted === undefined) {
    if (lab.now - inForceSince(lab) > 2 * lab.scrapeSeconds + 20) {
      return { kind: 'elsewhere', reason: 'the scrapes of the label began before its exporter did' };
    }
    return { kind: 'wait', seconds: lab.scrapeSeconds + 10, reason: 'the first scrape of the label' };
  }
  if (!isEnough(measured)) {
    const needed = neededOf(lab, counted);
    const missing = needed - counted.generations[0];
    const reason = `scrapes of ${needed} generations of the label`;
    return { kind: 'wait', seconds: missing * Math.max(counted.everySeconds, lab.scrapeSeconds), reason };
  }
  if (isShadowed) return leftover(`series of ${sessions}`, 'make exp-13');
  return {
    kind: 'measured',
    findings: [
      whatHappened(run, counted),
      whatWasStored(run, counted),
      whatWasCounted(run, counted),
      whatIsShown(run, counted),
      limited === undefined
        ? { fact: `the fix is left out: no instance is in the job ${limitedJob}`, evidence: '/truth, fleet' }
        : theCure(limited),
      ...(limited === undefined || head === undefined ? [] : [theHead(head, limited)]),
      whatItCosts(memory, bound),
    ],
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
