import { matchersOf } from '../../lab/evidence/fleet.ts';
import { between, clock, count, grouped, listed } from '../../lab/model/format.ts';
import type { Claim, Fact, Finding } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';

export const sessions = 'session_active';
export const seriesAdded = 'scrape_series_added';
/** What Prometheus itself writes of a target: `up`, and of the scrape. */
export const own = 'up|scrape_.*';
/** What rules make of a target's series. */
export const derived = 'ALERTS.*|.*:.*';

export const labelsOf = ({ job, instance }: { job: string; instance: string }): string =>
  `job="${job}",instance="${instance}"`;

/** A run of scrapes without a failure, from the one that met the target's series for the first time. */
export type Run = { instance: string; job: string; from: number; to: number; windowSeconds: number };

/** Series of that run. */
export type Counted = {
  /** by the truth: generations that the scrapes met, and values of the label in each */
  generations: [least: number, most: number];
  series: number;
  everySeconds: number;
  /** of the label's metric that have a sample in the run, and that are shown at its end */
  ever: number;
  shown: number;
  /** what the scrapes of the run added, by Prometheus' count, and the target's series of other metrics */
  added: number;
  others: number;
};

/** The instance whose scrapes are over the sample limit, under the current settings. */
export type Limited = {
  instance: string;
  job: string;
  up: Sample[];
  /** names of the metrics of which something is stored */
  names: string[];
  /** samples that its last scrape would have brought */
  scraped: number | undefined;
};

/**
 * What the head gained between two scrapes of Prometheus itself, and what brought it there: the scrapes in between, of
 * the two targets and of all others, and rules.
 */
export type Head = {
  from: number;
  to: number;
  created: number;
  stored: number;
  refused: number;
  others: number;
  rules: number;
};

/** Bytes, and series in memory. */
export type Memory = { bytes: number; series: number };

export const evidence = {
  ever: ({ windowSeconds, ...target }: Run) =>
    `count(count_over_time(${sessions}{${matchersOf(target)}}[${windowSeconds}s]))`,
  added: ({ windowSeconds, ...target }: Run) =>
    `sum_over_time(${seriesAdded}{${matchersOf(target)}}[${windowSeconds}s])`,
  others: ({ windowSeconds, ...target }: Run) =>
    `count(last_over_time({__name__!~"${sessions}|${own}|${derived}",${matchersOf(target)}}[${windowSeconds}s]))`,
  shown: (target: Run) => `count(${sessions}{${matchersOf(target)}})`,
};

export const whatHappened = (run: Run, { generations: [least, most], series, everySeconds }: Counted): Fact => ({
  fact: `what happened: every ${everySeconds} s the label session of ${run.instance} had ${series} new values; the scrapes from ${clock(run.from)} to ${clock(run.to)} met ${between(least, most)} generations of them`,
  evidence: `/truth?from=${Math.floor(run.from)}&to=${Math.floor(run.to)}&instance=${run.instance}, churn`,
});

/** The three numbers are equal: by the truth, ever seen, and added. */
export const whatWasStored = (run: Run, counted: Counted): Claim => {
  const { generations, series, ever } = counted;
  const [least, most] = generations.map((number) => number * series) as [number, number];
  return {
    claim: `what was stored: ${count(ever, 'series')} of ${sessions}, which is ${between(...generations)} × ${series}`,
    holds: ever % series === 0 && ever >= least && ever <= most,
    evidence: evidence.ever(run),
    expected: between(least, most),
    measured: `${ever}`,
    look: `${sessions} in the table view`,
  };
};

export const whatWasCounted = (run: Run, { added, others, ever }: Counted): Claim => ({
  claim: `what Prometheus says: its scrapes added ${count(added, 'series')}, less ${others} other series of that target ${added - others}`,
  holds: added - others === ever,
  evidence: `${evidence.added(run)} - ${evidence.others(run)}`,
  expected: `${ever}`,
  measured: `${added} − ${others}`,
  look: `${seriesAdded} as points: 0, and ${count(50, 'more series')} with each generation`,
});

