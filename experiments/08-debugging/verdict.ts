import { activeSince, untilScrapes } from '../../lab/evidence/samples.ts';
import { clock, count } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { cpu as gauge } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { faultIn } from './faults.ts';
import { findings, isSeen } from './findings.ts';
import { type Measured, measure } from './measured.ts';

/** A service that has just begun may fail a scrape for another reason. */
const settlingSeconds = 30;

/** @param isNamed  whether the learner may be revealed what the fault is */
export const verdict = (measured: Measured, isNamed: boolean): Judgement => {
  const { lab, up: ups } = measured;
  const first = ups[0];
  if (first === undefined || lab.target === undefined || lab.target.health === 'unknown') {
    const seconds = untilScrapes(1, undefined, lab);
    return { kind: 'wait', seconds, reason: 'the first scrape with the fault' };
  }
  if (!isSeen(measured) && lab.now - activeSince(lab) < settlingSeconds) {
    return { kind: 'wait', seconds: untilScrapes(1, ups.at(-1)![0], lab), reason: 'a scrape that shows the fault' };
  }
  if (!isNamed) {
    const scrapes = `${count(ups.length, 'scrape')} since ${clock(first[0])}`;
    return { kind: 'search', reason: `${scrapes}, and no new sample of ${gauge}: the cause is yours to find` };
  }
  return { kind: 'measured', findings: findings(measured) };
};

export const check = async (read: Reader, lab: Lab): Promise<Judgement> => {
  const fault = faultIn(lab);
  if (lab.exporter === undefined) {
    return { kind: 'elsewhere', reason: 'the exporter itself does not answer: this is not one of the faults' };
  }
  if (fault === undefined) return { kind: 'elsewhere', reason: 'nothing is broken' };
  const namedAt = lab.mayTell ? lab.now : await read.causeNamedAt();
  return verdict(await measure(read, lab, fault), namedAt !== undefined && namedAt >= activeSince(lab));
};
