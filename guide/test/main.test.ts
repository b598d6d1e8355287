import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

const run = (environment: Record<string, string>) =>
  spawn(process.execPath, ['--import', 'tsx', 'guide/src/main.ts'], {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, HOST: '127.0.0.1', ...environment },
  });

test('SIGTERM ends the process within a second, even with a connection open', { timeout: 20_000 }, async () => {
  const child = run({ PORT: '18766', PROMETHEUS_ADDRESS: 'localhost:1', EXPORTER_ADDRESS: 'localhost:1' });
  await once(child.stdout, 'data');
  await fetch('http://127.0.0.1:18766/healthz', { headers: { connection: 'keep-alive' } });
  const sentAt = performance.now();
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.ok(performance.now() - sentAt < 1_000);
});

test('a wrong setting ends the process with exit 1 and no stack', { timeout: 20_000 }, async () => {
  const child = run({ PORT: 'http' });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  assert.deepEqual(await once(child, 'close'), [1, null]);
  assert.equal(output, 'guide: cannot start\n  PORT must be a whole number from 1 to 65535, got "http"\n');
});
