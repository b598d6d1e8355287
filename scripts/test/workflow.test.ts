import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { repository } from '../host/repository.ts';

const folder = join(repository, '.github/workflows');

type Job = { env: Record<string, string>; steps: { run?: string }[] };

for (const file of readdirSync(folder)) {
  const { jobs } = parse(readFileSync(join(folder, file), 'utf8')) as { jobs: Record<string, Job> };
  for (const [name, { env, steps }] of Object.entries(jobs)) {
    test(`${file}, ${name}: it names the runtime, and every make target that it runs exists`, () => {
      assert.match(env.RUNTIME ?? '', /^(compose|native)$/);
      const made = steps.flatMap(({ run }) => [...(run ?? '').matchAll(/\bmake ([a-z0-9-]+)/g)].map(([, it]) => it!));
      assert.deepEqual(
        ['up', 'e2e', 'check'].filter((target) => !made.includes(target)),
        [],
      );
      assert.equal(spawnSync('make', ['-n', ...made], { cwd: repository, encoding: 'utf8' }).stderr, '');
    });
  }
}

test('the proof without a registry needs no workflow', () => {
  for (const file of readdirSync(join(repository, '.ci')))
    assert.doesNotMatch(readFileSync(join(repository, '.ci', file), 'utf8'), /\.github/, file);
});
