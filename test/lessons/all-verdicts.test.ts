import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reader } from '../../lab/model/reader.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { lessons } from './lessons.ts';
import { settleIn } from './settle.ts';
import { asReported, changed, courseAround, isSimulable, start } from './simulated.ts';
import { holds } from './verdicts.ts';

const scraped = { scrapeSeconds: 5, phaseSeconds: 1.85 };

for (const { title, check, plan } of lessons().filter(isSimulable)) {
  // What adds up a fleet is about every exporter under the job.
  const isOfOne = plan.environment?.INSTANCES === undefined;
  test(`${title}: a second exporter under the same job changes nothing`, { skip: !isOfOne }, async () => {
    const lab = simulate(courseAround(plan, { ...scraped, hasSecond: true }));
    holds((await settleIn(check, lab, changed + 2, changed + 300, asReported(plan))).verdict);
  });

  test(`${title}: what is stored while the check reads does no harm`, async () => {
    const lab = simulate(courseAround(plan, { ...scraped, durationOf: () => 0.6 }));
    await settleIn(check, lab, changed + 2, changed + 300, asReported(plan));
    for (let now = changed + 200; now < changed + 205; now += 0.13) {
      await lab.advance(now + 10);
      let reads = 0;
      // Each answer is of a tenth of a second later than the one before.
      const later = () => lab.readAt(now + 0.1 * reads++);
      const read = Object.fromEntries(
        Object.keys(lab.readAt(now)).map((name) => [
          name,
          (...question: never[]) => (later()[name as keyof Reader] as (...all: never[]) => unknown)(...question),
        ]),
      ) as Reader;
      holds(await check(read, asReported(plan)({ read, lab: lab.labAt(now) }).lab));
    }
  });
}

test('the second exporter is there', async () => {
  const lab = simulate(courseAround({}, { ...scraped, hasSecond: true }));
  await lab.advance(start + 60);
  assert.equal((await lab.readAt(start + 60).query('cpu_usage_simulated', start + 60)).length, 2);
});
