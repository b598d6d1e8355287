import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { missing } from '../../test/lessons/bounded-prometheus.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { startPrometheus } from '../../test/support/prometheus.ts';
import { promtool } from '../../test/support/promtool.ts';
import { until } from '../../test/support/until.ts';
import { noise } from '../chance/noise.ts';
import { AlertLife, type AlertTimes } from './alert.ts';

/** The state after each evaluation, 5 s apart: p pending, f firing, - inactive. @param found  1 where the rule returns */
const statesOf = (times: AlertTimes, found: readonly number[], everySeconds = 5): string => {
  const life = new AlertLife(times);
  return found
    .map((isFound, index) => {
      life.evaluate(isFound ? [{ job: 'a' }] : [], index * everySeconds);
      const [alert] = life.active;
      return alert === undefined ? '-' : alert.firedAt === undefined ? 'p' : 'f';
    })
    .join('');
};

const lives: [says: string, times: AlertTimes, found: string, states: string][] = [
  ['without for it fires at once', {}, '0110', '-ff-'],
  ['with for it is pending until so much time has passed', { forSeconds: 10 }, '01111', '-ppff'],
  ['one evaluation without it begins again', { forSeconds: 10 }, '1101111', 'pp-ppff'],
  ['a for between two evaluations waits for the next', { forSeconds: 7 }, '1111', 'ppff'],
  ['it is kept firing for so long after the last', { keepFiringForSeconds: 10 }, '1000', 'fff-'],
  ['what comes back meanwhile begins that anew', { keepFiringForSeconds: 10 }, '10100000', 'fffff---'],
  ['nothing that is pending is kept', { forSeconds: 10, keepFiringForSeconds: 60 }, '110000', 'pp----'],
];
for (const [says, times, found, states] of lives) {
  test(says, () => assert.equal(statesOf(times, [...found].map(Number)), states));
}

test('what fired and what was resolved is reported once, alert by alert', () => {
  const life = new AlertLife({ forSeconds: 5 });
  const [one, other] = [{ instance: '1' }, { instance: '2' }];
  const labels = (at: number, ...found: Record<string, string>[]) => {
    const { fired, resolved } = life.evaluate(found, at);
    return [fired, resolved].map((alerts) => alerts.map((alert) => alert.labels.instance).join());
  };
  assert.deepEqual(
    [labels(0, one), labels(5, one, other), labels(10, one, other), labels(15, other), labels(20)],
    [
      ['', ''],
      ['1', ''],
      ['2', ''],
      ['', '1'],
      ['', '2'],
    ],
  );
});

const evaluations = 120;
const cases: AlertTimes[] = [0, 5, 12, 30].flatMap((forSeconds) =>
  [0, 5, 22].map((keepFiringForSeconds) => ({ forSeconds, keepFiringForSeconds })),
);

/** A condition that comes and goes; the same in every run. */
const foundIn = (stream: number): number[] =>
  Array.from({ length: evaluations }, (_, index) =>
    Number(noise(7, stream, Math.floor(index / 3)) + 0.3 * noise(8, stream, index) > 0.6),
  );

/** What `promtool test rules` says of these states, evaluation by evaluation. */
const promtoolSays = (states: (stream: number) => string): { status: number | null; text: string } => {
  const { folder, remove } = temporaryFolder();
  try {
    const rules = cases.map(({ forSeconds, keepFiringForSeconds }, index) => ({
      alert: `Case${index}`,
      expr: `found{stream="${index}"} == 1`,
      for: `${forSeconds}s`,
      keep_firing_for: `${keepFiringForSeconds}s`,
    }));
    const expected = cases.flatMap((_, index) =>
      [...states(index)].map((state, evaluation) => ({
        expr: `ALERTS{alertname="Case${index}"}`,
        eval_time: `${evaluation * 5}s`,
        exp_samples: { '-': [], p: ['pending'], f: ['firing'] }[state]!.map((alertstate) => ({
          labels: `ALERTS{alertname="Case${index}", alertstate="${alertstate}", stream="${index}"}`,
          value: 1,
        })),
      })),
    );
    const input = cases.map((_, index) => ({ series: `found{stream="${index}"}`, values: foundIn(index).join(' ') }));
    const tests = [{ interval: '5s', input_series: input, promql_expr_test: expected }];
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'cases', rules }] }));
    const file = join(folder, 'rules.test.yml');
    writeFileSync(file, JSON.stringify({ rule_files: ['rules.yml'], evaluation_interval: '5s', tests }));
    const { status, stdout, stderr } = spawnSync(promtool(), ['test', 'rules', file], { encoding: 'utf8' });
    return { status, text: `${stdout}${stderr}`.slice(0, 2_000) };
  } finally {
    remove();
  }
};

