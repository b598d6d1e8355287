import { type Instance, instancesIn } from '../../lab/evidence/fleet.ts';
import { whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, untilScrapes } from '../../lab/evidence/samples.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { type Measured, type Refused, refusedSamples, verdict } from './findings.ts';
import { type Job, jobs, mappedJob, type Scrape, scrapesOf } from './scrapes.ts';

type Placed = Instance & { job: Job };

/** An instance of each job; undefined where one job has none. */
const placedIn = (lab: Lab): Placed[] | undefined => {
  const having = instancesIn(lab).filter(({ simulates }) => simulates.includes('pods'));
  const placed = jobs.flatMap((job) => having.find((each) => each.job === job) ?? []);
  return placed.length === jobs.length ? (placed as Placed[]) : undefined;
};

/** Longer is not read: the newest scrapes say all. */
const readSeconds = 300;

const measure = async (placed: Placed[], read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = Math.max(activeSince(lab), lab.now - readSeconds);
  const window = Math.max(0.001, lab.now - since);
  const { pods } = await read.truth(lab.now, lab.now, { instance: placed[1]!.number });
  if (pods === undefined) throw new Error(`${placed[1]!.instance} reports no pods`);
  const series = await read.samples(`{job=~"${[...jobs, mappedJob].join('|')}"}`, window, lab.now);
  const all = placed.map((each) => ({ ...each, scrapes: scrapesOf(each, series, pods.database) }));
  const missing = all.find(({ scrapes }) => scrapes.length === 0);
  if (missing !== undefined) return notScraped(missing.instance, lab);
  const scrapes = Object.fromEntries(all.map((each) => [each.job, each.scrapes.at(-1)!])) as Record<Job, Scrape>;
  const losing = all.find(({ job }) => job === 'my_app_labeldrop')!.scrapes;
  const refused = refusedIn(await read.samples(refusedSamples, window, lab.now), losing);
  if (refused === undefined) {
    return { kind: 'wait', seconds: untilScrapes(2, losing[0]!.at, lab), reason: 'two scrapes of Prometheus itself' };
  }
  const shown = (await read.query('up{job="my_app_labelmap"}', scrapes.my_app_labelmap.at)).length;
  const began = Math.max(...all.map((each) => each.scrapes[0]!.at));
  return { pods, scrapes, shown, refused, times: losing.map(({ at }) => at).filter((at) => at >= began) };
};

/** A scrape that was slow or has failed is waited for, and not for ever. */
export const notScraped = (instance: string, lab: Lab): Judgement =>
  lab.now - activeSince(lab) > 3 * lab.scrapeSeconds + 20
    ? { kind: 'elsewhere', reason: `no scrape of ${instance} was answered` }
    : { kind: 'wait', seconds: untilScrapes(1, undefined, lab), reason: 'a scrape in each of the jobs' };

/**
 * @param counters  samples of the counters, at the scrapes of Prometheus by itself
 * @param losing    scrapes of the job that loses samples
 * @returns undefined where no such scrape lies between two of them, or a counter is missing
 */
export const refusedIn = (counters: readonly Series[], losing: readonly Pick<Scrape, 'at'>[]): Refused | undefined => {
  const [from, to] = [counters[0]?.samples[0]?.[0], counters[0]?.samples.at(-1)?.[0]];
  if (counters.length !== 3 || from === undefined || to === undefined) return undefined;
  // What a slow scrape brought may be stored later than the time that it carries.
  const between = losing.filter(({ at }) => at > from && at < to - 1);
  if (between.length === 0) return undefined;
  const rise = counters.reduce((sum, { samples }) => sum + samples.at(-1)![1] - samples[0]![1], 0);
  return { from, to, rise, scrapes: between.length };
};

export const { look, check } = whenItHappened({
  what: placedIn,
  none: 'no fleet has an instance in each of the jobs that relabel',
  measure,
  verdict,
});
