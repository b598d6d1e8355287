import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exercise, Expected, Range } from '../model/exercise.ts';
import type { Answer } from '../model/reader.ts';
import type { Series } from '../promql/sample.ts';
import { constantPasses, judge, placed } from './judge.ts';
import { reasonOf } from './reason.ts';

const exercise: Exercise = {
  task: 'How busy is the machine?',
  start: 'cpu_usage',
  hints: ['average'],
  answer: 'avg(cpu_usage)',
  why: 'percentages do not add up',
  mistakes: [],
  expected: async () => ({ kind: 'known', instants: [] }),
};
const noon = 1_800_014_400;
const expected: Expected[] = [
  { at: noon, number: [40, 40] },
  { at: noon + 5, number: [60, 60] },
];
const sum = { query: 'sum(cpu_usage)', why: 'two cores at 60 % are not 120 %' };
const nothing = { query: 'max(cpu_usage - avg(cpu_usage))', why: 'nothing pairs' };

const vector = (...values: number[]): Answer => ({
  type: 'vector',
  series: values.map((value, index): Series => ({ labels: { core: `core${index + 1}` }, samples: [[noon, value]] })),
});
const scalar = (value: number): Answer => ({ type: 'scalar', series: [{ labels: {}, samples: [[noon, value]] }] });

const judged = (
  learner: Answer[],
  instants = expected,
  answer = [vector(40), vector(60)],
  query = 'max(cpu_usage - avg(cpu_usage))',
) =>
  judge(
    exercise,
    instants,
    {
      query,
      learner,
      answer,
      mistakes: [
        { mistake: sum, answers: [vector(80), vector(120)] },
        { mistake: nothing, answers: [vector(), vector()] },
      ],
    },
    5,
  );

test('the same values are right, whatever their labels, and from a scalar, too', () => {
  assert.deepEqual(judged([vector(40), vector(60)]), {
    kind: 'right',
    why: 'percentages do not add up',
    compared: [
      { at: noon, expected: '40', given: '40', isRight: true },
      { at: noon + 5, expected: '60', given: '60', isRight: true },
    ],
  });
  assert.equal(judged([scalar(40), scalar(60 + 1e-12)]).kind, 'right');
});

test('a value that is wrong once is wrong', () => {
  const wrong = judged([vector(40), vector(60.1)]);
  assert.equal(wrong.kind, 'wrong');
  if (wrong.kind !== 'wrong') return;
  assert.equal(wrong.reason, 'its value is wrong at 1 of 2 instants');
  assert.deepEqual(wrong.mistakes, []);
  assert.deepEqual(wrong.compared[1], { at: noon + 5, expected: '60', given: '60.1', isRight: false });
});

const words: [name: string, learner: Answer[], reason: string, mistakes: { query: string }[]][] = [
  ['the values of a mistake', [vector(80), vector(120)], 'its value is wrong at 2 of 2 instants', [sum]],
  [
    'nothing, as a mistake gives',
    [vector(), vector()],
    'it gives nothing at any of the instants, although every name in it is stored: its operators leave nothing',
    [nothing],
  ],
  ['nothing at one of them', [vector(40), vector()], 'it gives nothing at 12:00:05', []],
  [
    'the cores one by one',
    [vector(30, 50), vector(55, 65)],
    'it gives 2 series, and one number is asked for: aggregate them, or pick one by its labels',
    [],
  ],
  [
    'a window',
    [{ type: 'matrix', series: [] }],
    'it gives all samples of a window, and one value at each instant is asked for: put a function around it',
    [],
  ],
  ['a text', [{ type: 'string', series: [] }], 'it gives a text, and a number is asked for', []],
];
for (const [name, learner, reason, mistakes] of words) {
  test(`what is said of ${name}`, () => {
    const wrong = judged(learner.length === 1 ? [learner[0]!, learner[0]!] : learner);
    assert.deepEqual(wrong.kind === 'wrong' && [wrong.reason, wrong.mistakes], [reason, mistakes]);
  });
}

