import { count } from '../../lab/model/format.ts';
import type { Claim } from '../../lab/model/verdict.ts';
import { lostOf, type Measured, requestsOf, stores } from './findings.ts';
import { isLate, outOfOrder, pointsOf } from './pushed.ts';

const offline = ['north', 'south'];

export const lateIsLost = (measured: Measured): Claim => {
  const { devices } = measured;
  const late = requestsOf(devices, ...offline).filter((request) => isLate(devices, request));
  return stores(
    measured,
    offline,
    (request) => !isLate(devices, request),
    `what comes late is lost: north and south were offline, pushed what is new and then what they had missed, ${pointsOf(late).length} points in ${count(late.length, 'request')}, of which none is stored`,
    late.length > 0,
  );
};

export const inOrderIsStored = (measured: Measured): Claim => {
  const backlog = requestsOf(measured.devices, 'patient').filter(({ points }) => points.length > 1);
  const late = backlog.reduce((sum, { at, points }) => sum + points.filter(([taken]) => taken < at).length, 0);
  return stores(
    measured,
    ['patient'],
    () => true,
    `what comes late before what is new is stored: patient was offline as long, and none of its ${late} late points is lost`,
    late > 0,
  );
};

export const counterSaysLess = (measured: Measured): Claim => {
  const { devices, stored, outOfOrder: counted } = measured;
  const lost = offline.reduce((sum, name) => sum + lostOf(pointsOf(requestsOf(devices, name)), stored[name]), 0);
  return {
    claim: `the counter of samples out of order says ${counted ?? 'nothing'}, and ${lost} are lost: a request ends at its first`,
    holds: counted !== undefined && counted > 0 && counted < lost,
    evidence: `${outOfOrder}, beside what is missing of north and south`,
    expected: `more than 0 and less than ${lost}`,
    measured: `${counted ?? 'nothing'}`,
    look: `${outOfOrder} in the graph view`,
  };
};
