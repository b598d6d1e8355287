import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { findShells, sandboxFor } from '../../prometheus/test/run-entrypoint.ts';
import { testValues, type Values } from '../../prometheus/test/values.ts';

const source = join(import.meta.dirname, '..');
const entrypoint = join(source, 'entrypoint.sh');
const base = { LAB_CONFIG_DIR: source, LAB_EXPERIMENTS_DIR: join(source, '../experiments') };
const programs = ['alertmanager', 'amtool'];
const sandboxOf = (t: TestContext) => sandboxFor(t, programs);

const table: Values[] = [
  { name: 'GUIDE_ADDRESS', good: ['localhost:8080'], bad: ['guide', 'http://guide:8080', 'guide:8080/x', 'guide:0'] },
  { name: 'ALERTMANAGER_LISTEN', good: ['127.0.0.1:9093'], bad: ['9093', ':9093', '0.0.0.0:70000'] },
  { name: 'ROUTES_OF', good: ['27-one-rack'], bad: ['26-burn-rate', '../27-one-rack', '27-one-rack/', '27'] },
  { name: 'ALERTMANAGER_URL', good: ['http://localhost:9093'], bad: ['localhost:9093', 'file://a', 'http://a/b'] },
];

for (const shell of findShells()) {
  testValues(shell, { server: 'alertmanager', file: entrypoint, programs, base }, table);

  test(`${shell.name}: without any setting the defaults are rendered`, async (t) => {
    const sandbox = sandboxOf(t);
    const run = await sandbox.run(shell, entrypoint, { ...base, GUIDE_ADDRESS: '' }, ['--log.level=warn']);
    const config = join(sandbox.dataFolder, 'lab-config', 'alertmanager.yml');
    assert.deepEqual(run.started, [
      `--config.file=${config}`,
      `--storage.path=${sandbox.dataFolder}`,
      '--web.listen-address=0.0.0.0:9093',
      '--web.external-url=http://localhost:9093',
      '--cluster.listen-address=',
      '--log.level=warn',
    ]);
    assert.match(readFileSync(config, 'utf8'), /- url: http:\/\/guide:8080\/alerts\n/);
  });

  test(`${shell.name}: what an experiment adds stands before what the base has, and the base is as it was`, async (t) => {
    const rendered = async (settings: Record<string, string>) => {
      const sandbox = sandboxOf(t);
      await sandbox.run(shell, entrypoint, { ...base, ...settings });
      return parse(readFileSync(join(sandbox.dataFolder, 'lab-config', 'alertmanager.yml'), 'utf8'));
    };
    const [plain, changed] = [await rendered({}), await rendered({ ROUTES_OF: '27-one-rack' })];
    const added = parse(readFileSync(join(source, '../experiments/27-one-rack/alertmanager.yml'), 'utf8'));
    const { route, inhibit_rules: rules, ...rest } = plain;
    assert.deepEqual(changed, {
      ...rest,
      route: { ...route, routes: [...added.routes, ...route.routes] },
      inhibit_rules: [...added.inhibit_rules, ...rules],
    });
  });

  test(`${shell.name}: what amtool says of a bad configuration is shown`, async (t) => {
    const sandbox = sandboxOf(t);
    sandbox.standIn('amtool', 'echo "FAILED: line 3"; exit 1');
    const run = await sandbox.run(shell, entrypoint, base);
    assert.equal(run.exitCode, 1);
    assert.match(run.stderr, /^alertmanager: cannot start, amtool refuses .*\nFAILED: line 3\n$/);
  });
}

// busybox takes its own df before any other.
for (const shell of findShells().filter(({ name }) => name !== 'busybox sh')) {
  test(`${shell.name}: a full disk is named in one line, before anything is written to it`, async (t) => {
    const sandbox = sandboxOf(t);
    sandbox.standIn('df', 'echo head; echo "/dev/a disk 65536 65036 500 99% /a folder"');
    const run = await sandbox.run(shell, entrypoint, base);
    const words = `LAB_DATA_DIR must be on a disk with 1 MB free, the one of "${sandbox.dataFolder}" has 0 MB free`;
    assert.equal(run.stderr, `alertmanager: cannot start\n  ${words}\n`);
    assert.equal(run.started, undefined);
  });
}