test('of a family that has one member now, a query with more is no matter of one number', () => {
  const answer = vector(30, 50);
  assert.equal(
    reasonOf([{ at: noon, label: 'core', each: { core1: [30, 30] } }], [answer]),
    'it gives 2 series at 12:00:00, and 1 is asked for',
  );
});

test('a refused query is shown in the words of Prometheus, with the place', () => {
  const message = 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis';
  assert.deepEqual(judged([{ refused: message }]), { kind: 'refused', message, place: { line: 1, column: 5 } });
  assert.deepEqual(placed('multiple matches for labels', ''), { message: 'multiple matches for labels' });
});

test('Prometheus counts bytes, and the place is of a character', () => {
  const places: [query: string, column: number, character: string][] = [
    ['sum(x{a="ü"}) +* 2', 17, '*'],
    ['sum(x{a="😀"}) +* 2', 19, '*'],
    ['up\n\t+ {a="日本"} )', 17, ')'],
    ['sum(x', 6, ''],
  ];
  for (const [query, column, character] of places) {
    const line = query.split('\n').length;
    const { place } = placed(`${line}:${column}: parse error: …`, query);
    assert.equal(query.split('\n')[place!.line - 1]!.charAt(place!.column - 1), character, query);
  }
});

test('to be empty or infinite is to be like a mistake only where the query does the same', () => {
  const infinite = { query: 'sum(cpu_usage) / 0', why: 'nothing is divided by zero' };
  const said = (query: string, learner: Answer, unknownName?: string) => {
    const solution = judge(
      exercise,
      expected,
      {
        query,
        learner: [learner, learner],
        answer: [vector(40), vector(60)],
        mistakes: [
          { mistake: nothing, answers: [vector(), vector()] },
          { mistake: infinite, answers: [vector(Number.POSITIVE_INFINITY), vector(Number.POSITIVE_INFINITY)] },
        ],
        ...(unknownName && { unknownName }),
      },
      5,
    );
    return solution.kind === 'wrong' && [solution.reason, ...solution.mistakes];
  };
  const empty =
    'it gives nothing at any of the instants, although every name in it is stored: its operators leave nothing';
  const wrong = 'its value is wrong at 2 of 2 instants';
  assert.deepEqual(said('max( cpu_usage - avg(cpu_usage{job="my_app"}) )', vector()), [empty, nothing]);
  assert.deepEqual(said('cpu_usage > 200', vector()), [empty]);
  assert.deepEqual(said('max(cpu_usag - avg(cpu_usage))', vector(), 'no such name'), ['no such name']);
  assert.deepEqual(said('avg(cpu_usage)', vector(1)), [wrong]);
  assert.deepEqual(said('avg(cpu_usage)', vector(Number.POSITIVE_INFINITY)), [wrong]);
  assert.deepEqual(said('sum(cpu_usage) / 0', vector(Number.POSITIVE_INFINITY)), [wrong, infinite]);
});

test('what is right here, and wrong in another world, is wrong', () => {
  const where = 'on a machine with three cores';
  const both: Expected[] = [...expected, { at: noon, where, number: [55, 55] }];
  const right = [vector(40), vector(60), vector(55)];
  assert.equal(judged(right, both, right).kind, 'right');
  const wrong = judged([vector(40), vector(60), vector(82.5)], both, right);
  assert.equal(wrong.kind, 'wrong');
  if (wrong.kind !== 'wrong') return;
  assert.equal(wrong.reason, `it is right on this lab as it is now, but ${where} it gives 82.5, and 55 is right`);
  assert.deepEqual(wrong.compared.at(-1), { at: noon, where, expected: '55', given: '82.5', isRight: false });
  const refused = judged([vector(40), vector(60), { refused: 'many-to-many' }], both, right);
  assert.match(JSON.stringify(refused), /but Prometheus refuses it on a machine with three cores: many-to-many/);
});

test('a right value may be rounded where the exercise says so', () => {
  const rounded = (mayBeRounded: boolean, ...values: [number, number]) =>
    judge(
      { ...exercise, mayBeRounded },
      [
        { at: noon, number: [40.4, 40.4] },
        { at: noon + 5, number: [60.6, 60.7] },
      ],
      { query: '', learner: values.map((value) => vector(value)), answer: [vector(40.4), vector(60.6)], mistakes: [] },
      5,
    ).kind;
  assert.equal(rounded(true, 40, 61), 'right');
  assert.equal(rounded(false, 40, 61), 'wrong');
  assert.equal(rounded(true, 41, 61), 'wrong');
  assert.equal(rounded(true, 40.4, 60.7), 'right');
  assert.equal(rounded(true, 40, 60.9), 'wrong');
});

