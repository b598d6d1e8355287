import { instancesIn, seriesOf, storedAt, targetsIn, withTruth } from '../../lab/evidence/fleet.ts';
import { checkOf } from '../../lab/evidence/happening.ts';
import { fleetIsRight } from '../../lab/evidence/increase.ts';
import { backSeconds, instant, newestWindow } from '../../lab/evidence/latest-window.ts';
import { counters, globalRate, rawCounters, seriesIn } from '../../lab/evidence/querier.ts';
import { exporterSince, untilScrapes } from '../../lab/evidence/samples.ts';
import { clock, duration, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job, requests, targetUp } from '../../lab/model/metrics.ts';
import type { Api, Notification, Reader } from '../../lab/model/reader.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import type { Window } from '../../lab/promql/window.ts';
import {
  alerts,
  arrived,
  type Queried,
  theAlerts,
  theChoice,
  theCost,
  theDifference,
  theDouble,
  theHoles,
  theSingle,
  theSurvivor,
  theWarning,
} from './findings.ts';
import { cut, type Freeze, freezeIn, isOnEdge, isQuiet, type Replica, replicas } from './pair.ts';

/** No sample for longer than this, of any of the targets, and a replica was frozen. */
const quietSecondsFor = ({ scrapeSeconds }: Lab): number => scrapeSeconds + 5;

/** How far back a freeze is looked for. */
const longestSeconds = 900;

export type Measured = {
  lab: Lab;
  window: Window;
  /** since when in that window the exporter and both replicas run that answer */
  since: number;
  instances: string[];
  /** the replicas that answer, one at least */
  pair: Replica[];
  /** the stretch that is measured; undefined where none was frozen */
  freeze: Freeze | undefined;
  querier: Queried;
  /** how often the alert fires at the replicas together */
  firing: number;
  /** what has arrived of the alerts; undefined where the guide does not answer */
  inbox: Notification[] | undefined;
  /** false where a sample came while the services were asked one after the other */
  isSettled: boolean;
};

/** @returns all that was measured, or a judgement where something does not answer, or is still to come */
export const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  if (lab.exporter === undefined) return { kind: 'wait', seconds: 2, reason: 'the exporter to answer' };
  const fleet = instancesIn(lab).filter((each) => each.job === job);
  const newest = newestWindow(lab);
  const started = await Promise.all(replicas.map(({ service }) => startOf(read.at(`${service}:9090`))));
  const known = started.filter((at) => at !== undefined);
  if (known.length === 0) return noReplica;
  const begun = Math.max(exporterSince(lab), ...known);
  const readSeconds = Math.max(newest.windowSeconds, Math.min(longestSeconds, newest.at - begun));
  const readReplicas = (isAsked: (index: number) => boolean, within: Window) =>
    Promise.all(
      replicas.map(({ service }, index) =>
        isAsked(index) ? storedAt(read, `${service}:9090`, { metrics: [requests], jobs: [job] }, within) : undefined,
      ),
    );
  const all = await readReplicas((index) => started[index] !== undefined, {
    at: newest.at,
    windowSeconds: instant(readSeconds),
  });
  const current = replicas.flatMap(({ service }, index) => {
    const stored = all[index];
    return stored ? [{ service, stored: since(stored, begun) }] : [];
  });
  const quietSeconds = quietSecondsFor(lab);
  const freeze =
    known.length < replicas.length ? undefined : current.map((each) => freezeIn(each, quietSeconds)).find(Boolean);
  const thawed = current.find(({ stored }) => isQuiet(stored, quietSeconds, newest.at));
  if (thawed !== undefined) {
    const reason = `the first scrapes of ${thawed.service}, which goes on`;
    return { kind: 'wait', seconds: untilScrapes(1, undefined, lab), reason };
  }
  const window = quiet(freeze ? around(freeze, Math.max(begun, newest.at - readSeconds), lab) : newest, all);
  if (freeze !== undefined && window.at > newest.at) {
    const left = Math.ceil(window.at + backSeconds - lab.now);
    return { kind: 'wait', seconds: Math.max(1, left), reason: `some scrapes after ${freeze.service} was thawed` };
  }
  const from = Math.max(begun, window.at - window.windowSeconds);
  const querier = await queried(read.at(globalQuerier.address), window);
  const firing = seriesIn(
    (await read.at(globalQuerier.address).answer('query', {
      query: `ALERTS{alertname="${alerts.alike}",alertstate="firing"}`,
      time: window.at,
      dedup: 'false',
    })) ?? { code: 0, data: {} },
  ).length;
  const again = await readReplicas((index) => all[index] !== undefined, window);
  const before = all.map((stored) => stored && cut(stored, window));
  const pair = await Promise.all(
    replicas
      .flatMap((replica, index) => {
        const stored = before[index];
        return stored ? [{ ...replica, stored }] : [];
      })
      .map(async (each) => ({
        ...each,
        members: await withTruth(targetsIn(each.stored, fleet), read, lab, from, window.at),
      })),
  );
  if (pair.length === 0) return noReplica;
  if (querier === undefined) {
    return { kind: 'elsewhere', reason: 'query does not answer', type: 'make start SERVICE=query' };
  }
  return {
    lab,
    window,
    since: from,
    instances: fleet.map(({ instance }) => instance),
    freeze,
    pair,
    querier,
    firing,
    inbox: await read.notifications(),
    isSettled: JSON.stringify(again) === JSON.stringify(before),
  };
};

const noReplica: Judgement = { kind: 'elsewhere', reason: 'no replica answers' };

