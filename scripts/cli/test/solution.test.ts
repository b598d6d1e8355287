import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findExercise } from '../../../lab/running/exercises.ts';
import { answerText, hintText, namedText, progressIn, progressText, solutionText, taskText } from '../solution.ts';
import { terminalFrom } from '../terminal.ts';

const plain = terminalFrom({}, false).colours;
const first = findExercise(4, 1);
const second = findExercise(4, 2);

test('the task says how to begin, and how to go on', () => {
  assert.equal(
    taskText(first, undefined, plain),
    [
      'Exercise 4.1 · Wrong aggregation',
      '  How busy is the whole machine, in percent?',
      '',
      "  Begin with:  make solve-4 QUERY='cpu_usage'",
      '  A hint:      make solve-4 HINT=1 to HINT=3',
      '  The answer:  make solve-4 ANSWER=1',
      '  Exercise 4.2: make solve-4 NUMBER=2',
    ].join('\n'),
  );
  const solved = taskText(second, { answer: 'x', at: 1 }, plain);
  assert.match(solved, /^Exercise 4\.2 · Wrong aggregation {2}✓ solved\n/);
  assert.match(solved, /make solve-4 NUMBER=2 HINT=1/);
});

test('hints open one by one, the answer comes with its reason', () => {
  assert.equal(hintText(first, 1).split('\n').length, 1);
  assert.match(hintText(first, 2), /^ {2}Hint 1: Every core .*\n {2}Hint 2: Percentages of different wholes/);
  assert.match(answerText(first, plain), /^ {2}avg\(cpu_usage\)\n {2}Sum what adds up/);
});

const noon = 1_800_014_400;

test('a wrong answer is shown beside the right values, with the mistake it is', () => {
  const text = solutionText(
    first,
    'sum(cpu_usage)',
    {
      kind: 'wrong',
      reason: 'its value is wrong at 1 of 2 instants',
      mistakes: [{ query: 'sum(cpu_usage)', why: 'two cores at 60 % are not 120 %' }],
      compared: [
        { at: noon, expected: '60', given: '120', isRight: false },
        { at: noon + 5, expected: '0', given: '0', isRight: true },
      ],
    },
    plain,
  );
  assert.equal(
    text,
    [
      '✗ not yet: its value is wrong at 1 of 2 instants',
      '  12:00:00  right 60  yours 120  ✗',
      '  12:00:05  right 0   yours 0    ✓',
      '  The same values as sum(cpu_usage): two cores at 60 % are not 120 %.',
      '  make solve-4 HINT=1 helps',
    ].join('\n'),
  );
});

test('a right answer leads to the next exercise', () => {
  const compared = [{ at: noon, expected: '60', given: '60', isRight: true }];
  const text = solutionText(first, 'avg(cpu_usage)', { kind: 'right', why: 'the insight', compared }, plain);
  assert.match(text, /^✓ right at 1 instant\n/);
  assert.match(text, /Insight: the insight\n {2}Next: make solve-4 NUMBER=2$/);
  const lost = solutionText(first, 'x', { kind: 'right', why: 'y', compared, isKept: false }, plain);
  assert.match(lost, /It could not be written down: make logs says why\./);
});

test('a refusal points at the place in the query, also in a later line', () => {
  const at = (query: string, line: number, column: number) =>
    solutionText(first, query, { kind: 'refused', message: 'parse error', place: { line, column } }, plain);
  assert.equal(
    at('avg(cpu_usage', 1, 14),
    '✗ Prometheus refuses it: parse error\n    avg(cpu_usage\n                 ^',
  );
  assert.equal(at('avg(\ncpu usage)', 2, 5), '✗ Prometheus refuses it: parse error\n    cpu usage)\n        ^');
  const under = (query: string, column: number) => at(query, 1, column).split('\n').slice(1);
  // A letter is as wide as another whatever its bytes are, an emoji is twice as wide, a tab goes as far as its tab.
  assert.deepEqual(under('x{a="ü"} )', 10), ['    x{a="ü"} )', '             ^']);
  assert.deepEqual(under('x{a="u\u0308"} )', 11), ['    x{a="u\u0308"} )', '             ^']);
  assert.deepEqual(under('x{a="😀"} )', 11), ['    x{a="😀"} )', '              ^']);
  assert.deepEqual(under('x{a="日本"} )', 11), ['    x{a="日本"} )', '                ^']);
  assert.deepEqual(under('\tx )', 4), ['    \tx )', '    \t  ^']);
  const message = 'multiple matches for labels';
  assert.equal(solutionText(first, 'x', { kind: 'refused', message }, plain), `✗ Prometheus refuses it: ${message}`);
});

