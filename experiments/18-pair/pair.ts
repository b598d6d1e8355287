import { seriesOf, type Target } from '../../lab/evidence/fleet.ts';
import { linesOf } from '../../lab/evidence/querier.ts';
import { only } from '../../lab/evidence/samples.ts';
import { requests, targetUp } from '../../lab/model/metrics.ts';
import { penaltyOver, withMarkers } from '../../lab/promql/deduplication.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { inWindow, secondsBetween, type Window } from '../../lab/promql/window.ts';

/** The two Prometheus that do the same, as compose.yaml names them; in the order of their labels. */
export const replicas = [
  { service: 'replica-a', sidecar: 'sidecar-a', replica: 'a' },
  { service: 'replica-b', sidecar: 'sidecar-b', replica: 'b' },
] as const;

/** A replica that answers, and what it has stored of the fleet in the window. */
export type Replica = { service: string; sidecar: string; replica: string; stored: Series[]; members: Target[] };

/** The counters of the fleet that a replica has stored. */
export const countersOf = ({ stored }: Pick<Replica, 'stored'>): Series[] => seriesOf(stored, requests);

/** A stretch in which a replica scraped nothing: from its last scrape before to its first after, unix seconds. */
export type Freeze = { service: string; from: number; to: number };

/** The series of both, each with the label that distinguishes them. */
export const uniteReplicas = (pair: readonly Replica[]): Series[] =>
  pair.flatMap((each) =>
    countersOf(each).map(({ labels, samples }) => ({ labels: { ...labels, replica: each.replica }, samples })),
  );

/**
 * What the querier has to make of the two, by the model of its deduplication.
 * @param answer  what it said: it says where the replicas changed places
 */
export const predict = (pair: readonly Replica[], instances: readonly string[], answer: readonly Series[]): Series[] =>
  instances.map((instance) => {
    const [one = [], other = []] = pair.map(({ stored }) => {
      const of = (metric: string) => only(seriesOf(stored, metric, instance));
      return withMarkers(of(requests), of(targetUp));
    });
    const answered = only(answer.filter(({ labels }) => labels.instance === instance));
    return { labels: { instance }, samples: penaltyOver(one, other, answered) };
  });

/** How many samples of an answer no replica has stored. */
export const unexpectedSamples = (answer: readonly Series[], pair: readonly Replica[]): number => {
  const own = new Set(pair.flatMap((each) => linesOf(countersOf(each), 'instance')));
  return linesOf(answer, 'instance').filter((line) => !own.has(line)).length;
};

/** The longest time from one sample to the next, over all series; seconds, 0 where there are none. */
export const longestGap = (series: readonly Pick<Series, 'samples'>[]): number =>
  Math.max(
    0,
    ...series.flatMap(({ samples }) =>
      samples.slice(1).map((sample, index) => secondsBetween(samples[index]!, sample)),
    ),
  );

/**
 * The last stretch in which a replica scraped none of its targets for so long. One target is scraped every interval,
 * so twelve are never quiet for longer than that, but for a frozen Prometheus.
 */
export const freezeIn = (
  { service, stored }: Pick<Replica, 'service' | 'stored'>,
  longerThanSeconds: number,
): Freeze | undefined => {
  const times = timesOf(stored);
  const index = times.findLastIndex((at, place) => place > 0 && at - times[place - 1]! > longerThanSeconds);
  return index === -1 ? undefined : { service, from: times[index - 1]!, to: times[index]! };
};

/** Whether it has scraped before, and nothing for so long: it has just been thawed, or it is frozen. */
export const isQuiet = (stored: readonly Series[], longerThanSeconds: number, at: number): boolean => {
  const last = timesOf(stored).at(-1);
  return last !== undefined && at - last > longerThanSeconds;
};

/** The times of its scrapes of all targets, in order. */
const timesOf = (stored: readonly Series[]): number[] =>
  seriesOf(stored, targetUp)
    .flatMap(({ samples }) => samples.map(([at]) => at))
    .sort((one, other) => one - other);

/** The same, with what lies in a window alone. */
export const cut = (stored: readonly Series[], { at, windowSeconds }: Window): Series[] =>
  stored
    .map(({ labels, samples }) => ({ labels, samples: inWindow(samples, at, windowSeconds) }))
    .filter(({ samples }) => samples.length > 0);

/** Whether a sample lies so near to an edge of the window that a millisecond decides whether it is in it. */
export const isOnEdge = (samples: readonly Sample[], at: number, windowSeconds: number): boolean =>
  samples.some(([time]) => Math.abs(time - (at - windowSeconds)) < 0.002 || Math.abs(time - at) < 0.002);
