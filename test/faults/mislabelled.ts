import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../../lab/repository.ts';
import { make, tryMake, tryRun } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import { until } from '../support/until.ts';
import { experimentNamed } from './engine.ts';
import type { Fault } from './fault.ts';

/** Wrong labels of one of several Prometheus: an experiment's own change, and one more that somebody got wrong. */

const mistake = '.lab/faults/mistake.yaml';

/** What lab.sh does with the files of a step. */
const applyScript = `set -eu
program=faults
. scripts/cli/shell.sh
. scripts/cli/runtime.sh
. "scripts/$RUNTIME/runtime.sh"
runtime_ready
runtime_apply "$@"`;

/** Applies an experiment with one service's environment changed. @returns how that ended */
const applied = (files: readonly string[], service: string, environment: Record<string, string>) => {
  const file = join(repository, mistake);
  mkdirSync(dirname(file), { recursive: true });
  // JSON is YAML, too.
  writeFileSync(file, JSON.stringify({ services: { [service]: { environment } } }));
  return tryRun('sh', ['-c', applyScript, 'sh', ...files, mistake]);
};

const withStored = async (lab: Lab, run: () => Promise<{ lost: string; recovery: string }>) => {
  await lab.up();
  const until = lab.now() - 1;
  const before = await lab.stored(until - 60, until);
  assert.ok(before.length > 2, `${before.length} samples before`);
  try {
    const result = await run();
    assert.deepEqual(await lab.stored(until - 60, until), before, 'what had been stored');
    return result;
  } finally {
    await make('up');
    rmSync(join(repository, mistake), { force: true });
  }
};

/** Two shards keep the same targets: nobody scrapes the others, and the check says so. */
export const sameShardFault = (lab: Lab): Fault => ({
  name: 'two shards with the same number',
  run: () =>
    withStored(lab, async () => {
      const { number, overrides, command } = experimentNamed('shards');
      await make(command);
      const begun = lab.now();
      const { code, output } = await applied(overrides, 'shard-b', { SHARD: '0/2' });
      assert.equal(code, 0, output);
      const said = await until('the check not to hold', 120, async () => {
        const check = await tryMake(`check-${number}`);
        return check.output.includes('✗') && check.output;
      });
      console.log(said);
      return { lost: 'what hashes to the other number; the check says so', recovery: `${lab.now() - begun}` };
    }),
});
