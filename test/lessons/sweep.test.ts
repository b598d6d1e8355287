import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Course, simulate } from '../../lab/simulator/lab.ts';
import { lessons } from './lessons.ts';
import { intervals, settleIn } from './settle.ts';
import { asReported, changed, courseAround, isSimulable, type Simulable } from './simulated.ts';
import { holds, sendsTo } from './verdicts.ts';

/** Every lesson's check, right after its change, at every interval: it holds, or says at once that it cannot measure. */

/** Slow scrapes, and scrapes that never happen. */
const troubled: Partial<Course> = {
  durationOf: (n: number) => (n % 3 === 0 ? 0.7 : 0.02),
  isMissed: (n: number) => n % 9 === 4,
};

/** Where in their interval the scrapes come, and what is wrong with them. */
const ways: [words: string, shift: number, trouble?: Partial<Course>][] = [
  ['at phase 0.004', 0.004],
  ['at phase 0.62', 0.62],
  ['with slow scrapes and missed ones', 0.31, troubled],
];

const tried = async (experiment: Simulable, scrapeSeconds: number, shift: number, trouble?: Partial<Course>) => {
  const { plan, check, number } = experiment;
  const parts = { scrapeSeconds, phaseSeconds: shift * scrapeSeconds, evaluationPhase: (shift + 0.63) % 1, ...trouble };
  const lab = simulate(courseAround(plan, parts));
  const from = changed + 2;
  const { verdict, at, announced } = await settleIn(check, lab, from, from + 300 + 8 * scrapeSeconds, asReported(plan));
  if (process.env.SWEEP) console.log(`exp ${number} ${scrapeSeconds} ${shift} ${at - from} ${verdict.kind}`);
  return { verdict, passed: at - from, announced };
};

for (const experiment of lessons()) {
  const { number, title } = experiment;
  if (!isSimulable(experiment)) {
    const needs = 'needs' in experiment.plan ? experiment.plan.needs : '';
    test(`${number} ${title} is not simulated`, { skip: `it needs ${needs}` }, () => {});
    continue;
  }
  for (const scrapeSeconds of intervals) {
    const coarse = experiment.tooCoarse?.({ scrapeSeconds, evaluationSeconds: 5 });
    test(`${number} ${title}, scraped every ${scrapeSeconds} s`, async (t) => {
      for (const [words, shift, trouble] of ways) {
        await t.test(words, async () => {
          const { verdict, passed, announced } = await tried(experiment, scrapeSeconds, shift, trouble);
          if (coarse !== undefined && (verdict.kind === 'elsewhere' || !coarse.isByChance)) {
            return sendsTo(verdict, coarse.type);
          }
          holds(verdict);
          if (scrapeSeconds === 5) assert.ok(passed <= 95, `${passed} s passed, ${announced} were announced`);
        });
      }
    });
  }
}
