import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';

const read = (name: string) => readFileSync(join(repository, name), 'utf8');

test('the engine is of the Prometheus that .env pins', () => {
  const [, major, minor, patch] = /^PROMETHEUS_IMAGE=.*:v(\d+)\.(\d+)\.(\d+)$/m.exec(read('.env'))!;
  // Prometheus 3.13.5 is v0.313.5 as a Go module.
  const version = `v0.${major}${minor!.padStart(2, '0')}.${patch}`;
  assert.ok(read('tab/engine/go.mod').includes(`github.com/prometheus/prometheus ${version}\n`), version);
});
