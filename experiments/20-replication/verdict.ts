import { carried, countIn, deliveryOf, missingTimes, scrapesCarried } from '../../lab/evidence/delivery.ts';
import { checkOf } from '../../lab/evidence/happening.ts';
import { isAway } from '../../lab/evidence/outages.ts';
import { answersNow, notScrapedYet } from '../../lab/evidence/reachable.ts';
import {
  absencesIn,
  askedAt,
  backSeconds,
  inTime,
  isSentTo,
  querierRuns,
  type Sending,
  sendingOf,
} from '../../lab/evidence/remote-endpoint.ts';
import { catchingUpSeconds, caughtUpSeconds, unsentSeconds } from '../../lab/evidence/remote-write.ts';
import { untilScrapes } from '../../lab/evidence/samples.ts';
import { clock } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import {
  type Compared,
  goesOn,
  itWaits,
  newestWithoutTwo,
  nothingFails,
  theAnswer,
  theBacklog,
  theCaughtUp,
  theCopies,
  theGap,
  whatHappened,
} from './findings.ts';
import { type Away, awayOf, entry, type Node, nodeNames, nodePort, outageOf, sureHole, takesAgain } from './nodes.ts';

/** The longest time from one try to reach a node to the next, by gRPC: two minutes, give or take a fifth. */
const longestTrySeconds = 144;

/** So long a node that is back may be left out: the longer it was away, the later it is tried again. */
const leftOutSeconds = ({ absence: { lastSeen, seenAgain } }: Away, { scrapeSeconds }: Lab): number =>
  Math.min(longestTrySeconds, seenAgain! - lastSeen) + unsentSeconds + backSeconds + scrapeSeconds;

