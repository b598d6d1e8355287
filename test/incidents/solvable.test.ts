import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parts } from '../../lab/incidents/answer.ts';
import { levels } from '../../lab/incidents/incident.ts';
import { judge } from '../../lab/incidents/judge.ts';
import { aroundOf, evidenceOf } from '../../lab/incidents/reading.ts';
import { play } from './simulated.ts';
import { solve } from './solver.ts';

const intervals = [1, 2, 5, 15, 30, 60];
/** 216 in all. */
const seedsEach = 12;

for (const level of levels) {
  for (const [row, interval] of intervals.entries()) {
    test(`level ${level} at ${interval} s: who has only the stored samples is right in every part`, async () => {
      for (let index = 0; index < seedsEach; index += 1) {
        const seed = 1 + row * seedsEach + index;
        const { running, read, lab } = await play(seed, level, interval);
        const [evidence, around] = await Promise.all([evidenceOf(read, lab, running), aroundOf(read, lab, running)]);
        const what = `seed ${seed}, ${running.happenings.map(({ fault }) => fault.cause).join(' and ')}`;
        for (const { happening, bounds } of evidence) {
          const { since, until } = bounds;
          assert.ok(since && until && bounds.lost, `${what}: ${JSON.stringify(bounds)} is not all there`);
          assert.ok(
            since[0] <= happening.from && happening.from <= since[1],
            `${what}: begins in ${since}, ${happening.from}`,
          );
          assert.ok(until[0] <= happening.to && happening.to <= until[1], `${what}: ends in ${until}, ${happening.to}`);
        }
        const answers = await solve(read, lab, running.startedAt, level);
        const solved = answers.map((answer) => ({ answer, judged: judge(answer, evidence, around) }));
        for (const [place, { happening }] of evidence.entries()) {
          const right = solved.some(
            ({ judged }) =>
              judged.fault === place &&
              judged.parts.length === parts.length &&
              judged.parts.every(({ isRight }) => isRight),
          );
          assert.ok(
            right,
            `${what}: nobody found ${happening.fault.cause} ${JSON.stringify({ from: happening.from, to: happening.to, chosen: happening.chosen, bounds: evidence[place]!.bounds })} in ${JSON.stringify(solved)}`,
          );
        }
      }
    });
  }
}
