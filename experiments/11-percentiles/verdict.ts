import { type Instance, instancesIn, storedSeries, targetsIn, withTruth } from '../../lab/evidence/fleet.ts';
import { checkOf, isJudgement } from '../../lab/evidence/happening.ts';
import { awaited, latestWindow, recentWindow } from '../../lab/evidence/latest-window.ts';
import { duration } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { latency as histogram } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Window } from '../../lab/promql/window.ts';
import {
  asOneSeries,
  beyondTheEdges,
  nativeJob,
  nativeP95,
  noNative,
  nothingWithoutEdges,
  type Player,
  type Players,
  p95,
  theFault,
  theFix,
  whatHappened,
  whatWasStored,
  withoutLe,
} from './findings.ts';

export type Measured = {
  /** every instance whose requests all take one time, and that this Prometheus scrapes */
  players: Player[];
  /** in which each of them was scraped some times */
  window: Window;
  /** series of the answer without bucket boundaries */
  foundWithoutEdges: number;
};

/** A scrape job that is configured, with or without targets. */
const scrapesNative = `prometheus_target_scrape_pool_targets{job="prometheus",scrape_job="${nativeJob}"}`;

const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const hasNative = (await read.query(scrapesNative)).length > 0;
  const instances = instancesIn(lab).filter(
    ({ simulates, job, leavesAt = Number.POSITIVE_INFINITY }) =>
      simulates.includes('latency') && leavesAt > lab.now && (job !== nativeJob || hasNative),
  );
  const names = [histogram, ...['bucket', 'sum', 'count'].map((part) => `${histogram}_${part}`)];
  const jobs = [...new Set(instances.map(({ job }) => job))];
  const stored = jobs.length === 0 ? [] : await storedSeries(read, { metrics: names, jobs }, recentWindow(lab));
  const now = Math.floor(lab.now);
  const truths = await Promise.all(instances.map(({ number }) => read.truth(now, now, { instance: number })));
  const players = targetsIn(stored, instances).flatMap((each, index): Player[] => {
    const { shares, buckets: edges } = truths[index]!.latency!;
    return shares.length === 1 ? [{ ...each, takesSeconds: shares[0]!.seconds, edges }] : [];
  });
  const window = windowOf(players, lab);
  if (isJudgement(window)) return window;
  const range = duration(window.windowSeconds);
  const [classic, native, none, known] = await Promise.all([
    read.query(p95(range), window.at),
    hasNative ? read.query(nativeP95(range), window.at) : [],
    read.query(withoutLe(range), window.at),
    withTruth(players, read, lab, window.at - window.windowSeconds, window.at),
  ]);
  const answerOf = ({ instance, job }: Pick<Instance, 'instance' | 'job'>) =>
    (job === nativeJob ? native : classic).find(({ labels }) => labels.instance === instance && labels.job === job)
      ?.samples[0]?.[1];
  return {
    window,
    foundWithoutEdges: none.length,
    players: known.map((each) => {
      const answer = answerOf(each);
      return { ...each, ...(answer !== undefined && { answer }) };
    }),
  };
};

/** The window in which all of them can be judged; where there is none, or nobody to judge, what is to be done. */
export const windowOf = (players: readonly Player[], lab: Lab): Window | Judgement => {
  if (cast(players) === undefined) {
    return { kind: 'elsewhere', reason: 'no instance has requests that all take one time' };
  }
  const window = latestWindow(players, lab);
  return 'seconds' in window ? { kind: 'wait', seconds: window.seconds, reason: awaited(lab) } : window;
};

/** Which part of the lesson each is, by its bucket boundaries and its job. */
const cast = (players: readonly Player[]): Players | undefined => {
  const classic = players.filter(({ job }) => job !== nativeJob);
  const hasEdge = ({ edges, takesSeconds }: Player) => edges.includes(takesSeconds);
  const isBeyond = ({ edges, takesSeconds }: Player) => edges.at(-1)! < takesSeconds;
  const plain = classic.find((player) => !hasEdge(player) && !isBeyond(player));
  if (plain === undefined) return undefined;
  const found = {
    fixed: classic.find(hasEdge),
    beyond: classic.find(isBeyond),
    native: players.find(({ job }) => job === nativeJob),
  };
  return {
    plain,
    ...(found.fixed && { fixed: found.fixed }),
    ...(found.beyond && { beyond: found.beyond }),
    ...(found.native && { native: found.native }),
  };
};

export const verdict = ({ players, window, foundWithoutEdges }: Measured): Judgement => {
  const { plain, fixed, beyond, native } = cast(players)!;
  return {
    kind: 'measured',
    findings: [
      whatHappened(plain, window),
      whatWasStored(
        players.filter(({ job }) => job !== nativeJob),
        plain,
        window,
      ),
      theFault(plain, window),
      nothingWithoutEdges(foundWithoutEdges, window),
      ...(fixed ? [theFix(fixed, window)] : []),
      ...(beyond ? [beyondTheEdges(beyond, window)] : []),
      native ? asOneSeries(native, plain, window) : noNative,
    ],
  };
};

export const check = checkOf(measure, verdict);
