import { carried, countIn, deliveryOf, isWithin, missingTimes, scrapesCarried } from '../../lab/evidence/delivery.ts';
import { checkOf } from '../../lab/evidence/happening.ts';
import { type Absence, isAway } from '../../lab/evidence/outages.ts';
import { answersNow, notScrapedYet } from '../../lab/evidence/reachable.ts';
import {
  absencesIn,
  askedAt,
  inTime,
  isSentTo,
  querierRuns,
  type Sending,
  sendingOf,
} from '../../lab/evidence/remote-endpoint.ts';
import { catchingUpSeconds, caughtUpSeconds } from '../../lab/evidence/remote-write.ts';
import { untilScrapes } from '../../lab/evidence/samples.ts';
import { clock, duration, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import type { Api, Reader } from '../../lab/model/reader.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import {
  type Answered,
  nothingRefused,
  nothingReports,
  theAnswer,
  theArrival,
  theBacklog,
  theGap,
  whatHappened,
} from './findings.ts';
import { type Loss, lossesOf } from './loss.ts';

export const store = 'store';

export type Measured = {
  lab: Lab;
  until: number;
  sending: Sending;
  /** of the exporter: what Prometheus has stored, and what the store has */
  stored: Series[];
  /** undefined where the querier gives no answer in time */
  arrived: Series[] | undefined;
  absences: Absence[];
  /** whether the store answers now, whatever the last scrape of it says */
  isBack: boolean;
  losses: Loss[];
  /** how often the CPU was sampled, as Prometheus and the store answer */
  counted: { prometheus: number; store: Answered } | undefined;
  /** whether the querier runs */
  isThere: boolean;
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const until = askedAt(lab);
  const sending = await sendingOf(read, lab);
  const { since, starts } = sending;
  const absences = await absencesIn(read, lab, store, since);
  const window = Math.max(0.001, until - (since ?? until));
  const querier = read.at(globalQuerier.address);
  const isThere = await querierRuns(querier);
  const has = isThere && since !== undefined;
  return {
    lab,
    until,
    sending,
    stored: since === undefined ? [] : await read.samples(carried(), window, until),
    arrived: has ? await inTime(querier.samples(carried(), window, until)) : [],
    absences,
    isBack: await answersNow(read, `${store}:10902`),
    losses: lossesOf(absences, starts),
    counted: has ? await countedBy(read, querier, countOfCpu(window), until) : undefined,
    isThere,
  };
};

const countedBy = async (read: Reader, querier: Api, query: string, time: number): Promise<Measured['counted']> => {
  const first = (series: readonly Series[] | undefined) => series?.[0]?.samples[0]?.[1] ?? 0;
  return {
    prometheus: first(await read.query(query, time)),
    store: {
      value: first(await inTime(querier.query(query, time))),
      warnings: (await querier.answer('query', { query, time }))?.warnings.length ?? 0,
    },
  };
};

/** How many samples of the CPU there are in the window before an instant. */
export const countOfCpu = (windowSeconds: number): string =>
  `count_over_time(${ofExporter(cpu)}[${duration(Math.ceil(windowSeconds * 1000) / 1000)}])`;

export const verdict = (measured: Measured): Judgement => {
  const { lab, until, sending, stored, arrived, absences, losses, counted } = measured;
  const { since } = sending;
  if (!isSentTo(store, lab)) {
    const answer = lab.remoteWriteUrl !== undefined && measured.isBack;
    return notScrapedYet('the endpoint', answer, 'Prometheus does not remote-write', lab);
  }
  if (lab.exporter === undefined) return { kind: 'elsewhere', reason: 'the exporter does not answer' };
  if (!measured.isThere) {
    return { kind: 'elsewhere', reason: 'query does not answer', type: 'make start SERVICE=query' };
  }
  if (isAway(absences) && measured.isBack) {
    const wait = untilScrapes(1, absences.at(-1)!.lastMissed, lab);
    return { kind: 'wait', seconds: wait, reason: 'the first scrape after the endpoint is up again' };
  }
  if (isAway(absences)) {
    const away = absences.at(-1)!;
    const reason = `the endpoint has been down since ${clock(away.firstMissed!)}, and what is scraped waits for it`;
    return { kind: 'elsewhere', reason, type: `make start SERVICE=${store}` };
  }
  if (arrived === undefined) return { kind: 'wait', seconds: 5, reason: 'the querier to reach the endpoint' };
  if (since === undefined || counted === undefined || scrapesCarried(stored, since, until) < 2) {
    const wait = since === undefined ? untilScrapes(1, undefined, lab) : since + 2 * lab.scrapeSeconds - until;
    return { kind: 'wait', seconds: Math.max(5, wait), reason: 'two scrapes, and for them to be sent' };
  }
  const back = absences.at(-1)?.seenAgain;
  if (back !== undefined && until < back) {
    return {
      kind: 'wait',
      seconds: Math.max(1, back - until),
      reason: 'the first scrape after the endpoint is up again',
    };
  }
  const delivery = deliveryOf(stored, arrived, since, until);
  const unexplained = missingTimes(delivery).filter(
    (at) =>
      !isWithin(
        at,
        losses.map(({ perhaps }) => perhaps),
      ),
  );
  const latest = Math.max(back ?? 0, unexplained.at(-1) ?? 0, since);
  if (unexplained.length > 0 && lab.now - latest < caughtUpSeconds) {
    const away = back === undefined ? 0 : back - absences.at(-1)!.lastSeen;
    return { kind: 'wait', seconds: catchingUpSeconds(away), reason: 'the endpoint to catch up' };
  }
  const isSeen = ({ surely }: Loss): boolean => surely !== undefined && countIn(stored, surely) > 0;
  const loss = losses.findLast(isSeen);
  const unseen = losses.find((each) => !isSeen(each) && isDuring(absences, each.perhaps.to));
  if (loss === undefined && unseen !== undefined) {
    const reason = `Prometheus was restarted while the endpoint was down, and at a scrape every ${seconds(lab.scrapeSeconds)} no scrape shows for how long: leave it down for ${seconds(3 * lab.scrapeSeconds)} before and after`;
    return { kind: 'elsewhere', reason, type: `make stop SERVICE=${store}` };
  }
  const all = { ...sending, since, until, stored, absences, losses, delivery, counted };
  const backlog = theBacklog(all);
  return {
    kind: 'measured',
    phase: loss !== undefined ? 2 : backlog.length > 0 ? 1 : 0,
    findings: [
      whatHappened(all),
      theArrival(all),
      ...backlog,
      ...(loss === undefined ? [nothingRefused(all)] : [theGap(all, loss), nothingReports(all, loss), theAnswer(all)]),
    ],
  };
};

const isDuring = (absences: readonly Absence[], at: number): boolean =>
  absences.some(({ lastSeen, seenAgain }) => lastSeen < at && at < (seenAgain ?? at));

export const check = checkOf(measure, verdict);
