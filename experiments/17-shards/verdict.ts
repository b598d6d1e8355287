import { instancesIn, seriesOf, storedAt, type Target, targetsIn, withTruth } from '../../lab/evidence/fleet.ts';
import { checkOf } from '../../lab/evidence/happening.ts';
import { fleetIsRight, requestsBetween } from '../../lab/evidence/increase.ts';
import { newestWindow } from '../../lab/evidence/latest-window.ts';
import { globalRate, rawCounters, seriesIn } from '../../lab/evidence/querier.ts';
import { exporterSince, untilScrapes } from '../../lab/evidence/samples.ts';
import { duration, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import type { Api, Reader } from '../../lab/model/reader.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { hashmod } from '../../lab/promql/hashmod.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import type { Window } from '../../lab/promql/window.ts';
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
  /** the fleet, as the exporter reports it */
  instances: string[];
  /** the shards that answer, one at least, with what they have stored */
  answering: Shard[];
  /** of the instances that they have stored */
  members: Target[];
  /** requests that happened in the window, by instance */
  happened: Record<string, number>;
  strict: Queried;
  plain: Queried;
  /** what the Prometheus that scrapes all says; undefined where it says nothing */
  base: number | undefined;
  /** false where a sample came while the services were asked one after the other */
  isSettled: boolean;
};

/** @returns all that was measured, or a judgement where something does not answer */
export const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  if (lab.exporter === undefined) return { kind: 'wait', seconds: 2, reason: 'the exporter to answer' };
  const window = newestWindow(lab);
  const since = Math.max(exporterSince(lab), window.at - window.windowSeconds);
  const fleet = instancesIn(lab).filter((each) => each.job === job);
  const readShards = () =>
    Promise.all(
      shards.map(({ service }) => storedAt(read, `${service}:9090`, { metrics: [requests], jobs: [job] }, window)),
    );
  const stored = await readShards();
  const answering = shards.flatMap((shard, index) => {
    const found = stored[index];
    return found ? [{ ...shard, series: seriesOf(found, requests) }] : [];
  });
  if (answering.length === 0) return { kind: 'elsewhere', reason: 'no shard answers' };
  const strict = await queried(read.at(globalQuerier.address), window);
  if (strict === undefined) return isSilent(globalQuerier);
  const plain = await queried(read.at(plainQuerier.address), window);
  if (plain === undefined) return isSilent(plainQuerier);
  const base = (await read.query(globalRate(window), window.at))[0]?.samples[0]?.[1];
  const again = await readShards();
  const targets = fleet.flatMap((one) => {
    const shard = stored.find((series) => series && seriesOf(series, requests, one.instance).length > 0);
    return targetsIn(shard ?? [], [one]);
  });
  const known = await withTruth(targets, read, lab, since, window.at);
  return {
    lab,
    window,
    since,
    instances: fleet.map(({ instance }) => instance),
    answering,
    members: known.filter((each) => each.requests.length > 0),
    happened: Object.fromEntries(
      known.map(({ instance, truth }) => [instance, requestsBetween(truth, since, window.at)]),
    ),
    strict,
    plain,
    base,
    isSettled: JSON.stringify(again) === JSON.stringify(stored),
  };
};

const isSilent = ({ name }: { name: string }): Judgement => ({
  kind: 'elsewhere',
  reason: `${name} does not answer`,
  type: `make start SERVICE=${name}`,
});

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
  const { window, since, instances, answering, members, happened, strict, plain, base, isSettled } = measured;
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
      theLoss(instances, answering[0]!, [strict, plain], happened, since, window),
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

export const check = checkOf(measure, verdict);
