import type { Sample } from '../types.ts';
import { milliseconds } from '../window.ts';

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

/**
 * The same, where both replicas have begun a new chunk between two samples of each other: the querier sorts chunks, not
 * replicas, and so the two may change places there. Where chunks end is no API's to tell, so each place is tried.
 * @param answer  what the querier said
 * @returns the answer, where it follows from a change of places at one time at most; else what follows without one
 */
export const penaltyOver = (one: readonly Sample[], other: readonly Sample[], answer: readonly Sample[]): Sample[] => {
  const isAnswer = (samples: readonly Sample[]) => `${samples}` === `${answer}`;
  const plain = penalty(one, other);
  if (isAnswer(plain)) return plain;
  for (const [time] of [...one, ...other]) {
    const halves = (first: readonly Sample[], then: readonly Sample[]) => [
      ...first.filter(([at]) => at < time),
      ...then.filter(([at]) => at >= time),
    ];
    const changed = penalty(halves(one, other), halves(other, one));
    if (isAnswer(changed)) return changed;
  }
  return plain;
};

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
