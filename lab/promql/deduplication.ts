import type { Sample } from './sample.ts';
import { milliseconds } from './window.ts';

/** Before two samples are known there is no interval to go by. */
const firstPenaltyMilliseconds = 5_000;

/** One replica's samples, and how far it has been read. */
type Replica = { samples: readonly Sample[]; next: number; penalty: number };

/**
 * How Thanos makes one series of two replicas, by its default deduplication, `penalty`: it stays with the replica that
 * it took last, and goes over to the other one only where that has a sample and this one has none for about two
 * intervals. So it never doubles the samples, and at a change it skips some.
 * @param one    raw samples of the replica whose label sorts first, in the order of time, from the start of the
 *               query's window; a stale marker is NaN
 * @param other  those of the other one
 * @returns the samples that the querier answers
 */
export const penalty = (one: readonly Sample[], other: readonly Sample[]): Sample[] => {
  const replicas: [Replica, Replica] = [
    { samples: one, next: 0, penalty: 0 },
    { samples: other, next: 0, penalty: 0 },
  ];
  const taken: Sample[] = [];
  let last: number | undefined;
  for (;;) {
    for (const replica of replicas) skip(replica, last);
    const [a, b] = replicas.map(({ samples, next }) => samples[next]) as [Sample | undefined, Sample | undefined];
    if (a === undefined && b === undefined) return taken.filter(([, value]) => !Number.isNaN(value));
    // The one that comes first; where one has ended, the other is read to its end.
    const isFirst = b === undefined || (a !== undefined && milliseconds(a[0]) <= milliseconds(b[0]));
    const [chosen, left] = isFirst ? replicas : [replicas[1], replicas[0]];
    const sample = chosen.samples[chosen.next]!;
    const at = milliseconds(sample[0]);
    chosen.penalty = 0;
    // The one that was not taken has to be later by twice the distance of the last two samples.
    if (left.next < left.samples.length) {
      left.penalty = last === undefined ? firstPenaltyMilliseconds : 2 * (at - last);
    }
    taken.push(sample);
    last = at;
  }
};

/** Prometheus ends a chunk at 120 samples and more; one after which samples are missing, at a quarter of these at least. */
const fewestInChunk = 30;
/** So many changes need more chunks than a window has, however long a freeze was. */
const mostChanges = 2;

/**
 * The same, where both replicas have begun a new chunk between two samples of each other: the querier sorts chunks, not
 * replicas, and so the two may change places there; and change back after a chunk that began and ended while the other
 * replica was frozen. No API says where chunks end, so each place is tried.
 * @param answer  what the querier said
 * @returns the answer, where it follows from two changes of places at most; else what follows without one
 */
export const penaltyOver = (one: readonly Sample[], other: readonly Sample[], answer: readonly Sample[]): Sample[] =>
  follows(one, other, answer, mostChanges, Number.NEGATIVE_INFINITY) ? [...answer] : penalty(one, other);

/** Whether the answer follows from so many further changes at most, each some chunks after the one before; unix seconds. */
const follows = (
  one: readonly Sample[],
  other: readonly Sample[],
  answer: readonly Sample[],
  changes: number,
  after: number,
): boolean => {
  const made = penalty(one, other);
  const place = differsAt(made, answer);
  if (place === undefined) return true;
  if (changes === 0) return false;
  // What was taken before a change does not depend on it. Mostly it shows at once, so the latest comes first.
  const until = Math.min(...[made[place], answer[place]].flatMap((sample) => (sample ? [sample[0]] : [])));
  const times = [...one, ...other].map(([at]) => at).filter((at) => at > after && at <= until);
  const areChunks = (time: number) =>
    [one, other].every((samples) => {
      const between = samples.filter(([at]) => at >= after && at < time).length;
      return between === 0 || between >= fewestInChunk;
    });
  return times
    .filter((time) => after === Number.NEGATIVE_INFINITY || areChunks(time))
    .sort((a, b) => b - a)
    .some((time) => follows(joined(one, other, time), joined(other, one, time), answer, changes - 1, time));
};

/** @returns the index of the first sample that is not the same; undefined where all are */
const differsAt = (made: readonly Sample[], answer: readonly Sample[]): number | undefined => {
  const index = Array.from({ length: Math.max(made.length, answer.length) }).findIndex(
    (_, place) => made[place]?.[0] !== answer[place]?.[0] || made[place]?.[1] !== answer[place]?.[1],
  );
  return index === -1 ? undefined : index;
};

/** One replica's samples before a time, and another's from it on. */
const joined = (before: readonly Sample[], from: readonly Sample[], time: number): Sample[] => [
  ...before.filter(([at]) => at < time),
  ...from.filter(([at]) => at >= time),
];

/** Goes on to the first sample after the last one that was taken, and after the replica's penalty. */
const skip = (replica: Replica, last: number | undefined): void => {
  if (last === undefined) return;
  while (
    replica.next < replica.samples.length &&
    milliseconds(replica.samples[replica.next]![0]) <= last + replica.penalty
  )
    replica.next += 1;
};

/**
 * A counter's samples with the stale markers that failed scrapes have written: the API does not show them, and the
 * querier goes by their time as by any other.
 * @param ups  samples of `up` of the same target
 */
export const withMarkers = (samples: readonly Sample[], ups: readonly Sample[]): Sample[] => {
  const failed = ups.filter(([, value]) => value === 0).map(([at]): Sample => [at, Number.NaN]);
  const all = [...samples, ...failed].sort(([one], [other]) => one - other);
  // Only the first of several failed scrapes has something to mark.
  return all.filter(([, value], index) => !Number.isNaN(value) || (index > 0 && !Number.isNaN(all[index - 1]![1])));
};
