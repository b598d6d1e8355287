import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storingProblem } from '../storing.ts';

const words = (since: string) =>
  `Prometheus runs, but has stored nothing for ${since}. Is its disk full? make logs says more`;

const cases: [age: number | undefined, scrape: number, running: number, problem: string | undefined][] = [
  [3, 5, 1_000, undefined],
  [19, 5, 1_000, undefined],
  [42.4, 5, 1_000, words('42 s')],
  [60, 30, 1_000, undefined],
  [42, 5, 10, undefined],
  [undefined, 5, 10, undefined],
  [undefined, 5, 1_000, words('over 5 minutes')],
];
for (const [age, scrape, running, problem] of cases) {
  test(`a sample ${age} s old, a scrape every ${scrape} s, running for ${running} s: ${problem ?? 'all is well'}`, () => {
    assert.equal(storingProblem(age, scrape, running), problem);
  });
}
