import { type Absence, absencesOf, isAway, startsOf } from '../absences.ts';
import { carried, deliveryOf, isWithin, missingTimes } from '../delivery.ts';
import { cpu, ofExporter } from '../metrics.ts';
import {
  dropped,
  engineBegan,
  engineUp,
  prometheusBegan,
  refused,
  retried,
  sentUpTo,
  waiting,
} from '../remote-write.ts';
import { exporterSince, only, untilScrapes } from '../samples.ts';
import type { Judgement, Lab, Reader, Sample, Series } from '../types.ts';
import { clock, duration, seconds } from '../words.ts';
import {
  type Answered,
  nothingRefused,
  nothingTells,
  theAnswer,
  theArrival,
  theBacklog,
  theHole,
  whatHappened,
} from './findings.ts';
import { caughtUpSeconds, type Loss, lossesOf, startErrorSeconds } from './loss.ts';

export const store = 'store';

/** Everything is asked at an instant that lies so far back: what was scraped until then has been sent, unless it waits. */
const backSeconds = 15;

/** No more than this is compared. */
const longestSeconds = 3_600;

export type Measured = {
  lab: Lab;
  /** since when samples are sent to this store, as far as they are compared; undefined where none has been yet */
  since: number | undefined;
  until: number;
  /** of the exporter: what Prometheus has stored, and what the store has */
  stored: Series[];
  arrived: Series[];
  absences: Absence[];
  /** whether the store answers now, whatever the last scrape of it says */
  isBack: boolean;
  losses: Loss[];
  /** what Prometheus tells of its sending, at its scrapes of itself */
  refused: Sample[];
  dropped: Series[];
  retried: Sample[];
  waiting: Sample[];
  /** how often the CPU was sampled, as Prometheus and the store answer; undefined where query does not answer */
  counted: { prometheus: number; store: Answered } | undefined;
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const until = Math.floor((lab.now - backSeconds) * 1000) / 1000;
  const own = async (selector: string): Promise<Series[]> =>
    (await read.samples(selector, longestSeconds, lab.now)).filter(
      ({ labels }) => labels.url === undefined || labels.url === lab.remoteWriteUrl,
    );
  const [began, sent] = [only(await own(prometheusBegan)), only(await own(sentUpTo))];
  const first = sent.find(([at]) => at >= exporterSince(lab))?.[0];
  const begin = began.find(([at]) => at === first)?.[1];
  const since =
    first === undefined || begin === undefined
      ? undefined
      : Math.max(exporterSince(lab), begin + startErrorSeconds, until - longestSeconds);
  const ofThem = began.filter(([, value]) => value >= (begin ?? Number.POSITIVE_INFINITY));
  const absences = absencesOf(only(await own(engineUp(store))), only(await own(engineBegan(store)))).filter(
    ({ lastSeen }) => lastSeen >= (since ?? 0),
  );
  const starts = startsOf(ofThem);
  const lastSeen = starts.map((start) => ofThem.findLast(([, value]) => value === start)![0]);
  const window = Math.max(0.001, until - (since ?? until));
  const [querier, expr] = [read.at('query:10902'), countOfCpu(window)];
  const answer = await querier.answer('query', { query: expr, time: until });
  const isThere = answer?.code === 200;
  return {
    lab,
    since,
    until,
    stored: since === undefined ? [] : await read.samples(carried(), window, until),
    arrived: since === undefined || !isThere ? [] : await querier.samples(carried(), window, until),
    absences,
    isBack: (await read.at(`${store}:10902`).answer('status/buildinfo')) !== undefined,
    losses: lossesOf(absences, starts, lastSeen),
    refused: only(await own(refused)),
    dropped: await own(dropped),
    retried: only(await own(retried)),
    waiting: only(await own(waiting)),
    counted: isThere
      ? {
          prometheus: (await read.query(expr, until))[0]?.samples[0]?.[1] ?? 0,
          store: {
            value: (await querier.query(expr, until))[0]?.samples[0]?.[1] ?? 0,
            warnings: answer.warnings.length,
          },
        }
      : undefined,
  };
};

/** How many samples of the CPU there are in the window before an instant. */
export const countOfCpu = (windowSeconds: number): string =>
  `count_over_time(${ofExporter(cpu)}[${duration(Math.ceil(windowSeconds * 1000) / 1000)}])`;

export const verdict = (measured: Measured): Judgement => {
  const { lab, since, until, stored, arrived, absences, losses, counted } = measured;
  if (!lab.engine?.includes(store) || lab.remoteWriteUrl === undefined) {
    return { kind: 'elsewhere', reason: 'Prometheus sends nothing to a store' };
  }
  if (counted === undefined) {
    return { kind: 'elsewhere', reason: 'query does not answer', type: 'make start SERVICE=query' };
  }
  if (isAway(absences) && measured.isBack) {
    const wait = untilScrapes(1, absences.at(-1)!.lastMissed, lab);
    return { kind: 'wait', seconds: wait, reason: 'the first scrape of the store that is back' };
  }
  if (isAway(absences)) {
    const away = absences.at(-1)!;
    const reason = `the store has been away since ${clock(away.firstMissed!)}, and what is scraped waits for it`;
    return { kind: 'elsewhere', reason, type: `make start SERVICE=${store}` };
  }
  if (since === undefined || until < since + 2 * lab.scrapeSeconds) {
    const wait = since === undefined ? untilScrapes(1, undefined, lab) : since + 2 * lab.scrapeSeconds - until;
    return { kind: 'wait', seconds: Math.max(1, wait), reason: 'two scrapes, and for them to be sent' };
  }
  const back = absences.at(-1)?.seenAgain;
  if (back !== undefined && until < back) {
    return { kind: 'wait', seconds: Math.max(1, back - until), reason: 'the first scrape of the store that is back' };
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
    return { kind: 'wait', seconds: 5, reason: 'the store to catch up' };
  }
  const loss = losses.findLast(({ surely }) => surely !== undefined);
  const unseen = losses.find(({ perhaps, surely }) => surely === undefined && isDuring(absences, perhaps.to));
  if (loss === undefined && unseen !== undefined) {
    const reason = `Prometheus was restarted while the store was away, and at a scrape every ${seconds(lab.scrapeSeconds)} no scrape tells of how long: leave it away for ${seconds(3 * lab.scrapeSeconds)} before and after`;
    return { kind: 'elsewhere', reason, type: `make stop SERVICE=${store}` };
  }
  const all = { ...measured, since, delivery, counted };
  return {
    kind: 'measured',
    phase: loss !== undefined ? 2 : absences.length > 0 ? 1 : 0,
    findings: [
      whatHappened(all),
      theArrival(all),
      ...theBacklog(all),
      ...(loss === undefined ? [nothingRefused(all)] : [theHole(all, loss), nothingTells(all, loss), theAnswer(all)]),
    ],
  };
};

const isDuring = (absences: readonly Absence[], at: number): boolean =>
  absences.some(({ lastSeen, seenAgain }) => lastSeen < at && at < (seenAgain ?? at));

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
