import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../host/repository.ts';

const text = (name: string): string => readFileSync(join(repository, name), 'utf8');

test('a connection of npm that hangs is given up after half a minute', () => {
  // As npm itself reads it here, whatever the user has set.
  const options = { cwd: repository, env: { PATH: process.env.PATH, HOME: '/nowhere' }, encoding: 'utf8' } as const;
  assert.equal(execFileSync('npm', ['config', 'get', 'fetch-timeout'], options), '30000\n');
});

for (const name of ['exporter', 'guide', 'scripts/cli', 'grafana']) {
  test(`${name}/Dockerfile: npm reads the repository's settings wherever it installs`, () => {
    const installing = text(`${name}/Dockerfile`)
      .split(/^FROM /m)
      .filter((stage) => stage.includes('RUN npm ci'));
    assert.ok(installing.length > 0);
    for (const stage of installing) assert.match(stage.split('RUN npm ci')[0]!, /^COPY .*\.npmrc /m);
  });
}
