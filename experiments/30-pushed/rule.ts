import { only, storingSeconds } from '../../lab/evidence/samples.ts';
import { clock, count, round, seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Finding } from '../../lab/model/verdict.ts';
import { agrees, increase } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { type DeviceRequest, type Devices, patient, pointsOf, recorded, recordedLater } from './pushed.ts';

/** How far back both rules look, and how much later the second one asks, seconds; rules.yml says the same. */
const windowSeconds = 10;
export const offsetSeconds = 10;
export const visited = `increase(${patient}[${windowSeconds}s])`;

/** What a rule recorded while the device patient was offline. */
export type Evaluations = {
  samples: readonly Sample[];
  /** what its expression says now about the last of these instants */
  now: number | undefined;
  /** whether it may have no sample although all is well: evaluations are rarer than the time is long, or come beside it */
  mayBeNone: boolean;
};
export type Recorded = { from: number; to: number; atOnce: Evaluations; later: Evaluations };

/**
 * The time in which the points of patient are missing for sure, and so many of them that it is seen.
 * @returns unix seconds; until the second one all that was missed is still to be pushed
 */
const missingIn = ({ requests }: Devices): Pick<Recorded, 'from' | 'to'> => {
  const { at, points } = requests.find((request) => request.device === 'patient' && request.points.length > 1)!;
  return { from: points[0]![0] + 1, to: at - 2 * storingSeconds };
};

/** By then both rules have recorded what they do about that time. */
export const recordedBy = (devices: Devices): number => missingIn(devices).to + offsetSeconds + 2 * storingSeconds;

export const recordedIn = async (devices: Devices, read: Reader, lab: Lab): Promise<Recorded> => {
  const { from, to } = missingIn(devices);
  const of = async (name: string): Promise<Evaluations> => {
    const selector = `${name}{job="devices",instance="patient"}`;
    const samples = only(await read.samples(selector, to - from, to));
    const last = samples.at(-1)?.[0];
    const around = only(await read.samples(selector, lab.now - devices.first, lab.now));
    return {
      samples,
      now: last === undefined ? undefined : only(await read.query(visited, last))[0]?.[1],
      mayBeNone: lab.evaluationSeconds > to - from || around.length > 0,
    };
  };
  return { from, to, atOnce: await of(recorded), later: await of(recordedLater) };
};

const said = (value: number | undefined): string => (value === undefined ? 'nothing' : round(value, 1));

type Row = {
  name: string;
  /** @param last  such as `35 about 08:30:31` */
  words: (last: string, now: string) => string;
  /** the requests of the device that the rule has seen, at an instant */
  seen: (request: DeviceRequest, at: number) => boolean;
  isLess: boolean;
};

const finding = (
  { requests }: Devices,
  { from, to }: Recorded,
  { samples, now, mayBeNone }: Evaluations,
  { name, words, seen, isLess }: Row,
): Finding => {
  const evidence = `${name} from ${clock(from)} to ${clock(to)}, beside ${visited} and the points of patient in /truth`;
  const last = samples.at(-1);
  if (last === undefined && mayBeNone)
    return {
      fact: `no evaluation of ${name} was about the ${seconds(to - from)} in which points of patient were missing`,
      evidence,
    };
  const pushed = requests.filter(({ device }) => device === 'patient');
  const rows = samples.map(([at, value]) => ({
    value,
    own: increase(pointsOf(pushed.filter((request) => seen(request, at))), at, windowSeconds),
    whole: increase(pointsOf(pushed), at, windowSeconds),
  }));
  const newest = rows.at(-1);
  return {
    claim: words(last ? `${said(last[1])} about ${clock(last[0])}` : 'nothing', said(now)),
    holds:
      newest?.whole !== undefined &&
      agrees(now, newest.whole) &&
      rows.every(({ value, own, whole }) => agrees(value, own) && (!isLess || value < Number(whole))),
    evidence,
    expected: `${said(newest?.own)} recorded, and ${said(newest?.whole)} asked now`,
    measured: `${said(last?.[1])} and ${said(now)}, at the last of ${count(rows.length, 'evaluation')}`,
    look: `${name} in the graph view, beside ${visited}`,
  };
};

/** A rule keeps what it saw: the points that had been pushed by then. */
export const ruleIsLow = (devices: Devices, recording: Recorded): Finding =>
  finding(devices, recording, recording.atOnce, {
    name: recorded,
    words: (last, now) =>
      `a rule sees what is stored when it is evaluated, and nothing corrects it: it recorded ${last}, while patient was offline, and increase() asked now says ${now}`,
    seen: (request, at) => request.at < at,
    isLess: true,
  });

/** One that asks later sees what has come by then. */
export const laterIsWhole = (devices: Devices, recording: Recorded): Finding =>
  finding(devices, recording, recording.later, {
    name: recordedLater,
    words: (last, now) =>
      `a rule with a query_offset of ${offsetSeconds} s, longer than a device is offline, misses nothing: it recorded ${last}, and increase() asked now says ${now}`,
    seen: () => true,
    isLess: false,
  });