export type Measured = {
  lab: Lab;
  until: number;
  sending: Sending;
  nodes: Node[];
  /** of the exporter: what Prometheus has stored */
  stored: Series[];
  /** what the querier answers from all nodes; undefined where it gives no answer in time */
  answered: Series[] | undefined;
  /** whether it runs */
  isThere: boolean;
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const until = askedAt(lab);
  const sending = await sendingOf(read, lab);
  const { since } = sending;
  const window = Math.max(0.001, until - (since ?? until));
  const querier = read.at(globalQuerier.address);
  const isThere = await querierRuns(querier);
  const has = async (matchers?: string): Promise<Series[] | undefined> =>
    since === undefined || !isThere ? [] : inTime(querier.samples(carried(matchers), window, until));
  const nodes = await Promise.all(
    nodeNames.map(async (name) => ({
      name,
      absences: await absencesIn(read, lab, name, since),
      answers: await answersNow(read, `${name}:${nodePort}`),
      alone: await has(`receive="${name}"`),
    })),
  );
  return {
    lab,
    until,
    sending,
    nodes,
    stored: since === undefined ? [] : await read.samples(carried(), window, until),
    answered: await has(),
    isThere,
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, until, sending, nodes, stored, answered } = measured;
  const { since } = sending;
  if (!isSentTo(entry, lab)) {
    const answer = lab.remoteWriteUrl !== undefined && nodes[0]!.answers;
    return notScrapedYet('the receivers', answer, 'Prometheus sends nothing to three receivers', lab);
  }
  if (lab.exporter === undefined) return { kind: 'elsewhere', reason: 'the exporter does not answer' };
  if (!measured.isThere) {
    return { kind: 'elsewhere', reason: 'query does not answer', type: 'make start SERVICE=query' };
  }
  if (!nodes[0]!.answers) {
    const reason = `${entry} is down, to which Prometheus sends: without it nothing is written, however many are left`;
    return { kind: 'elsewhere', reason, type: `make start SERVICE=${entry}` };
  }
  const dead = nodes.filter(({ answers }) => !answers);
  // What the scrapes show is as old as the last of them.
  const late = nodes.find(({ answers, absences }) => answers === isAway(absences));
  if (late !== undefined) {
    const what = late.answers ? 'is up again' : 'is down';
    return {
      kind: 'wait',
      seconds: untilScrapes(1, undefined, lab),
      reason: `a scrape of ${late.name}, which ${what}`,
    };
  }
  if (answered === undefined || nodes.some(({ alone }) => alone === undefined)) {
    return { kind: 'wait', seconds: 5, reason: 'the querier to know who is down' };
  }
  if (since === undefined || scrapesCarried(stored, since, until) < 2) {
    const wait = since === undefined ? untilScrapes(1, undefined, lab) : since + 2 * lab.scrapeSeconds - until;
    return { kind: 'wait', seconds: Math.max(5, wait), reason: 'two scrapes, and for them to be sent' };
  }
  const away = awayOf(nodes);
  const outage = outageOf(away);
  const isWaiting = dead.length > 1 && outage !== undefined;
  const end = isWaiting ? outage.takenUntil : until;
  const delivery = deliveryOf(stored, answered, since, end);
  const compared: Compared = { ...sending, since, until: end, now: lab.now, stored, nodes, away, outage, delivery };

  const turn = Math.max(...away.map(({ absence }) => absence.seenAgain ?? absence.firstMissed), since);
  const enough = turn + 2 * lab.scrapeSeconds;
  if (away.length > 0 && !isWaiting && until < enough) {
    return {
      kind: 'wait',
      seconds: Math.max(1, enough - until),
      reason: 'two scrapes since then, and for them to be sent',
    };
  }
  if (isWaiting) {
    const reported = sending.sentUpTo.filter(([at]) => at > outage.surely.from).length;
    if (reported < 2)
      return {
        kind: 'wait',
        seconds: untilScrapes(2 - reported, undefined, lab),
        reason: 'two scrapes without a quorum',
      };
  }
  const missing = missingTimes(delivery);
  if (missing.length > 0 && lab.now - Math.max(turn, missing.at(-1)!) < caughtUpSeconds) {
    const longest = Math.max(0, ...away.map(({ absence }) => (absence.seenAgain ?? lab.now) - absence.lastSeen));
    return { kind: 'wait', seconds: catchingUpSeconds(longest), reason: 'the receivers to catch up' };
  }
  // A write that only one has got yet is repeated.
  const single = away.length < 2 ? newestWithoutTwo(compared) : undefined;
  if (single !== undefined && lab.now - Math.max(turn, single) < caughtUpSeconds) {
    return { kind: 'wait', seconds: 5, reason: 'the second copy of each sample' };
  }
  const back = away.filter(({ node, absence }) => node.answers && absence.seenAgain !== undefined);
  const leftOf = (each: Away) => each.absence.seenAgain! + leftOutSeconds(each, lab) - lab.now;
  const young = back.find((each) => !takesAgain(each) && leftOf(each) > 0);
  if (young !== undefined) {
    const reason = `${young.node.name}, seen again at ${clock(young.absence.seenAgain!)}, to get its first write`;
    return { kind: 'wait', seconds: leftOf(young), reason };
  }
  const withGap = back.filter((each) => {
    const { from, to } = sureHole(each, outage);
    return countIn(stored, { from, to }) > 0;
  });
  return {
    kind: 'measured',
    ...phaseOf(dead.length, away.length, outage !== undefined),
    findings: [
      whatHappened(compared),
      theAnswer(compared),
      ...(away.length === 0 ? [theCopies(compared)] : []),
      ...(dead.length === 1 ? [goesOn(compared, dead[0]!)] : []),
      ...(isWaiting ? [itWaits(compared, outage)] : []),
      ...(outage !== undefined && !isWaiting ? theBacklog(compared, outage) : []),
      nothingFails(compared),
      ...withGap.map((each) => theGap(compared, each)),
      ...(outage !== undefined && withGap.length > 0 ? theCaughtUp(compared, outage) : []),
    ],
  };
};

/** How many phases of the manual steps are over; unknown in the middle of the last. */
const phaseOf = (dead: number, away: number, wereTwoAway: boolean): { phase?: number } => {
  if (dead > 1) return { phase: 2 };
  if (dead === 1) return away === 1 ? { phase: 1 } : {};
  return { phase: wereTwoAway ? 3 : 0 };
};

export const check = checkOf(measure, verdict);
