import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seconds } from '../../lab/model/format.ts';
import { repository } from '../../scripts/host/repository.ts';
import { make, tryMake, tryRun } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { until } from '../support/until.ts';
import { experimentNamed } from './backend-kills.ts';
import type { Fault } from './fault.ts';
import { withStored } from './stored.ts';

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
const applied = async (files: readonly string[], service: string, environment: Record<string, string>) => {
  const file = join(repository, mistake);
  mkdirSync(dirname(file), { recursive: true });
  // JSON is YAML, too.
  writeFileSync(file, JSON.stringify({ services: { [service]: { environment } } }));
  try {
    return await tryRun('sh', ['-c', applyScript, 'sh', ...files, mistake]);
  } finally {
    rmSync(file, { force: true });
  }
};

/** Two shards keep the same targets: nobody scrapes the others, and the check says which. */
export const sameShardFault = (lab: Lab): Fault => ({
  name: 'two shards with the same number',
  run: () =>
    withStored(lab, async () => {
      const { number, overrides, command } = experimentNamed('shards');
      await make(command);
      const begun = lab.now();
      const { code, output } = await applied(overrides, 'shard-b', { SHARD: '0/2' });
      assert.equal(code, 0, output);
      const said = await until('the check to say what is wrong', 180, async () => {
        const check = await tryMake(`check-${number}`);
        return /✗ the MD5 of each instance/.test(check.output) && check.output;
      });
      const [, expected, measured] = /expected shard-a: (.*), measured shard-a: (.*)/.exec(said)!;
      assert.notEqual(measured, expected);
      return {
        lost: 'what hashes to the other number is scraped by nobody; make check names it',
        recovery: `named after ${seconds(lab.now() - begun)}; make up`,
      };
    }),
});

/** A replica that does not say which it is: its sidecar does not start, and says why. */
export const unlabelledReplicaFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'a replica without its label',
  run: () =>
    withStored(lab, async () => {
      const { overrides } = experimentNamed('pair');
      const begun = lab.now();
      const { code, output } = await applied(overrides, 'replica-b', { REPLICA: '' });
      assert.notEqual(code, 0, output);
      assert.match(output, /sidecar-b/);
      assert.match(`${output}${await runtime.log('sidecar-b').catch(() => '')}`, /no external labels configured/);
      return {
        lost: 'nothing: its sidecar does not start, and says that the label is missing',
        recovery: `named after ${seconds(lab.now() - begun)}; make up`,
      };
    }),
});

/** A number that no shard can have: that Prometheus does not start and says why, and all else goes on. */
export const impossibleShardFault = (lab: Lab): Fault => ({
  name: 'a shard with a number that cannot be',
  run: () =>
    withStored(lab, async () => {
      const { overrides } = experimentNamed('shards');
      const begun = lab.now();
      const { code, output } = await applied(overrides, 'shard-b', { SHARD: '2/2' });
      assert.notEqual(code, 0, output);
      assert.match(output, /shard-b/);
      assert.match(output, /SHARD must be the number of a shard, from 0 on, .* such as 0\/2, got "2\/2"/);
      return {
        lost: 'nothing: it does not start, and says why',
        recovery: `named after ${seconds(lab.now() - begun)}; make up`,
      };
    }),
});
