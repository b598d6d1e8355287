import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { placementOf, sharedStates } from '../../scripts/dev/docs.ts';
import { settleIn } from './settle.ts';
import { asReported, changed, courseAround, isSimulable } from './simulated.ts';
import { holds, sendsTo } from './verdicts.ts';

/** Every lesson's check beside the others of its state, one after another as `make check` measures them. */

for (const state of sharedStates) {
  const lessons = experiments.filter(isSimulable).filter(({ measuredIn }) => measuredIn === state);
  const plan = {
    environment: placementOf(state).environment,
    rules: lessons.flatMap((lesson) => lesson.plan.rules ?? []),
  };
  for (const scrapeSeconds of [5, 15]) {
    test(`${state.name}, scraped every ${scrapeSeconds} s`, async (t) => {
      const parts = { scrapeSeconds, phaseSeconds: 0.31 * scrapeSeconds, evaluationPhase: 0.94 };
      const lab = simulate(courseAround(plan, parts));
      let now = changed + 2;
      for (const { number, title, check, tooCoarse, plan: own } of lessons) {
        await t.test(`${number} ${title}`, async () => {
          const { verdict, at } = await settleIn(check, lab, now, now + 300 + 8 * scrapeSeconds, asReported(own));
          now = at;
          const coarse = tooCoarse?.({ scrapeSeconds, evaluationSeconds: 5 });
          if (coarse !== undefined && (verdict.kind === 'elsewhere' || !coarse.isByChance)) {
            return sendsTo(verdict, coarse.type);
          }
          holds(verdict);
        });
      }
    });
  }
}
