import { type Counting, fleetIsRight, instancesIn, withTruth } from '../../lab/evidence/fleet.ts';
import { exporterSince, untilScrapes } from '../../lab/evidence/samples.ts';
import {
  countingOf,
  globalRate,
  newestWindow,
  rawCounters,
  seriesIn,
  storedIn,
  type Window,
} from '../../lab/evidence/summed.ts';
import { duration, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job } from '../../lab/model/metrics.ts';
import type { Api, Reader } from '../../lab/model/reader.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { hashmod } from '../../lab/promql/hashmod.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import {
  eachAlone,
  type Queried,
  theLoss,
  theLuck,
  theSilence,
  theSplit,
  theSum,
  theUnion,
  theWarning,
} from './findings.ts';
import { plainQuerier } from './services.ts';
import { type Shard, shards } from './union.ts';

/** How often a querier looks which sidecars are there. */
const looksEverySeconds = 5;

export type Measured = {
  lab: Lab;
  window: Window;
  /** since when in that window the exporter runs that answers */
  since: number;
  /** the fleet, as the exporter tells it */
  instances: string[];
  /** the shards that answer, with what they have stored */
  answering: Shard[];
  /** of the instances that they have stored */
  members: Counting[];
  /** requests that happened in the window, by instance */
  happened: Record<string, number>;
  /** undefined where the querier does not answer */
  strict: Queried | undefined;
  plain: Queried | undefined;
  /** what the Prometheus that scrapes all says; undefined where it says nothing */
  base: number | undefined;
  /** false where a sample came while the services were asked one after the other */
  isSettled: boolean;
};

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const window = newestWindow(lab);
  const since = Math.max(exporterSince(lab), window.at - window.windowSeconds);
  const fleet = instancesIn(lab).filter((each) => each.job === job);
  const instances = fleet.map(({ instance }) => instance);
  const stored = await Promise.all(shards.map(({ service }) => storedIn(read.at(`${service}:9090`), window)));
  const answering = shards.flatMap((shard, index) => {
    const found = stored[index];
    return found ? [{ ...shard, series: found.counters }] : [];
  });
  const nothing = { lab, window, since, instances, answering, members: [], happened: {}, isSettled: true };
  if (answering.length === 0) return { ...nothing, strict: undefined, plain: undefined, base: undefined };
  const strict = await queried(read.at(globalQuerier.address), window);
  const plain = await queried(read.at(plainQuerier.address), window);
  const base = (await read.query(globalRate(window), window.at))[0]?.samples[0]?.[1];
  const again = await Promise.all(shards.map(({ service }) => storedIn(read.at(`${service}:9090`), window)));
  const told = await withTruth(
    instances.map((instance) =>
      countingOf(
        instance,
        stored.find((each) => each?.counters.some(({ labels }) => labels.instance === instance)),
      ),
    ),
    read,
    lab,
    since,
    window.at,
  );
  return {
    ...nothing,
    members: told.filter(({ requests }) => requests.length > 0),
    happened: Object.fromEntries(
      told.map(({ instance, truth }) => {
        const isInside = (second: number) => second >= since && second < window.at;
        const inside = truth.requestsPerSecond.filter((_, index) => isInside(truth.instants[index]!));
        return [instance, inside.reduce((sum, value) => sum + value, 0)];
      }),
    ),
    strict,
    plain,
    base,
    isSettled: JSON.stringify(again) === JSON.stringify(stored),
  };
};

const queried = async (api: Api, window: Window): Promise<Queried | undefined> => {
  const ask = (query: string, more = {}) => api.answer('query', { query, time: window.at, ...more });
  const part = await ask(globalRate(window));
  const raw = await ask(rawCounters(window));
  const whole = await ask(globalRate(window), { partial_response: 'false' });
  if (part === undefined || raw === undefined || whole === undefined) return undefined;
  return {
    warnings: part.warnings.length,
    codeWhenWhole: whole.code,
    sum: seriesIn(part)[0]?.samples[0]?.[1],
    series: seriesIn(raw),
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, window, since, instances, answering, members, happened, strict, plain, base, isSettled } = measured;
  const [alive] = answering;
  if (lab.exporter === undefined) return { kind: 'wait', seconds: 2, reason: 'the exporter to answer' };
  if (alive === undefined) return { kind: 'elsewhere', reason: 'no shard answers' };
  if (strict === undefined || plain === undefined) {
    const silent = (strict === undefined ? globalQuerier : plainQuerier).name;
    return { kind: 'elsewhere', reason: `${silent} does not answer`, type: `make start SERVICE=${silent}` };
  }
  if (!isSettled) return { kind: 'wait', seconds: 1, reason: 'a scrape that is being stored' };
  const wait = wholeIn(measured);
  if (wait > 0)
    return { kind: 'wait', seconds: wait, reason: `${seconds(window.windowSeconds)} of samples of each instance` };
  const dead = shards.find(({ service }) => answering.every((each) => each.service !== service));
  if (dead === undefined) {
    if (strict.warnings > 0 || plain.series.length < members.length) {
      return { kind: 'wait', seconds: looksEverySeconds, reason: 'the queriers to see both sidecars' };
    }
    return {
      kind: 'measured',
      phase: 0,
      findings: [
        fleetIsRight(members, since, window.at),
        theSplit(instances, answering),
        theUnion(answering, strict, window),
        theSum(answering, strict, window),
        eachAlone(answering, base, window),
        theLuck(instances),
      ],
    };
  }
  // A shard that was only slow to answer is none that is dead.
  if (strict.warnings === 0) return { kind: 'wait', seconds: 2, reason: `the strict querier to miss ${dead.service}` };
  if (plain.warnings > 0) {
    const reason = `the plain querier to give ${dead.sidecar} up: it checks every ${duration(looksEverySeconds)}`;
    return { kind: 'wait', seconds: 2 * looksEverySeconds, reason };
  }
  return {
    kind: 'measured',
    phase: 1,
    findings: [
      fleetIsRight(members, since, window.at),
      theWarning(strict, { ...dead, series: [] }),
      theSilence(plain, { ...dead, series: [] }),
      theLoss(instances, alive, [strict, plain], happened, since, window),
    ],
  };
};

/**
 * How long until the window is whole: it begins with the first scrape of each instance. A shard that is dead is not
 * waited for; nor is an instance that its shard does not scrape, although it has a whole window of others.
 * @returns seconds, rounded up; 0 where it is whole
 */
const wholeIn = ({ lab, window, since, instances, members, answering }: Measured): number => {
  const start = window.at - window.windowSeconds;
  const latest = start + 1.5 * lab.scrapeSeconds;
  const firstOf = (samples: readonly Sample[]) => samples.find(([at]) => at > since)?.[0];
  const scrapesOthers = (instance: string): boolean =>
    answering.every(({ series }) => series.every(({ labels }) => labels.instance !== instance)) &&
    answering.some(
      ({ number, series }) =>
        number === hashmod(instance, shards.length) &&
        series.some(({ samples }) => (firstOf(samples) ?? Number.POSITIVE_INFINITY) <= latest),
    );
  const meant = instances.filter((instance) =>
    answering.some(({ number }) => number === hashmod(instance, shards.length)),
  );
  const missing = meant.map((instance) => {
    const own = members.find((member) => member.instance === instance);
    const first = firstOf(own?.requests ?? []);
    if (first !== undefined) return first - latest;
    return scrapesOthers(instance) ? 0 : untilScrapes(1, undefined, lab) + window.windowSeconds;
  });
  return Math.ceil(Math.max(0, ...missing));
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
