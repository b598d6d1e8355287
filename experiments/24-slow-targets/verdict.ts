import { firedAt } from '../../lab/evidence/alerts.ts';
import { couldBeNewest } from '../../lab/evidence/evaluation.ts';
import {
  type Instance,
  instancesIn,
  matchersOf,
  seriesOf,
  storedSeries,
  type Target,
  targetsIn,
} from '../../lab/evidence/fleet.ts';
import { checkOf, waitUntil } from '../../lab/evidence/happening.ts';
import { exporterSince, mean, only, untilScrapes, values } from '../../lab/evidence/samples.ts';
import { couldHaveSeen, marginSeconds } from '../../lab/evidence/scrape.ts';
import { clock, count, duration, grouped, percent, round, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { job, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Claim, Fact, Judgement } from '../../lab/model/verdict.ts';
import { agrees, increase } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { inWindow, type Window } from '../../lab/promql/window.ts';
import { done, failedShare, longJobs, periodSeconds, queueLong, scrapesFail, waiting } from './queue.ts';

/** A queue, and what Prometheus has stored and says of it. */
export type Queue = Target & {
  jobs: Sample[];
  done: Sample[];
  /** the evaluations, by what a rule has recorded, and those at which each alert fired */
  evaluations: number[];
  long: number[];
  failing: number[];
  /** Prometheus' answers over the window */
  says: Record<'max' | 'avg' | 'up' | 'increase', number | undefined>;
};

export type Measured = { window: Window; truth: Truth; slow: Queue; fast: Queue };

/** So long after a scrape it is stored, even one that is slow. */
export const storingSeconds = 2;
/** So long at a time the queue is surely long for a scrape, whenever it meets the page within its timeout. */
const surelyLongSeconds = 7.5;

/**
 * How many scrapes meet the queue at all its stages.
 * @returns undefined where they come at the same few stages for ever
 */
export const scrapesFor = (scrapeSeconds: number): number | undefined =>
  Array.from({ length: periodSeconds }, (_, index) => index + 2).find((number) => {
    const stages = Array.from({ length: number }, (_, index) => (index * scrapeSeconds) % periodSeconds).sort(
      (a, b) => a - b,
    );
    const gaps = stages.map((stage, index) => (stages[index + 1] ?? stages[0]! + periodSeconds) - stage);
    return Math.max(...gaps) <= surelyLongSeconds;
  });

/** Whole periods, so that the queue is long for the same share of each window; the next one where a scrape was missed. */
const windowsFor = ({ scrapeSeconds }: Lab): number[] => {
  const periods = Math.ceil((scrapesFor(scrapeSeconds)! * scrapeSeconds) / periodSeconds);
  return [periods, periods + 1, periods + 2].map((number) => number * periodSeconds);
};

const queueOf = async (target: Target, { at, windowSeconds }: Window, read: Reader): Promise<Queue> => {
  const ask = async (expr: string, metric: string) =>
    only(await read.query(`${expr}(${metric}{${matchersOf(target)}}[${duration(windowSeconds)}])`, at))[0]?.[1];
  const stored = (metric: string) => only(seriesOf(target.series, metric));
  const during = (times: readonly number[]) => times.filter((time) => time > at - windowSeconds);
  return {
    ...target,
    jobs: stored(waiting),
    done: stored(done),
    evaluations: during(stored(failedShare).map(([time]) => time)),
    long: during(firedAt(target.series, { alertname: queueLong })),
    failing: during(firedAt(target.series, { alertname: scrapesFail })),
    says: {
      max: await ask('max_over_time', waiting),
      avg: await ask('avg_over_time', waiting),
      up: await ask('avg_over_time', targetUp),
      increase: await ask('increase', done),
    },
  };
};

/** The slow instance and the fast one; undefined where the exporter simulates something else. */
export const queuesIn = async (
  lab: Lab,
  read: Pick<Reader, 'truth'>,
): Promise<[slow: Instance, fast: Instance] | undefined> => {
  const parts = instancesIn(lab).filter(({ simulates }) => simulates.includes('slow'));
  const delays = await Promise.all(
    parts.map(
      async ({ number }) =>
        (await read.truth(Math.floor(lab.now), Math.floor(lab.now), { instance: number })).jobs?.secondsPerJob,
    ),
  );
  const [slow, fast] = [parts.find((_, index) => delays[index]), parts.find((_, index) => delays[index] === 0)];
  return slow && fast && [slow, fast];
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const queues = await queuesIn(lab, read);
  if (queues === undefined) return { kind: 'elsewhere', reason: 'no instance has a slow page' };
  const at = lab.now - storingSeconds;
  const windows = windowsFor(lab);
  const start = Math.max(
    exporterSince(lab),
    lab.prometheusStartedAt + 3 * lab.evaluationSeconds,
    at - 2 * windows.at(-1)!,
  );
  const all = { at, windowSeconds: Math.max(1, at - start) };
  const metrics = [waiting, done, failedShare, 'ALERTS'];
  const stored = targetsIn(await storedSeries(read, { metrics, jobs: [job] }, all), queues);
  const truth = await read.truth(Math.floor(start) - marginSeconds, Math.floor(at) + marginSeconds, {
    instance: queues[0].number,
  });
  const first = Math.max(...stored.map(({ up }) => up[0]?.[0] ?? Number.POSITIVE_INFINITY));
  const isWhole = (windowSeconds: number) => first <= at - windowSeconds;
  // The queue long, seen by an evaluation as well, and a sample of it while it was short.
  const isMet = (windowSeconds: number) =>
    stored.every(({ up }) => {
      const scrapes = inWindow(up, at, windowSeconds);
      const isSeen = (scrape: Sample) => surelyLong(truth, scrape) && scrape[0] < at - lab.evaluationSeconds - 1;
      return scrapes.some(isSeen) && scrapes.some((scrape) => scrape[1] === 1 && !surelyLong(truth, scrape));
    });
  const windowSeconds = windows.find(isMet) ?? windows.at(-1)!;
  if (!isWhole(windowSeconds)) {
    const since = Number.isFinite(first) ? first : lab.now + untilScrapes(1, undefined, lab);
    const needed = windows.find((each) => !isWhole(each))!;
    return waitUntil(since + needed + storingSeconds, lab, 'the queue to be long and short again');
  }
  const window = { at, windowSeconds };
  if (!stored[0]!.up.some(([, value]) => value === 1)) {
    return { kind: 'elsewhere', reason: `every scrape of ${queues[0].instance} timed out: this machine is too slow` };
  }
  const [slow, fast] = await Promise.all(stored.map((target) => queueOf(target, window, read)));
  return { window, truth, slow: slow!, fast: fast! };
};

/** Jobs that really waited, second by second of the window. */
const jobsIn = ({ truth, window: { at, windowSeconds } }: Measured): number[] =>
  truth.jobs!.waiting.filter((_, index) => truth.instants[index]! >= at - windowSeconds && truth.instants[index]! < at);

/** Whether the queue was long whenever within its timeout a scrape met the page. */
const surelyLong = (truth: Truth, [at]: Sample): boolean =>
  couldHaveSeen(held(truth), { at, durationSeconds: truth.jobs!.timeoutSeconds }).every((jobs) => jobs > longJobs);

const held = ({ instants, jobs }: Truth) => ({ firstSecond: instants[0]!, values: jobs!.waiting });

const whatHappened = (measured: Measured): Fact => {
  const { at, windowSeconds } = measured.window;
  const jobs = jobsIn(measured);
  const { instants, jobs: reported } = measured.truth;
  const doneBy = (instant: number) => reported!.done[Math.floor(instant) - instants[0]!]!;
  const long = jobs.filter((value) => value > longJobs).length;
  return {
    fact: `what happened: in ${seconds(windowSeconds)} the queue was up to ${Math.max(...jobs)} jobs long, ${round(mean(jobs), 0)} on average, and over ${longJobs} for ${seconds(long)}; ${grouped(doneBy(at) - doneBy(at - windowSeconds))} jobs were done`,
    evidence: `${truthBetween(at - windowSeconds, at)}&instance=…, jobs`,
  };
};

/** Each stored sample is right, and was answered in time: none is of a long queue. */
const storedIsShort = ({ slow, window, truth }: Measured): Claim => {
  const { secondsPerJob, timeoutSeconds } = truth.jobs!;
  const samples = inWindow(slow.jobs, window.at, window.windowSeconds);
  const wrong = samples.filter(([at, value]) => {
    // The value is taken before the delay that it makes.
    const asked = { at, durationSeconds: Math.max(0, slow.scrapeAt(at).durationSeconds - value * secondsPerJob) };
    return !couldHaveSeen(held(truth), asked).includes(value) || value * secondsPerJob >= timeoutSeconds;
  });
  return {
    claim: `what was stored is right, and of the short queue alone: ${count(samples.length, 'sample')} of ${slow.instance}, none of ${longJobs} jobs or more`,
    holds: samples.length > 0 && wrong.length === 0,
    evidence: `${waiting}{${matchersOf(slow)}}[${duration(window.windowSeconds)}] at ${clock(window.at)}, beside /truth`,
    expected: `the values of /truth that delay a scrape by less than ${seconds(timeoutSeconds)}`,
    measured: wrong.map(([at, value]) => `${value} at ${clock(at)}`).join(', ') || 'no sample',
    look: `${waiting} in the table view`,
  };
};

/** Each scrape that failed has timed out, and of the long queue none was answered. */
const missingIsLong = ({ slow, window, truth }: Measured): Claim => {
  const { timeoutSeconds } = truth.jobs!;
  const up = inWindow(slow.up, window.at, window.windowSeconds);
  const [failed, long] = [up.filter(([, value]) => value === 0), up.filter((scrape) => surelyLong(truth, scrape))];
  // A timer may be a little early.
  const wrong = [
    ...failed.filter(([at]) => slow.scrapeAt(at).durationSeconds < timeoutSeconds - 0.01),
    ...long.filter(([, value]) => value === 1),
  ];
  return {
    claim: `what is missing is of the long queue: ${failed.length} of ${count(up.length, 'scrape')} timed out after ${seconds(timeoutSeconds)}, all ${long.length} that surely met over ${longJobs} jobs among them`,
    holds: long.length > 0 && wrong.length === 0,
    evidence: `up and scrape_duration_seconds of ${slow.instance}, beside /truth`,
    expected: `a scrape_duration_seconds of ${timeoutSeconds} or more at each that failed, and up 0 at each of the long queue`,
    measured:
      wrong.map(([at]) => `${round(slow.scrapeAt(at).durationSeconds, 3)} s at ${clock(at)}`).join(', ') ||
      'no scrape of the long queue',
    look: `scrape_duration_seconds{instance="${slow.instance}"} in the graph view`,
  };
};

/** A figure over the window: Prometheus' own arithmetic on what is stored, far under what happened. */
const tooLow = (measured: Measured, name: 'max' | 'avg', figure: (numbers: readonly number[]) => number): Claim => {
  const { slow, fast, window } = measured;
  const [own, other] = [slow, fast].map(({ jobs }) => figure(values(inWindow(jobs, window.at, window.windowSeconds))));
  const really = figure(jobsIn(measured));
  const said = slow.says[name];
  return {
    claim: `${name}_over_time(${waiting}) says ${said === undefined ? 'nothing' : round(said, 0)} of the slow one and ${round(fast.says[name] ?? Number.NaN, 0)} of the fast one; it was ${round(really, 0)}`,
    holds: agrees(said, own) && agrees(fast.says[name], other) && own! < really && own! < other!,
    evidence: `${name}_over_time(${waiting}[${duration(window.windowSeconds)}]) at ${clock(window.at)}, beside the raw samples and /truth`,
    expected: `${round(own!, 3)} and ${round(other!, 3)} by the stored samples, the first under both`,
    measured: `${said} and ${fast.says[name]}`,
    look: `${waiting} in the graph view`,
  };
};

/** The alert never fires of the slow one, and at each evaluation that saw a long queue of the fast one. */
const neverFires = ({ slow, fast }: Measured): Claim => {
  const wrong = fast.evaluations.filter((at) => {
    const ups = couldBeNewest(fast.up, fast.scrapeAt, at);
    if (ups.some((sample) => sample?.[1] !== 1)) return false;
    const isLong = couldBeNewest(fast.jobs, fast.scrapeAt, at).map((sample) => (sample?.[1] ?? 0) > longJobs);
    return !isLong.includes(fast.long.includes(at));
  });
  return {
    claim: `${queueLong} (${waiting} > ${longJobs}) fired at ${slow.long.length === 0 ? 'none' : slow.long.length} of ${count(fast.evaluations.length, 'evaluation')} of the slow one, and at ${fast.long.length} of the fast one`,
    holds: slow.long.length === 0 && fast.long.length > 0 && wrong.length === 0,
    evidence: `ALERTS{alertname="${queueLong}",alertstate="firing"}, beside the samples at the same evaluations`,
    expected: `none of ${slow.instance}; of ${fast.instance} where its newest sample is over ${longJobs}`,
    measured: `${slow.long.length} and ${fast.long.length}${wrong.map((at) => `, otherwise at ${clock(at)}`).join('')}`,
    look: `ALERTS{alertname="${queueLong}"} in the graph view`,
  };
};

/** What says so: the share of scrapes that failed, and an alert on it. */
const upSaysSo = ({ slow, window }: Measured): Claim => {
  const up = mean(values(inWindow(slow.up, window.at, window.windowSeconds)));
  return {
    claim: `what says so is up: ${percent(100 * (slow.says.up ?? Number.NaN))} of the scrapes of the slow one succeeded, and ${scrapesFail} fired at ${count(slow.failing.length, 'evaluation')}`,
    holds: agrees(slow.says.up, up) && slow.failing.length > 0,
    evidence: `avg_over_time(up{${matchersOf(slow)}}[${duration(window.windowSeconds)}]) at ${clock(window.at)}, and ALERTS{alertname="${scrapesFail}"}`,
    expected: `${up}, and firing`,
    measured: `${slow.says.up}, and ${slow.failing.length} evaluations`,
    look: `${failedShare} in the graph view`,
  };
};

/** A counter goes on while nobody looks, but what it did at the ends of the window is extrapolated, if at all. */
const counterGoesOn = ({ slow, fast, window }: Measured): Claim => {
  const [own, other] = [slow, fast].map((queue) => increase(queue.done, window.at, window.windowSeconds));
  const [said, beside] = [slow.says.increase, fast.says.increase];
  return {
    claim: `a counter bridges the gaps but for those at the ends: increase(${done}) says ${said === undefined ? 'nothing' : grouped(said)} of the slow one and ${beside === undefined ? 'nothing' : grouped(beside)} of the fast one`,
    // Of fewer than two samples there is no increase.
    holds: (own === undefined ? said === undefined : agrees(said, own)) && agrees(beside, other),
    evidence: `increase(${done}[${duration(window.windowSeconds)}]) at ${clock(window.at)}, beside the raw samples`,
    expected: `${own} and ${other}, by Prometheus' extrapolation of the raw samples`,
    measured: `${said} and ${beside}`,
    look: `${done} in the graph view`,
  };
};

export const verdict = (measured: Measured): Judgement => ({
  kind: 'measured',
  findings: [
    whatHappened(measured),
    storedIsShort(measured),
    missingIsLong(measured),
    tooLow(measured, 'max', (numbers) => Math.max(...numbers)),
    tooLow(measured, 'avg', mean),
    neverFires(measured),
    upSaysSo(measured),
    counterGoesOn(measured),
  ],
});

export const check = checkOf(measure, verdict);
