import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { scenarios } from '../../../lab/backtest/scenarios.ts';
import { missing } from '../../../test/lessons/bounded-prometheus.ts';
import { folderFor } from '../../../test/support/folder.ts';
import { labProgram } from '../../../test/support/programs.ts';
import { until } from '../../../test/support/until.ts';
import { repository } from '../../host/repository.ts';

/** `native backtest` as lab.sh calls it, with a folder of the lab that is this test's own. */
const startIn = (
  t: TestContext,
  words: readonly string[],
): { child: ChildProcess; folder: string; output: () => string } => {
  const folder = folderFor(t);
  const [program, ...args] = labProgram('scripts/native/main.ts');
  const child = spawn(program, [...args, 'backtest', ...words], {
    cwd: repository,
    env: { ...process.env, LAB_FOLDER: relative(repository, folder), LAB_TYPED: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return { child, folder, output: () => output };
};

/** Whether a process of this machine has the folder in its command line. */
const isUsed = (folder: string): boolean =>
  execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).includes(folder);

const run = async (t: TestContext, ...words: string[]) => {
  const { child, folder, output } = startIn(t, words);
  const [code] = await once(child, 'close');
  assert.deepEqual(readdirSync(folder), [], 'nothing is left behind');
  assert.ok(!isUsed(folder), 'nothing goes on');
  return { code, output: output() };
};

const disk = scenarios.find(({ name }) => name === 'disk')!;
const expressionOf = (reference: string): string => disk.references.find(({ name }) => name === reference)!.expr;

test('a rule on the edge ends with 0, with its figures beside those of the reference rules', {
  skip: missing,
}, async (t) => {
  const { code, output } = await run(t, '--json', '--scenario=disk', `--expr=${expressionOf('low and predicted')}`);
  assert.equal(code, 0, output);
  const result = JSON.parse(output);
  const reference = result.references.find(({ name }: { name: string }) => name === 'low and predicted');
  assert.deepEqual(result.score, reference.score);
  assert.deepEqual([result.scenario, result.beatenBy], ['disk', []]);
  assert.ok(
    result.worst.length === 3 &&
      result.worst.every(({ experiment }: { experiment: unknown }) => Number.isInteger(experiment)),
  );
});

test('a rule that a reference rule beats ends with 1, as one that saves nothing', { skip: missing }, async (t) => {
  const worse = await run(t, '--scenario=disk', `--expr=${expressionOf('a higher threshold')}`, '--for=1m30s');
  assert.equal(worse.code, 1, worse.output);
  assert.match(worse.output, /^✗ Reference rules are better in both: /m);
  const nothing = await run(t, '--expr=up > 2');
  assert.equal(nothing.code, 1, nothing.output);
  assert.match(nothing.output, /^✗ It saves nothing\.$/m);
});

test('what is no rule ends with 2 and a sentence', { skip: missing }, async (t) => {
  const { code, output } = await run(t, '--expr=up ==');
  assert.equal(code, 2, output);
  assert.match(output, /^lab: Prometheus refuses the expression: .*1:6: parse error: unexpected end of input$/m);
});

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`${signal} leaves no process and no folder behind`, { skip: missing }, async (t) => {
    const { child, folder, output } = startIn(t, ['--expr=up == 0']);
    // Its Prometheus runs once the folder has its log.
    await until('Prometheus', 60, () => child.exitCode !== null || logIn(folder) !== undefined, 0.02);
    assert.equal(child.exitCode, null, output());
    child.kill(signal);
    await until('an end', 30, () => readdirSync(folder).length === 0 && !isUsed(folder), 0.05);
  });
}

const logIn = (folder: string): string | undefined => {
  const [name] = readdirSync(folder);
  try {
    return name && readFileSync(join(folder, name, 'log'), 'utf8');
  } catch {
    return undefined;
  }
};
