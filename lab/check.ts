import { type Experiment, type Finding, isClaim, type Lab, type Reader } from '../experiments/types.ts';

/** How a check ended; the exit code of `make check-N` follows from it. */
export type Outcome =
  | { kind: 'measured'; lab: Lab; findings: Finding[]; next?: string; waitedSeconds: number }
  | { kind: 'elsewhere'; lab: Lab; reason: string; type: string; waitedSeconds: number };

export type Waiting = { reason: string; secondsLeft: number };

type Surroundings = {
  observe: () => Promise<Lab>;
  read: Reader;
  /** tells somebody what is waited for, then returns after about a second */
  wait: (waiting: Waiting) => Promise<void>;
  clock: () => number;
};

/** Longer than this nothing is waited for beyond what the verdict itself asked: something is wrong with the lab. */
const patienceSeconds = 60;

/** Measures an experiment, waiting until enough has been seen. */
export const runCheck = async (
  experiment: Experiment,
  { observe, read, wait, clock }: Surroundings,
): Promise<Outcome> => {
  const started = clock();
  let deadline: number | undefined;
  for (;;) {
    const lab = await observe();
    const verdict = await experiment.check(read, lab);
    const waitedSeconds = clock() - started;
    if (verdict.kind !== 'wait') return { ...verdict, lab, waitedSeconds };
    deadline ??= clock() + verdict.seconds + patienceSeconds;
    if (clock() > deadline) {
      const finding = { claim: `waited ${Math.round(waitedSeconds)} s for ${verdict.reason}`, holds: false };
      const where = { evidence: `up{job="my_app"}`, expected: 'it to come', measured: 'nothing', look: 'make status' };
      return { kind: 'measured', lab, findings: [{ ...finding, ...where }], waitedSeconds };
    }
    for (let left = Math.max(1, Math.ceil(verdict.seconds)); left > 0; left -= 1) {
      await wait({ reason: verdict.reason, secondsLeft: left });
    }
  }
};

/** 0 where every claim holds, 1 where one does not or nothing was claimed, 2 where the lab is not in the experiment's state. */
export const exitCode = (outcome: Outcome): 0 | 1 | 2 => {
  if (outcome.kind === 'elsewhere') return 2;
  const claims = outcome.findings.filter(isClaim);
  return claims.length > 0 && claims.every(({ holds }) => holds) ? 0 : 1;
};