/** When a Prometheus began; undefined where it does not answer. */
const startOf = async (api: Api): Promise<number | undefined> => {
  const answer = await api.answer('status/runtimeinfo');
  return answer && Date.parse((answer.data as { startTime: string }).startTime) / 1000;
};

/** What was stored since an instant. */
const since = (stored: readonly Series[], from: number): Series[] =>
  stored.map(({ labels, samples }) => ({ labels, samples: samples.filter(([at]) => at >= from) }));

/**
 * From some scrapes before a freeze to some after it, so that the answer has gone over and gone on.
 * @param readFrom  nothing before is known, unix seconds
 */
const around = ({ from, to }: Freeze, readFrom: number, { scrapeSeconds }: Lab): Window => {
  const margin = Math.max(20, 4 * scrapeSeconds);
  const at = instant(to + margin);
  return { at, windowSeconds: Math.max(1, Math.floor(at - Math.max(readFrom, from - margin))) };
};

/** The same window, moved by as little as it takes to have no sample at its edges. */
const quiet = ({ at, windowSeconds }: Window, all: readonly (Series[] | undefined)[]): Window => {
  const samples = all
    .flatMap((stored = []) => [...seriesOf(stored, requests), ...seriesOf(stored, targetUp)])
    .flatMap((each) => each.samples);
  let moved = at;
  while (isOnEdge(samples, moved, windowSeconds)) moved = instant(moved - 0.0069);
  return { at: moved, windowSeconds };
};

const queried = async (api: Api, window: Window): Promise<Queried | undefined> => {
  const ask = (query: string, more = {}) => api.answer('query', { query, time: window.at, ...more });
  const part = await ask(globalRate(window));
  const [whole, doubled, grown, raw, both] = await Promise.all([
    ask(globalRate(window), { partial_response: 'false' }),
    ask(globalRate(window), { dedup: 'false' }),
    ask(`sum(increase(${counters}[${duration(window.windowSeconds)}]))`),
    ask(rawCounters(window)),
    ask(rawCounters(window), { dedup: 'false' }),
  ]);
  if (!part || !whole || !doubled || !grown || !raw || !both) return undefined;
  const number = (answer: Parameters<typeof seriesIn>[0]) => seriesIn(answer)[0]?.samples[0]?.[1];
  return {
    warnings: part.warnings.length,
    codeWhenWhole: whole.code,
    sum: number(part),
    doubled: number(doubled),
    increase: number(grown),
    series: seriesIn(raw),
    both: seriesIn(both),
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, window, since: from, instances, pair, freeze, querier, firing, inbox, isSettled } = measured;
  const first = pair[0]!;
  if (!isSettled) return { kind: 'wait', seconds: 1, reason: 'a scrape that is being stored' };
  const wait = wholeIn(measured);
  if (wait > 0)
    return { kind: 'wait', seconds: wait, reason: `${seconds(window.windowSeconds)} of samples of each instance` };
  const silent = replicas.find(({ service }) => pair.every((each) => each.service !== service));
  if (silent !== undefined) {
    // One that was only slow to answer is not frozen.
    if (querier.warnings === 0) return { kind: 'wait', seconds: 2, reason: `the querier to miss ${silent.service}` };
    return {
      kind: 'measured',
      phase: 1,
      findings: [
        fleetIsRight(first.members, from, window.at),
        theSurvivor(first, instances, querier, window),
        theWarning(querier, silent.service),
      ],
    };
  }
  if (querier.warnings > 0) return { kind: 'wait', seconds: 5, reason: 'the querier to see both sidecars' };
  const choice = theChoice(pair, instances, querier, window);
  if (freeze !== undefined) {
    const survivor = pair.find(({ service }) => service !== freeze.service)!;
    return {
      kind: 'measured',
      phase: 2,
      findings: [
        {
          fact: `what happened: ${freeze.service} scraped nothing from ${clock(freeze.from)} to ${clock(freeze.to)}, ${seconds(freeze.to - freeze.from)}`,
          evidence: 'the times of all its samples of up{job="my_app"}',
        },
        fleetIsRight(survivor.members, from, window.at),
        choice,
        theHoles(pair, freeze, querier, 4 * lab.scrapeSeconds + 10),
        theCost(pair, freeze, instances, querier, { ...window, since: from }),
      ],
    };
  }
  const few =
    inbox && (arrived(inbox, alerts.alike) < instances.length || arrived(inbox, alerts.each) < 2 * instances.length);
  if (few) {
    return { kind: 'wait', seconds: 10, reason: 'the alerts of both replicas to arrive' };
  }
  return {
    kind: 'measured',
    phase: 0,
    findings: [
      fleetIsRight(first.members, from, window.at),
      theDouble(pair, querier, window),
      theSingle(pair, instances, querier, window),
      choice,
      theDifference(pair),
      ...(inbox === undefined ? [] : [theAlerts(inbox, firing, instances)]),
    ],
  };
};

/** How long until each replica has samples of each instance from the start of the window on; seconds, rounded up. */
const wholeIn = ({ lab, window, since: from, instances, pair, freeze }: Measured): number => {
  if (freeze !== undefined) return 0;
  const start = window.at - window.windowSeconds;
  const missing = pair.flatMap(({ members }) =>
    instances.map((instance) => {
      const first = members.find((each) => each.instance === instance)?.requests.find(([at]) => at > from)?.[0];
      return first === undefined
        ? untilScrapes(1, undefined, lab) + window.windowSeconds
        : first - start - 1.5 * lab.scrapeSeconds;
    }),
  );
  return Math.ceil(Math.max(0, ...missing));
};

export const check = checkOf(measure, verdict);
