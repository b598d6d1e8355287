import { type Instance, matchersOf } from '../../lab/evidence/fleet.ts';
import { clock, count, round, truthBetween } from '../../lab/model/format.ts';
import type { Truth } from '../../lab/model/lab.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { lookbackSeconds, milliseconds } from '../../lab/promql/window.ts';

export const plainGauge = 'temperature_celsius';
export const stampedGauge = 'temperature_stamped_celsius';
/** How long the gauges have to live so that a scrape surely meets them, seconds. */
export const lifeFor = (scrapeSeconds: number): number => Math.ceil((20 + 2 * scrapeSeconds) / 10) * 10;

export const stampedJob = 'my_app_stamped';

/** One gauge of one instance, and what Prometheus answers about it. */
export type Silenced = Pick<Instance, 'instance' | 'job' | 'number'> & {
  metric: string;
  samples: Sample[];
  /** the first scrape without it; undefined where that has not come yet */
  endedAt?: number;
  /** the answers at some instants; undefined where there is none */
  shown: { at: number; value: number | undefined }[];
  /** the same of absent() */
  absent: { at: number; isAbsent: boolean }[];
};

export const selector = (gauge: Pick<Silenced, 'metric' | 'instance' | 'job'>): string =>
  `${gauge.metric}{${matchersOf(gauge)}}`;

export const last = ({ samples }: { samples: readonly Sample[] }): number => samples.at(-1)![0];

/** A sample's own timestamp may lie before its scrape: the answer must be of the samples that are stored. */
const valueAt = ({ shown }: Silenced, at: number) =>
  shown.find((one) => milliseconds(one.at) === milliseconds(at))?.value;
const isAbsentAt = ({ absent }: Silenced, at: number) =>
  absent.find((one) => milliseconds(one.at) === milliseconds(at))?.isAbsent;

export const whatHappened = (truth: Truth): Fact => ({
  fact: `what happened: both temperatures were last measured just before ${clock(truth.timestamps!.stopsAt)}; since then there is none`,
  evidence: truthBetween(truth.timestamps!.stopsAt - 1, truth.timestamps!.stopsAt),
});

/** The samples that carry the time of measurement, beside the truth of that second. */
export const whatWasStored = (stamped: Silenced, truth: Truth): Claim => {
  const { celsius } = truth.timestamps!;
  const right = new Map(truth.instants.map((at, index) => [at, celsius[index]]));
  const wrong = stamped.samples.filter(([at, value]) => right.get(at) !== value);
  const words = count(stamped.samples.length, 'sample');
  return {
    claim: `what was stored is right: ${words} of ${selector(stamped)} at the whole seconds in which they were measured, the last at ${clock(last(stamped))}`,
    holds: wrong.length === 0,
    evidence: `${selector(stamped)}[1m] at ${clock(last(stamped))}, beside /truth`,
    expected:
      wrong.map(([at]) => `${right.get(at) ?? 'none'} at ${clock(at)}`).join(', ') || 'the temperatures of /truth',
    measured: wrong.map(([, value]) => `${value}`).join(', ') || 'none',
    look: `${stampedGauge} in the table view`,
  };
};

const shown = (value: number | undefined) => (value === undefined ? 'nothing' : `${value}`);
const shownAbsent = (is: boolean | undefined) => (is ? 'absent' : 'there');

const goneAtOnce = (silenced: Silenced, words: string): Claim => {
  const at = silenced.endedAt!;
  const [value, isAbsent] = [valueAt(silenced, at), isAbsentAt(silenced, at)];
  return {
    claim: `${words} at ${clock(at)}, ${round(at - last(silenced), 1)} s after its last sample, and absent() says so`,
    holds: value === undefined && isAbsent === true,
    evidence: `${selector(silenced)} and absent(${selector(silenced)}) at ${clock(at)}`,
    expected: 'nothing, absent',
    measured: `${shown(value)}, ${shownAbsent(isAbsent)}`,
    look: `${silenced.metric} in the graph view`,
  };
};

export const plainIsGone = (plain: Silenced): Claim =>
  goneAtOnce(plain, `${plain.metric} is stale with the next scrape,`);

export const stampedIsShown = (stamped: Silenced): Claim => {
  const [, value] = stamped.samples.at(-1)!;
  const [still, gone] = [last(stamped) + lookbackSeconds - 1, last(stamped) + lookbackSeconds];
  const answers = [valueAt(stamped, still), valueAt(stamped, gone)];
  return {
    claim: `${stamped.metric} has timestamps of its own and no end: Prometheus shows ${value} until ${clock(still)}, 299 s after its last timestamp, and at ${clock(gone)}, after 300 s, nothing`,
    holds: answers[0] === value && answers[1] === undefined,
    evidence: `${selector(stamped)} at ${clock(still)} and at ${clock(gone)}`,
    expected: `${value}, nothing`,
    measured: answers.map(shown).join(', '),
    look: `timestamp(${stamped.metric}) in the table view`,
  };
};

export const absentIsSilent = (stamped: Silenced): Claim => {
  const [still, gone] = [last(stamped) + lookbackSeconds - 1, last(stamped) + lookbackSeconds];
  const answers = [isAbsentAt(stamped, still), isAbsentAt(stamped, gone)];
  return {
    claim: 'an alert on absent() is silent for just as long',
    holds: answers[0] === false && answers[1] === true,
    evidence: `absent(${selector(stamped)}) at ${clock(still)} and at ${clock(gone)}`,
    expected: 'there, absent',
    measured: answers.map(shownAbsent).join(', '),
    look: `absent(${stamped.metric}) in the graph view`,
  };
};

export const theFix = (fixed: Silenced): Claim =>
  goneAtOnce(fixed, `the fix: the job ${stampedJob} has track_timestamps_staleness, and there it is stale`);

export const notFixed: Fact = {
  fact: `left out: no instance with these gauges is in the job ${stampedJob}, which has the fix`,
  evidence: '/truth',
};