test('what cannot be judged says why, and what to type', () => {
  const said = (judged: Parameters<typeof solutionText>[2]) => solutionText(first, 'x', judged, plain);
  assert.equal(
    said({ kind: 'elsewhere', reason: 'the exporter has 1 core', type: 'make up CORES=2' }),
    'The lab cannot show it now: the exporter has 1 core.\n  Type: make up CORES=2',
  );
  assert.match(said({ kind: 'wait', seconds: 5, reason: 'samples' }), /^It cannot be judged yet: waited for samples/);
  assert.match(said({ kind: 'unknown', reason: 'Prometheus does not answer' }), /make status/);
});

test('progress counts what is solved', () => {
  const lines = progressText(
    [{ experiment: 4, number: 1, solved: { answer: 'avg(cpu_usage)', at: noon } }],
    [{ experiment: 8, causes: ['path', 'port'], found: ['port'] }],
    plain,
  ).split('\n');
  assert.ok(lines.includes('  ✓ 4.1   Wrong aggregation    avg(cpu_usage)'), lines.join('\n'));
  assert.ok(lines.includes('  · 4.2   Wrong aggregation    make solve-4 NUMBER=2'));
  const answer = 'avg(\n  cpu_usage\n) # \u001b[31m';
  const [, , , , , , fourth] = progressText(
    [{ experiment: 4, number: 1, solved: { answer, at: noon } }],
    [],
    plain,
  ).split('\n');
  assert.equal(fourth, '  ✓ 4.1   Wrong aggregation    avg( ↵ cpu_usage ↵ ) # \u001b[31m');
  assert.match(lines.at(-2)!, /^ {2}1 of \d+ solved$/);
  assert.equal(lines.at(-1), '  1 of 2 faults of experiment 8 found: port');
});

test('progress as JSON has each exercise, when it was solved and how, and the faults', () => {
  const listed = [
    { experiment: 4, number: 1, solved: { answer: 'avg(cpu_usage)', at: 1_800_000_000 } },
    { experiment: 4, number: 2 },
  ];
  assert.deepEqual(progressIn(listed, [{ experiment: 8, causes: ['path', 'port'], found: ['port'] }]), {
    solved: 1,
    of: 2,
    exercises: [
      { exercise: '4.1', solvedAt: '2027-01-15T08:00:00.000Z', answer: 'avg(cpu_usage)' },
      { exercise: '4.2', solvedAt: null, answer: null },
    ],
    faults: [{ experiment: 8, found: ['port'], of: 2 }],
  });
});

test('a cause that is wrong hears what would be seen, a right one leads on', () => {
  const fault = { name: 'path', cause: 'the wrong path', sign: '`up` is 0', isActive: () => true };
  const said = (named: Parameters<typeof namedText>[2]) => namedText(8, fault, named, plain);
  const judged = (isRight: boolean, says: string) =>
    said({ kind: 'judged', parts: [{ part: 'CAUSE', isRight, says }], right: [[]], isKept: true });
  assert.equal(judged(false, 'then `up` is 0'), '✗ not path: then `up` is 0');
  assert.equal(
    judged(true, 'the wrong path. Here `up` is 0'),
    '✓ right: the wrong path\n  `up` is 0.\n  Next: make check-8, or make exp-8 for another fault',
  );
  assert.equal(
    said({ kind: 'elsewhere', reason: 'nothing is broken', type: 'make exp-8' }),
    'There is no fault to be found: nothing is broken.\n  Type: make exp-8',
  );
});

test('the task of a search names the causes to choose from', () => {
  assert.match(
    taskText(findExercise(8, 1), undefined, plain),
    /\n {2}The fault: {3}make solve-8 CAUSE=… \(path, port, /,
  );
});