test('every state is the one of promtool test rules, evaluation by evaluation', () => {
  const own = (index: number) => statesOf(cases[index]!, foundIn(index));
  const seen = new Set(cases.flatMap((_, index) => [...own(index)]));
  assert.deepEqual([...seen].sort(), ['-', 'f', 'p']);
  const { status, text } = promtoolSays(own);
  assert.equal(status, 0, text);
  // One state that is another is found.
  const wrong = promtoolSays((index) => (index === 7 ? own(index).replace('f', 'p') : own(index)));
  assert.equal(wrong.status, 1);
  assert.match(wrong.text, /Case7/);
});

test('every state is the one that a Prometheus stores, at the very times of its evaluations', {
  skip: missing,
}, async (t) => {
  const kinds = [
    { name: 'Plain', times: {} },
    { name: 'For', times: { forSeconds: 0.5 } },
    { name: 'Kept', times: { forSeconds: 0.3, keepFiringForSeconds: 0.4 } },
  ];
  const isFound = (at: number) => at % 3.1 < 2;
  const expr = 'vector(time()) % 3.1 < 2';
  const milliseconds = (value = 0) => `${1_000 * value}ms`;
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = join(folder, 'rules.yml');
  const rules = [
    { record: 'evaluated', expr: 'vector(1)' },
    ...kinds.map(({ name, times: { forSeconds, keepFiringForSeconds } }) => ({
      alert: name,
      expr,
      for: milliseconds(forSeconds),
      keep_firing_for: milliseconds(keepFiringForSeconds),
    })),
  ];
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'cases', interval: '100ms', rules }] }));
  const { read, stop } = await startPrometheus(() => ({ rule_files: [file] }));
  t.after(stop);
  const stored = (selector: string) => read.samples(selector, 300, Date.now() / 1_000);
  const ownStates = (times: AlertTimes, at: readonly number[]): string[] => {
    const life = new AlertLife(times);
    return at.map((time) => {
      life.evaluate(isFound(time) ? [{}] : [], time);
      return life.active.map(({ firedAt }) => (firedAt === undefined ? 'pending' : 'firing')).join();
    });
  };
  // As many as it takes until each state has been there; the last are left out, since their alerts may not be stored.
  const evaluatedAt = async () => ((await stored('evaluated'))[0]?.samples ?? []).slice(0, -5).map(([time]) => time);
  const statesOfAll = (at: readonly number[]) => kinds.map(({ times }) => new Set(ownStates(times, at.slice(3))).size);
  await until(
    'evaluations',
    60,
    async () => {
      const at = await evaluatedAt();
      const [plain = 0, ...others] = statesOfAll(at);
      return at.length >= 95 && plain === 2 && others.every((states) => states === 3);
    },
    0.5,
  );
  const at = await evaluatedAt();
  for (const { name, times } of kinds) {
    const own = ownStates(times, at);
    const series = await stored(`ALERTS{alertname="${name}"}`);
    const real = at.map((time) =>
      series
        .filter(({ samples }) => samples.some((sample) => sample[0] === time))
        .map(({ labels }) => labels.alertstate)
        .join(),
    );
    // A Prometheus that has just begun stores no states of alerts at its first evaluations.
    assert.deepEqual(real.slice(3), own.slice(3), name);
  }
});
