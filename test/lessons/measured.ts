import { isJudgement } from '../../lab/evidence/happening.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { asReported, changed, courseAround } from './simulated.ts';

/** Later than this nothing is measured that happens once. */
const longestSeconds = 200;

/**
 * What a lesson measures in the simulated lab, scraped every 5 s, as soon as all of it is there. A test of its verdict
 * changes one thing of it, and sees which claim fails.
 * @throws where it is sent elsewhere, or waits for too long
 */
export const measuredIn = async <Measured extends object>(
  { plan }: Pick<Lesson, 'plan'>,
  measure: (read: Reader, lab: Lab) => Promise<Measured | Judgement>,
): Promise<Measured> => {
  if ('needs' in plan) throw new Error(`it needs ${plan.needs}`);
  const lab = simulate(courseAround(plan, { scrapeSeconds: 5, phaseSeconds: 3.1, evaluationPhase: 0.25 }));
  for (let now = changed + 2; ; now += 1) {
    await lab.advance(now);
    const seen = asReported(plan)({ read: lab.readAt(now), lab: lab.labAt(now) });
    const measured = await measure(seen.read, seen.lab);
    if (!isJudgement(measured)) return measured;
    if (measured.kind !== 'wait' || now > changed + longestSeconds) throw new Error(JSON.stringify(measured));
  }
};
