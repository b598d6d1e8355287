import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { repository } from '../host/repository.ts';

const requirement = (name: string) => {
  const script =
    'program=lab; . scripts/cli/shell.sh; . scripts/host/requirements.sh; requirement "$1"; echo "$kind $what"';
  return spawnSync('sh', ['-c', script, 'sh', name], { cwd: repository, encoding: 'utf8' });
};

test('of what a step requires the shell knows what it is', () => {
  const required = new Set(experiments.flatMap(({ requires }) => requires ?? []));
  assert.ok(required.size > 0);
  for (const name of required) assert.match(requirement(name).stdout, /^(program \w|flag --\w)/, name);
});

for (const name of ['mimir', 'OTL', 'program', '.*', '']) {
  test(`a requirement ${JSON.stringify(name)} is refused by name`, () => {
    const { status, stderr } = requirement(name);
    assert.equal(status, 1);
    assert.equal(stderr, `lab: "${name}" is required, and scripts/host/requirements.sh does not know it\n`);
  });
}
