import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { repository } from '../host/repository.ts';

const folder = join(repository, '.github/workflows');

type Job = { env?: Record<string, string>; steps: { run?: string; uses?: string; with?: Record<string, string> }[] };

const jobs = readdirSync(folder).flatMap((file) => {
  const read = parse(readFileSync(join(folder, file), 'utf8')) as { jobs: Record<string, Job> };
  return Object.entries(read.jobs).map(([name, job]) => ({ file, name, ...job }));
});
const madeBy = ({ steps }: Job): string[] =>
  steps.flatMap(({ run }) => [...(run ?? '').matchAll(/\bmake ([a-z0-9-]+)/g)].map(([, it]) => it!));

for (const job of jobs) {
  test(`${job.file}, ${job.name}: every make target that it runs exists`, () => {
    assert.ok(madeBy(job).length > 0);
    assert.equal(spawnSync('make', ['-n', ...madeBy(job)], { cwd: repository, encoding: 'utf8' }).stderr, '');
  });
}

for (const job of jobs.filter(({ file }) => file === 'lab.yml')) {
  test(`${job.name}: it names the runtime, and proves the lab there`, () => {
    assert.match(job.env?.RUNTIME ?? '', /^(compose|native)$/);
    assert.deepEqual(
      ['up', 'e2e', 'check'].filter((target) => !madeBy(job).includes(target)),
      [],
    );
  });
}

test('what is published is the folder that make site writes', () => {
  const { steps } = jobs.find(({ file }) => file === 'site.yml')!;
  const [upload] = steps.filter(({ uses }) => uses?.startsWith('actions/upload-pages-artifact@'));
  const site = readFileSync(join(repository, 'tab/build.ts'), 'utf8');
  assert.ok(site.includes(`|| '${upload?.with?.path}'`), upload?.with?.path);
});

test('the proof without a registry needs no workflow', () => {
  for (const file of readdirSync(join(repository, '.ci')))
    assert.doesNotMatch(readFileSync(join(repository, '.ci', file), 'utf8'), /\.github/, file);
});
