import { only } from '../../lab/evidence/samples.ts';
import { clock, count, listed } from '../../lab/model/format.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Claim } from '../../lab/model/verdict.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import { absence, counted, type Devices, isLate, of, pushing, visitors } from './pushed.ts';

/** What is said of the device that has stopped. Seconds are those after its last point; undefined is an empty answer. */
export type Stopped = {
  /** what an instant query shows of it */
  shown: readonly { after: number; value: number | undefined }[];
  /** what the two ways to ask for its absence say, before and after the window of the second is over */
  absent: readonly { after: number; absent: number | undefined; overTime: number | undefined }[];
  /** how many devices an instant query counts, and how many have a point in the window, beside the truth of both */
  devices: { at: number; shown: number | undefined; recent: number | undefined; stored: number; pushing: number };
};

/** Half-way between two points, before and after the window of `absence` is over. */
const [inWindow, pastWindow] = [4.5, 5.5];

export const stoppedIn = async ({ first, requests }: Devices, read: Pick<Reader, 'query'>): Promise<Stopped> => {
  const value = async (expr: string, at: number) => only(await read.query(expr, at))[0]?.[1];
  const last = requests.filter(({ device }) => device === 'stopped').at(-1)!.points[0]![0];
  const at = last + pastWindow;
  const taken = requests.filter(
    (request) => !visitors.includes(request.device) && !request.isBad && !isLate({ first, requests }, request),
  );
  const devicesIn = (from: number) =>
    new Set(taken.flatMap(({ device, points }) => (points.some(([time]) => time > from && time <= at) ? [device] : [])))
      .size;
  return {
    shown: await Promise.all(
      [lookbackSeconds - 1, lookbackSeconds].map(async (after) => ({
        after,
        value: await value(of('stopped'), last + after),
      })),
    ),
    absent: await Promise.all(
      [inWindow, pastWindow].map(async (after) => ({
        after,
        absent: await value(`absent(${of('stopped')})`, last + after),
        overTime: await value(absence, last + after),
      })),
    ),
    devices: {
      at,
      shown: await value(counted, at),
      recent: await value(pushing, at),
      stored: devicesIn(Number.NEGATIVE_INFINITY),
      pushing: devicesIn(at - 5),
    },
  };
};

const said = (value: number | undefined): string => (value === undefined ? 'nothing' : `${value}`);

export const shownForLong = ({ shown }: Stopped): Claim => ({
  claim: `nothing marks a device that has stopped as stale: ${shown.map(({ after, value }) => `${said(value)} at ${after} s`).join(', ')} after its last point`,
  holds: shown.length === 2 && shown[0]!.value !== undefined && shown[1]!.value === undefined,
  evidence: `${of('stopped')} at these instants`,
  expected: 'its last value until the lookback of five minutes is over, and nothing from then on',
  measured: listed(shown.map(({ value }) => said(value))),
  look: `${of('stopped')} in the graph view`,
});

export const stillCounts = ({ devices: { at, shown, recent, stored, pushing: active } }: Stopped): Claim => ({
  claim: `who has stopped still counts: at ${clock(at)} count() says ${count(shown ?? 0, 'device')}, and ${recent ?? 0} had a point stored in the last 5 s (truth: ${active})`,
  holds: shown === stored && recent === active && active < stored,
  evidence: `${counted} and ${pushing} at ${clock(at)}, beside the requests of /truth`,
  expected: `${stored} and ${active}`,
  measured: `${said(shown)} and ${said(recent)}`,
  look: `${counted} and ${pushing} in the graph view`,
});

export const absenceIsSeen = ({ absent: rows }: Stopped): Claim => {
  const [before, after] = rows;
  return {
    claim: `absent() says ${said(after?.absent)} of it at ${after?.after} s after its last point; absent_over_time() with a window of 5 s says ${said(before?.overTime)} at ${before?.after} s and ${said(after?.overTime)} at ${after?.after} s`,
    holds:
      rows.length === 2 &&
      rows.every(({ absent }) => absent === undefined) &&
      before!.overTime === undefined &&
      after!.overTime === 1,
    evidence: `absent(${of('stopped')}) and ${absence} at these instants`,
    expected: 'nothing by absent() at both, and 1 by absent_over_time() once no point is in its window',
    measured: listed(rows.map(({ absent, overTime }) => `${said(absent)} and ${said(overTime)}`)),
    look: `${absence} in the graph view`,
  };
};