/** A graph does not show what is kept. */
export const whatIsShown = (run: Run, { shown, series, ever }: Counted): Claim => ({
  claim: `and a graph shows ${shown} of them at ${clock(run.to)}: the other ${ever - shown} have ended`,
  holds: shown === series,
  evidence: `${evidence.shown(run)} at ${clock(run.to)}`,
  expected: `${series}, those of the current generation`,
  measured: `${shown}`,
  look: `${sessions} in the table view`,
});

/** The fix: a scrape over the limit fails as a whole, and `up` says so. */
export const theFix = ({ instance, job, up, names, scraped }: Limited): Claim => {
  const foreign = names.filter((name) => !new RegExp(`^(?:${own})$`).test(name));
  const good = up.filter(([, value]) => value !== 0).length;
  return {
    claim: `the fix: ${instance} does the same in the job ${job}, which has a sample_limit. Its scrapes bring ${scraped ?? 'no'} samples each, too many: none is stored, and up is 0`,
    holds: foreign.length === 0 && good === 0 && up.length > 0 && (scraped ?? 0) > 0,
    evidence: `count by (__name__) ({${matchersOf({ instance, job })}}) and scrape_samples_scraped{job="${job}"}`,
    expected: `nothing but up, 0 in each of ${count(up.length, 'scrape')}, and the scrape's own series`,
    measured: `${foreign.length === 0 ? 'nothing else' : listed(foreign)}, and up not 0 in ${count(good, 'scrape')}`,
    look: 'the error of the target in Status → Target health',
  };
};

export const seriesCreated = 'prometheus_tsdb_head_series_created_total';

/** What the limit does not save: Prometheus creates a series before it meets the limit, and keeps it in memory. */
export const theHead = ({ from, to, created, stored, refused, others, rules }: Head, { job }: Limited): Claim => ({
  claim: `what the limit does not save: from ${clock(from)} to ${clock(to)} Prometheus created ${count(created, 'series')} in memory, not only the ${stored} that it stored: the refused scrapes created ${refused}${others + rules === 0 ? '' : `, scrapes of other targets ${others}, rules ${rules}`}`,
  holds: refused > 0 && created >= stored + refused,
  evidence: `${seriesCreated}{job="prometheus"} beside ${seriesAdded} of all targets`,
  expected: `${stored + refused} at least, some of them by refused scrapes`,
  measured: `${created}, and ${refused} by refused scrapes`,
  look: `${seriesAdded}{job="${job}"} as points`,
});

/**
 * @param created  samples of what Prometheus reports of its head, at its scrapes of itself
 * @param stored   series that each scrape of the target without a limit added, and `refused` of the one with it
 * @param others   the same of every other target, Prometheus itself among them
 * @param ruled    when each series of a rule began
 * @returns undefined where two scrapes of itself hold no scrape of theirs between them
 */
export const headIn = (
  { from, to }: Pick<Run, 'from' | 'to'>,
  created: readonly Sample[],
  stored: readonly Sample[],
  refused: readonly Sample[],
  others: readonly (readonly Sample[])[] = [],
  ruled: readonly number[] = [],
): Head | undefined => {
  const inside = created.filter(([at]) => at > from && at <= to);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  // A scrape that was under way at either end may have been counted or not.
  const isInside = (at: number) => at > first[0] && at < last[0] - settledSeconds;
  const sum = (samples: readonly Sample[], isMeant = isInside) =>
    samples.filter(([at]) => isMeant(at)).reduce((total, [, value]) => total + value, 0);
  // What a scrape of Prometheus itself adds is not in the count that it reads.
  const withItself = (at: number) => at === first[0] || isInside(at);
  return {
    from: first[0],
    to: last[0],
    created: last[1] - first[1],
    stored: sum(stored),
    refused: sum(refused),
    others: others.reduce((total, samples) => total + sum(samples, withItself), 0),
    rules: ruled.filter(isInside).length,
  };
};

/** A scrape is over and counted so soon, mostly: where it takes longer, less is claimed of it. */
const settledSeconds = 0.5;

export const whatItCosts = ({ bytes, series }: Memory, bound: number): Finding => ({
  fact: `what has ended stays in memory for hours: Prometheus has ${grouped(series)} series there now and takes ${grouped(bytes / 2 ** 20)} MiB. The lab stops at ${grouped(bound)} of this label, a real one does not`,
  evidence: 'prometheus_tsdb_head_series and process_resident_memory_bytes{job="prometheus"}',
});
