import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { experiments } from '../../../experiments/catalogue.ts';
import { parseConfig } from '../../../exporter/src/config.ts';
import { comparing } from '../../../lab/model/shared-state.ts';
import { repository } from '../../host/repository.ts';
import { placementOf, sharedStates } from '../docs.ts';
import { type Environment, linesOf, placed, type Sharing } from '../placement.ts';

const exporter = {
  ofInstance: [
    { variable: 'LATENCY', first: 1 },
    { variable: 'JOB', first: 2 },
  ],
  ofFirst: ['SIGNAL', 'CORES'],
  mostInstances: 5,
};
const lesson = (number: number, environment: Environment): Sharing => ({
  command: `exp-${number}`,
  title: 'A lesson',
  environment,
});
const together = (...environments: Environment[]) => {
  const lessons = environments.map((environment, index) => lesson(index + 1, environment));
  const { environment, instances } = placed(lessons, exporter);
  return { environment, instances: lessons.map((each) => instances.get(each)) };
};

test('lessons come one after another, each setting at the instance that it is of', () => {
  assert.deepEqual(together({ LATENCY: '1' }, { INSTANCES: '2', LATENCY: '2', LATENCY_2: '3', JOB: 'j' }), {
    environment: { INSTANCES: '3', LATENCY_1: '1', LATENCY_2: '2', LATENCY_3: '3', JOB_3: 'j' },
    instances: [[1], [2, 3]],
  });
});

test('an instance of which nothing is set is any other, and there are enough of them', () => {
  assert.deepEqual(together({ INSTANCES: '3', LATENCY_2: '1' }), {
    environment: { INSTANCES: '3', LATENCY_1: '1' },
    instances: [[1]],
  });
});

test('what leaves is the last, and what changes the first instance is the first', () => {
  assert.deepEqual(
    together(
      { INSTANCES: '2', LEAVES_AFTER: '60s', LATENCY_2: '9', COUNTER_START: '5' },
      { LATENCY: '1' },
      { SIGNAL: 'square' },
    ),
    {
      environment: {
        INSTANCES: '3',
        COUNTER_START: '5',
        SIGNAL: 'square',
        LATENCY_2: '1',
        LATENCY_3: '9',
        LEAVES_AFTER: '60s',
      },
      instances: [[3], [2], [1]],
    },
  );
  assert.deepEqual(together({ INSTANCES: '4', LEAVES_AFTER: '60s' }, { LATENCY: '1' }).instances, [[4], [1]]);
});

test('each turn of the traffic is that of its lesson, and nothing for the others', () => {
  assert.deepEqual(together({ LATENCY: '1' }, { INSTANCES: '2', TRAFFIC: '90,10/70,30' }), {
    environment: { INSTANCES: '3', TRAFFIC: '0,90,10/0,70,30', LATENCY_1: '1' },
    instances: [[1], [2, 3]],
  });
});

test('the first instance has no scrape job of its own', () => {
  assert.deepEqual(together({ INSTANCES: '2', JOB_2: 'j' }).environment, { INSTANCES: '2', JOB_2: 'j' });
});

const refused: [why: string, environments: Environment[], message: RegExp][] = [
  ['two that leave', [{ LEAVES_AFTER: '9s' }, { LEAVES_AFTER: '9s' }], /^exp-1 and exp-2 .*: LEAVES_AFTER is of one/],
  ['two traffics', [{ TRAFFIC: '100' }, { TRAFFIC: '100' }], /^exp-1 and exp-2 .*: TRAFFIC is of one of them$/],
  ['two first instances', [{ SIGNAL: 'high' }, { CORES: '8' }], /^exp-1 and exp-2 .*: there is one first instance$/],
  ['two pasts', [{ COUNTER_START: '5' }, { COUNTER_START: '6' }], /^exp-1 and exp-2 .*: COUNTER_START is of all$/],
  ['the whole exporter', [{ METRICS_DELAY: '2s' }], /^exp-1 cannot share a state: METRICS_DELAY is of the whole/],
  ['too many', Array(6).fill({ LATENCY: '1' }), /^exp-1, .*, exp-6 need 6 instances, and the exporter has 5: two/],
];
for (const [why, environments, message] of refused) {
  test(`lessons that cannot share a state are named: ${why}`, () => {
    assert.throws(() => together(...environments), { message });
  });
}

test('the lines say below each lesson what is of its instances', () => {
  const first = lesson(1, { SIGNAL: 'square' });
  const second = lesson(2, { INSTANCES: '2', LATENCY: '0.5', LATENCY_2: '90%:0.02,10%:0.9' });
  assert.equal(
    linesOf(placed([first, second], exporter)),
    [
      "      INSTANCES: '3'",
      '      SIGNAL: square',
      '      # exp-1, A lesson: instance 1',
      '      # exp-2, A lesson: instances 2, 3',
      "      LATENCY_2: '0.5'",
      '      LATENCY_3: 90%:0.02,10%:0.9',
    ].join('\n'),
  );
});

for (const state of [...sharedStates, comparing]) {
  const { instances } = placementOf(state);
  const file = parse(readFileSync(join(repository, state.overrides[0]!), 'utf8'));
  const there = parseConfig(file.services.exporter.environment);

  test(`${state.name}: the exporter reads it, and each lesson's settings are at its instances`, () => {
    const own = experiments.filter(({ measuredIn, comparedOn }) =>
      state === comparing ? comparedOn !== undefined : measuredIn === state,
    );
    assert.deepEqual(
      [...instances.keys()].map(({ command }) => command),
      own.map(({ command }) => command),
    );
    for (const [{ command, environment }, numbers] of instances) {
      const alone = parseConfig(environment);
      // An instance of which nothing is set is not placed: what has settings there is compared one by one.
      const isAnybody = (index: number) =>
        Object.keys(alone.each[index]!).length === 0 && !alone.traffic && alone.signal === 'random';
      const isLeaver = (index: number) => alone.leavesAfterSeconds && index === alone.instances - 1;
      const indices = alone.each.flatMap((_, index) => (isAnybody(index) && !isLeaver(index) ? [] : [index]));
      assert.equal(numbers.length, indices.length, command);
      assert.deepEqual(
        numbers.map((number) => there.each[number - 1]),
        indices.map((index) => alone.each[index]),
        command,
      );
      alone.traffic?.forEach((turn, index) => {
        assert.deepEqual(
          numbers.map((number) => there.traffic![index]![number - 1]),
          turn,
        );
      });
      if (alone.signal !== 'random') assert.deepEqual([there.signal, numbers[0]], [alone.signal, 1]);
      if (alone.leavesAfterSeconds) {
        assert.deepEqual([there.leavesAfterSeconds, numbers.at(-1)], [alone.leavesAfterSeconds, there.instances]);
      }
      if (alone.counterStart) assert.equal(there.counterStart, alone.counterStart);
      assert.ok(there.instances >= alone.instances, command);
    }
    const all = [...instances.values()].flat();
    assert.equal(new Set(all).size, all.length, 'no two lessons have one instance');
  });
}
