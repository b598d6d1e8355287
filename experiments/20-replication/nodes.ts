import type { Stretch } from '../../lab/evidence/delivery.ts';
import type { Absence } from '../../lab/evidence/outages.ts';
import { unsentSeconds } from '../../lab/evidence/remote-write.ts';
import { targetUp, thanosJob } from '../../lab/model/metrics.ts';
import type { Series } from '../../lab/promql/sample.ts';

/** The receivers; Prometheus sends to the first, which hands on to all. */
export const nodeNames = ['receive-1', 'receive-2', 'receive-3'] as const;
export const [entry] = nodeNames;
/** Where each answers questions. */
export const nodePort = 10902;

/** 1 or 0 for each receiver. */
export const eachUp = `${targetUp}{job="${thanosJob}",instance=~"receive-.+"}`;
/** How many of them answer. */
export const receiversUp = `sum(${eachUp})`;
/** True while writes wait: one of three is no quorum. */
export const noQuorum = `${receiversUp} < 2`;

export type Node = {
  name: string;
  absences: readonly Absence[];
  /** whether it answers now, whatever the last scrape of it says */
  answers: boolean;
  /** what it has, asked alone; undefined where the querier gives no answer in time */
  alone: readonly Series[] | undefined;
};

const never = Number.POSITIVE_INFINITY;

/** The last absence of a node, where it has had one that a scrape has seen. */
const lastAbsence = ({ absences }: Node): (Absence & { firstMissed: number; lastMissed: number }) | undefined => {
  const last = absences.at(-1);
  return last?.firstMissed === undefined
    ? undefined
    : { ...last, firstMissed: last.firstMissed, lastMissed: last.lastMissed! };
};

/** A node that was away, or is. */
export type Away = { node: Node; absence: NonNullable<ReturnType<typeof lastAbsence>> };

/** The nodes that have been away, the one that left first in front. */
export const awayOf = (nodes: readonly Node[]): Away[] =>
  nodes
    .flatMap((node) => {
      const absence = lastAbsence(node);
      return absence ? [{ node, absence }] : [];
    })
    .sort((a, b) => a.absence.lastSeen - b.absence.lastSeen);

/** Two nodes that were away at once: no write can have had two of three. */
export type Outage = {
  /** the one that left second, and with it the quorum */
  second: Away;
  /** surely without a quorum, by the scrapes; undefined where no scrape fell into it */
  surely: Stretch;
  /** the newest sample that surely was taken before */
  takenUntil: number;
  /** the first scrape at which one was back; infinity while none is */
  endedBy: number;
};

export const outageOf = ([first, second]: readonly Away[]): Outage | undefined => {
  if (first === undefined || second === undefined) return undefined;
  if ((first.absence.seenAgain ?? never) <= second.absence.firstMissed) return undefined;
  return {
    second,
    surely: {
      from: second.absence.firstMissed,
      to: Math.min(first.absence.lastMissed, second.absence.lastMissed),
    },
    takenUntil: second.absence.lastSeen - unsentSeconds,
    endedBy: Math.min(first.absence.seenAgain ?? never, second.absence.seenAgain ?? never),
  };
};

/**
 * What a node surely never got: samples that two others took while it was away.
 * @param outage  the one that its absence was part of
 */
export const sureHole = ({ node, absence }: Away, outage: Outage | undefined): Stretch => {
  const isSecond = outage?.second.node === node;
  const taken = outage === undefined ? absence.lastMissed - unsentSeconds : outage.takenUntil;
  return { from: absence.firstMissed, to: isSecond ? Number.NEGATIVE_INFINITY : taken };
};

/** Whether it has a sample that was scraped after it was seen again. */
export const takesAgain = ({ node, absence }: Away): boolean =>
  (node.alone ?? []).some(({ samples }) => samples.some(([at]) => at > (absence.seenAgain ?? never)));