test('where a constant or a mistake would be right as well, better instants are waited for', () => {
  const flat: Expected[] = expected.map(({ at }) => ({ at, number: [39, 61] }));
  const right = [vector(40), vector(60)];
  assert.deepEqual(judged(right, flat), {
    kind: 'wait',
    seconds: 5,
    reason: 'instants at which the right values differ',
  });
  const wide: Expected[] = [
    { at: noon, number: [40, 80] },
    { at: noon + 5, number: [100, 140] },
  ];
  assert.deepEqual(judged([vector(50), vector(110)], wide, [vector(40), vector(100)]), {
    kind: 'wait',
    seconds: 5,
    reason: 'instants at which sum(cpu_usage) is wrong',
  });
});

test('where the answer itself is wrong nobody is blamed', () => {
  assert.equal(judged([vector(80), vector(120)], expected, [vector(40), vector()]).kind, 'wait');
});

const alarms: Expected[] = [
  { at: noon, fires: true },
  { at: noon + 5, fires: false },
];
const alarm = (...given: Answer[]) => judged(given, alarms, [vector(0), vector()]);

test('an alert is true where it returns a series, whatever the value', () => {
  assert.equal(alarm(vector(0), vector()).kind, 'right');
  assert.equal(alarm(vector(1, 2), vector()).kind, 'right');
  const said = (...given: Answer[]) => {
    const solution = alarm(...given);
    return solution.kind === 'wrong' ? solution.reason : solution.kind;
  };
  assert.equal(said(vector(1), vector(0)), 'it is true at 12:00:05, and must not be');
  assert.equal(said(vector(), vector(1)), 'it is not true at 12:00:00, and has to be');
  assert.equal(
    said(vector(), vector()),
    'it is never true: it returns no series at any of the instants, although every name in it is stored: its operators leave nothing',
  );
});

test('of several lines each is compared by its label', () => {
  const each: Expected[] = [
    { at: noon, label: 'core', each: { core1: [30, 30], core2: [50, 50] } },
    { at: noon + 5, label: 'core', each: { core1: [55, 55], core2: [65, 65] } },
  ];
  const right = [vector(30, 50), vector(55, 65)];
  assert.equal(judged(right, each, right).kind, 'right');
  const swapped = judged([vector(50, 30), vector(65, 55)], each, right);
  assert.deepEqual(swapped.kind === 'wrong' && swapped.compared[0], {
    at: noon,
    expected: 'core1 30, core2 50',
    given: 'core1 50, core2 30',
    isRight: false,
  });
  const one = judged([vector(40), vector(60)], each, right);
  assert.equal(one.kind === 'wrong' && one.reason, 'it gives 1 series at 12:00:00, and 2 are asked for');
});

test('a constant passes where all ranges have a value in common', () => {
  assert.equal(constantPasses([]), true);
  assert.equal(
    constantPasses([
      { at: 1, number: [1, 3] },
      { at: 2, number: [3, 4] },
    ]),
    true,
  );
  assert.equal(
    constantPasses([
      { at: 1, number: [1, 3] },
      { at: 2, number: [3.1, 4] },
    ]),
    false,
  );
  const ofWorkers = (at: number, ...names: string[]): Expected => ({
    at,
    label: 'worker',
    each: Object.fromEntries(names.map((name): [string, Range] => [name, [5, 5]])),
  });
  assert.equal(constantPasses([ofWorkers(1, 'a', 'b'), ofWorkers(2, 'b', 'a')]), true);
  assert.equal(constantPasses([ofWorkers(1, 'a', 'b'), ofWorkers(2, 'a', 'c')]), false, 'it is of other series');
  assert.equal(constantPasses([{ at: 1, fires: true }]), true);
  assert.equal(constantPasses(alarms), false);
});
