import { type Instance, instancesIn } from '../../lab/evidence/fleet.ts';
import { awaited, latestStretch, observe, type Stretch, truthAbout } from '../../lab/evidence/observed.ts';
import { duration } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { latency as histogram } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
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
  theCure,
  theFault,
  whatHappened,
  whatWasStored,
  withoutLe,
} from './findings.ts';

export type Measured = {
  lab: Lab;
  /** every instance whose requests all take one time, and that this Prometheus scrapes */
  players: Player[];
  /** series of the answer without edges */
  foundWithoutEdges?: number;
};

/** A scrape job that is configured, with or without targets. */
const scrapesNative = `prometheus_target_scrape_pool_targets{job="prometheus",scrape_job="${nativeJob}"}`;

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const hasNative = (await read.query(scrapesNative)).length > 0;
  const instances = instancesIn(lab).filter(
    ({ plays, job, leavesAt = Number.POSITIVE_INFINITY }) =>
      plays.includes('latency') && leavesAt > lab.now && (job !== nativeJob || hasNative),
  );
  const names = [histogram, ...['bucket', 'sum', 'count'].map((part) => `${histogram}_${part}`)];
  const observed = await observe(read, lab, instances, names);
  const now = Math.floor(lab.now);
  const told = await Promise.all(instances.map(({ number }) => read.truth(now, now, { instance: number })));
  const players = observed.flatMap((each, index): Player[] => {
    const { shares, buckets: edges } = told[index]!.latency!;
    return shares.length === 1 ? [{ ...each, takesSeconds: shares[0]!.seconds, edges }] : [];
  });
  const stretch = latestStretch(players, lab);
  if (players.length === 0 || 'seconds' in stretch) return { lab, players };
  const window = duration(stretch.windowSeconds);
  const [classic, native, none, truths] = await Promise.all([
    read.query(p95(window), stretch.at),
    hasNative ? read.query(nativeP95(window), stretch.at) : [],
    read.query(withoutLe(window), stretch.at),
    Promise.all(players.map(({ number }): Promise<Truth> => truthAbout(read, lab, stretch, number))),
  ]);
  const answerOf = ({ instance, job }: Pick<Instance, 'instance' | 'job'>) =>
    (job === nativeJob ? native : classic).find(({ labels }) => labels.instance === instance && labels.job === job)
      ?.samples[0]?.[1];
  return {
    lab,
    foundWithoutEdges: none.length,
    players: players.map((each, index) => {
      const answer = answerOf(each);
      return { ...each, truth: truths[index]!, ...(answer !== undefined && { answer }) };
    }),
  };
};

/** Which part each plays, by its edges and its job. */
const cast = (players: readonly Player[]): Players | undefined => {
  const classic = players.filter(({ job }) => job !== nativeJob);
  const hasEdge = ({ edges, takesSeconds }: Player) => edges.includes(takesSeconds);
  const isBeyond = ({ edges, takesSeconds }: Player) => edges.at(-1)! < takesSeconds;
  const plain = classic.find((player) => !hasEdge(player) && !isBeyond(player));
  if (plain === undefined) return undefined;
  const found = {
    healed: classic.find(hasEdge),
    beyond: classic.find(isBeyond),
    native: players.find(({ job }) => job === nativeJob),
  };
  return {
    plain,
    ...(found.healed && { healed: found.healed }),
    ...(found.beyond && { beyond: found.beyond }),
    ...(found.native && { native: found.native }),
  };
};

export const verdict = ({ lab, players, foundWithoutEdges = Number.NaN }: Measured): Judgement => {
  const parts = cast(players);
  if (parts === undefined) return { kind: 'elsewhere', reason: 'no instance has requests that all take one time' };
  const { plain, healed, beyond, native } = parts;
  const stretch: Stretch | { seconds: number } = latestStretch(players, lab);
  if ('seconds' in stretch) {
    return { kind: 'wait', seconds: stretch.seconds, reason: awaited(lab) };
  }
  return {
    kind: 'measured',
    findings: [
      whatHappened(plain, stretch),
      whatWasStored(
        players.filter(({ job }) => job !== nativeJob),
        plain,
        stretch,
      ),
      theFault(plain, stretch),
      nothingWithoutEdges(foundWithoutEdges, stretch),
      ...(healed ? [theCure(healed, stretch)] : []),
      ...(beyond ? [beyondTheEdges(beyond, stretch)] : []),
      native ? asOneSeries(native, plain, stretch) : noNative,
    ],
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
