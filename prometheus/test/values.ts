import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesIn, hostileEnds, makeSandbox, type Shell } from './run-entrypoint.ts';

/** A setting of an entrypoint, values that it takes, and values that it refuses. */
export type Values = { name: string; good: string[]; bad: string[] };

type Settings = Record<string, string>;

/** An entrypoint under test: the file, the programs that it starts, and the settings that it cannot do without. */
type Entrypoint = { server: string; file: string; programs: string[]; base: Settings };

/**
 * Tests every value of a table, each in a test of its own. A good value with a hostile end is bad, too. A run takes
 * one value of every setting, so that there are as many runs as the longest list is long: all the good ones have to
 * start the server, and each of the bad ones has to be named on its own line, with no other. That one of them is
 * enough is tried with the first of each setting.
 */
export const testValues = (shell: Shell, { server, file, programs, base }: Entrypoint, table: readonly Values[]) => {
  const attempt = async (settings: Settings) => {
    const sandbox = makeSandbox(programs);
    const run = await sandbox.run(shell, file, { ...base, ...settings });
    const [first, ...problems] = run.stderr.trimEnd().split('\n');
    const left = { rendered: filesIn(sandbox.dataFolder), isExecuted: existsSync(join(sandbox.folder, 'pwned')) };
    sandbox.remove();
    return { ...run, ...left, first, problems };
  };
  const refused = async (settings: Settings, tried: ReturnType<typeof attempt>, name: string) => {
    const { exitCode, started, first, problems, rendered, isExecuted } = await tried;
    assert.equal(first, `${server}: cannot start`);
    const line = problems.find((problem) => problem.startsWith(`  ${name} must be `)) ?? '';
    assert.match(line, /^ {2}\w+ must be .*, got ".*"$/);
    assert.deepEqual(problems.map((problem) => problem.trim().split(' ')[0]).sort(), Object.keys(settings).sort());
    assert.deepEqual([exitCode, started], [1, undefined]);
    assert.deepEqual(rendered, [], 'nothing is rendered');
    assert.ok(!isExecuted, 'no value is executed');
  };

  const good = rounds(table.map(({ name, good }) => [name, good]));
  const bad = rounds(
    table.map(({ name, good, bad }) => [
      name,
      [...bad, ...hostileEnds.map((end) => good[0] + end), `${good[0]}\n${good[0]}`],
    ]),
  );
  for (const settings of good) {
    const tried = once(() => attempt(settings));
    for (const [name, value] of Object.entries(settings)) {
      test(`${shell.name}: ${name}=${JSON.stringify(value)} starts ${server}`, async () => {
        assert.equal((await tried()).stderr, '');
        assert.ok((await tried()).started);
      });
    }
  }
  for (const [index, settings] of bad.entries()) {
    const tried = once(() => attempt(settings));
    for (const [name, value] of Object.entries(settings)) {
      test(`${shell.name}: ${name}=${JSON.stringify(value)} is refused by name`, () =>
        refused(settings, tried(), name));
      if (index > 0) continue;
      const alone = { [name]: value };
      test(`${shell.name}: ${name}=${JSON.stringify(value)} alone is refused`, () =>
        refused(alone, attempt(alone), name));
    }
  }
};

/** Tables of values turned into settings: the first value of each, the second of each that has one, and so on. */
const rounds = (columns: readonly (readonly [name: string, values: readonly string[]])[]): Settings[] =>
  Array.from({ length: Math.max(...columns.map(([, values]) => values.length)) }, (_, index) =>
    Object.fromEntries(columns.flatMap(([name, values]) => (index < values.length ? [[name, values[index]!]] : []))),
  );

const once = <Result>(make: () => Result): (() => Result) => {
  let made: { result: Result } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
};
