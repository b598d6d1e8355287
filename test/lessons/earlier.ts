import assert from 'node:assert/strict';
import { firedAt, type OneAlert } from '../../lab/evidence/alerts.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import type { Plan } from '../../lab/model/plan.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { settleIn } from './settle.ts';
import { holds } from './verdicts.ts';

/** Of a second and of the usual interval, and where in them the rules are evaluated. */
const evaluations = [
  [1, 0.02],
  [1, 0.5],
  [5, 0.02],
  [5, 0.5],
  [5, 0.98],
] as const;

/**
 * Holds a check against a lab in which the same happens for the second time, before and after a restart of Prometheus:
 * what the earlier one has stored is still shown, and has to change nothing.
 * @param from   when the exporter began that ended 41 s before this one, unix seconds
 * @param start  of this one
 * @param left   labels of an alert that goes on to fire by what was stored before
 */
export const holdsAfterEarlier = async (
  check: Lesson['check'],
  { environment, rules }: Required<Pick<Plan, 'environment' | 'rules'>>,
  { from, start, left }: { from: number; start: number; left: OneAlert },
): Promise<void> => {
  for (const [scrapeSeconds, evaluationPhase] of evaluations) {
    const lab = simulate({
      scrapeSeconds,
      phaseSeconds: 0.6 * scrapeSeconds,
      evaluationPhase,
      lives: [
        { from, to: start - 41, environment },
        { from: start, environment },
      ],
      rules,
      earlier: { from: from - 10, scrapeSeconds, to: start - 40 },
      prometheusStartedAt: start - 30,
    });
    await lab.advance(start + 120);
    const shown = firedAt(lab.storedAt(start + 120), left);
    assert.ok(
      shown.some((at) => at > start - 30 && at < start),
      'nothing of before fires',
    );
    holds((await settleIn(check, lab, start + 1, start + 120)).verdict);
  }
};
