import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../lab/model/lab.ts';
import type { Answer, Reader } from '../../lab/model/reader.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { labPrometheus } from '../../lab/running/prometheus.ts';
import { ServiceError } from '../../lab/running/service.ts';
import { RequestError } from '../src/errors.ts';
import { createExercises } from '../src/exercises.ts';
import { createSolvedStore } from '../src/solved.ts';

const now = 1_800_000_000;
const lab: Lab = {
  now,
  scrapeSeconds: 5,
  evaluationSeconds: 5,
  prometheusStartedAt: now - 3_600,
  exporter: { signal: 'random', seed: 1, startedAt: now - 3_600, cores: 2 },
  target: undefined,
};
const core = (name: string, values: number[]) => ({
  labels: { core: name, job: 'my_app', instance: 'exporter:8000' },
  samples: values.map((value, index): Sample => [now - 60 + 5 * index, value]),
});
const stored = [core('core1', [10, 20, 30, 40, 50, 60, 70]), core('core2', [20, 30, 10, 90, 70, 40, 80])];

/** Two cores, and the few queries about them that these tests ask. */
const functions: Record<string, (values: number[]) => number[]> = {
  'avg(cpu_usage)': ([one, two]) => [(one! + two!) / 2],
  'sum(cpu_usage)': ([one, two]) => [one! + two!],
  cpu_usage: (values) => values,
};
const read = {
  samples: async () => stored,
  metricNames: async () => ['cpu_usage'],
  ask: async (query: string, at: number): Promise<Answer> => {
    if (query === 'avg(') return { refused: 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis' };
    // Whether the names of a wrong query are stored: they are. In another world this Prometheus knows nothing.
    if (query.startsWith('count by (__name__)')) return { type: 'vector', series: stored };
    const values = stored.map(({ samples }) => samples.findLast(([time]) => time <= at)?.[1] ?? Number.NaN);
    const given = functions[query]?.(values) ?? [];
    return { type: 'vector', series: given.map((value) => ({ labels: {}, samples: [[at, value]] })) };
  },
} as unknown as Reader;

const exercisesOf = (observe: () => Promise<Lab> = async () => lab) =>
  createExercises({ observe, read, store: createSolvedStore(undefined, assert.fail), clock: () => now });
const answer = (query: string) => ({ experiment: 4, number: 1, query });
const solvedIn = (exercises: ReturnType<typeof exercisesOf>) =>
  exercises.list().filter(({ solved }) => solved !== undefined);

test('a right answer is kept, a wrong one is not', async () => {
  const exercises = exercisesOf();
  const wrong = await exercises.solve(answer('sum(cpu_usage)'));
  assert.equal(wrong.kind === 'wrong' && wrong.mistakes[0]?.why, 'this is the sum: two cores at 60 % are not 120 %');
  assert.equal((await exercises.solve(answer('avg('))).kind, 'refused');
  assert.deepEqual(solvedIn(exercises), []);

  const right = await exercises.solve(answer('avg(cpu_usage)'));
  assert.deepEqual([right.kind, 'isKept' in right && right.isKept], ['right', true]);
  assert.deepEqual(
    solvedIn(exercises).map(({ experiment, number, solved }) => ({ experiment, number, solved })),
    [{ experiment: 4, number: 1, solved: { answer: 'avg(cpu_usage)', at: now } }],
  );
});

test('a lab that does not answer is no wrong answer', async () => {
  const gone = exercisesOf(() =>
    Promise.reject(new ServiceError('unreachable', labPrometheus, 'Prometheus does not answer')),
  );
  assert.deepEqual(await gone.solve(answer('avg(cpu_usage)')), {
    kind: 'unknown',
    reason: 'Prometheus does not answer',
    look: 'make status',
  });
  await assert.rejects(exercisesOf(() => Promise.reject(new TypeError('a bug'))).solve(answer('1')), TypeError);
});

const refused: [what: string, body: unknown, message: string | RegExp][] = [
  ['no object', 'avg', 'the body must be an object with experiment, number and query, got "avg"'],
  [
    'an unknown experiment',
    { ...answer('1'), experiment: 99 },
    /^experiment 99 has no exercises: choose one of 1, 2, 3, /,
  ],
  ['an unknown number', { ...answer('1'), number: 3 }, 'NUMBER must be 1 or 2 for experiment 4, got 3'],
  ['no query', { experiment: 4, number: 1 }, 'QUERY must be a text, got nothing'],
  ['an empty query', answer(' \n'), 'QUERY must be a PromQL query, got nothing'],
  ['a query that is too long', answer('1'.repeat(2_001)), 'QUERY must have at most 2000 characters, got 2001'],
];
for (const [what, body, message] of refused) {
  test(`${what} is refused by name`, async () => {
    await assert.rejects(exercisesOf().solve(body), (error) => {
      assert.ok(error instanceof RequestError, `${error}`);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  });
}
