import type { Lab } from '../model/lab.ts';
import type { Experiment } from '../model/lesson.ts';
import { ofExporter, targetUp } from '../model/metrics.ts';
import type { Reader } from '../model/reader.ts';
import { type Finding, isClaim } from '../model/verdict.ts';
import { type suppressionOf, withSuppressions } from './suppression.ts';

/** How a check ended; the exit code of `make check-N` follows from it. */
export type Outcome =
  | { kind: 'measured'; lab: Lab; findings: Finding[]; next?: string; waitedSeconds: number }
  | { kind: 'elsewhere'; lab: Lab; reason: string; type: string; waitedSeconds: number }
  | { kind: 'search'; lab: Lab; reason: string; type: string; waitedSeconds: number };

export type Waiting = { reason: string; secondsLeft: number };

type Context = {
  observe: () => Promise<Lab>;
  read: Reader;
  /** why an alert is not notified, as suppressionOf() finds it */
  suppression: ReturnType<typeof suppressionOf>;
  /** says what is waited for, then returns after about a second */
  wait: (waiting: Waiting) => Promise<void>;
  clock: () => number;
};

/** Longer than this nothing is waited for beyond what the verdict itself asked: something is wrong with the lab. */
const patienceSeconds = 60;
/** A random signal may need several scrapes to show what is waited for. */
const patienceScrapes = 5;

/** The lab is asked again this often at least: what is waited for may come sooner, or the lab may have changed. */
const askAgainSeconds = 2;

/** Measures an experiment, waiting until enough has been seen. */
export const runCheck = async (
  experiment: Experiment,
  { observe, read, suppression, wait, clock }: Context,
): Promise<Outcome> => {
  const started = clock();
  const deadlines = new Map<string, number>();
  for (;;) {
    const lab = await observe();
    const verdict = await withSuppressions(await experiment.check(read, lab), suppression);
    const waitedSeconds = clock() - started;
    if (verdict.kind !== 'wait') return { ...verdict, lab, waitedSeconds };
    const { reason, seconds } = verdict;
    const deadline =
      deadlines.get(kindOf(reason)) ?? clock() + seconds + patienceSeconds + patienceScrapes * lab.scrapeSeconds;
    deadlines.set(kindOf(reason), deadline);
    if (clock() > deadline) {
      const finding = { claim: `waited ${Math.round(waitedSeconds)} s for ${reason}`, holds: false };
      const where = {
        evidence: ofExporter(targetUp),
        expected: 'it to come',
        measured: 'nothing',
        look: 'make status',
      };
      return { kind: 'measured', lab, findings: [{ ...finding, ...where }], waitedSeconds };
    }
    const whole = Math.max(1, Math.ceil(seconds));
    for (let passed = 0; passed < Math.min(whole, askAgainSeconds); passed += 1) {
      await wait({ reason, secondsLeft: whole - passed });
    }
  }
};

/** A reason that counts something, or says a time, is the same one with the next figure. */
const kindOf = (reason: string): string => reason.replaceAll(/\d+/g, '0');

/** 0 where every claim holds, 1 where one does not or nothing was claimed, 2 where the lab is not in the experiment's state, or the cause is still to be found. */
export const exitCode = (outcome: Outcome): 0 | 1 | 2 => {
  if (outcome.kind !== 'measured') return 2;
  const claims = outcome.findings.filter(isClaim);
  return claims.length > 0 && claims.every(({ holds }) => holds) ? 0 : 1;
};
