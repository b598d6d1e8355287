import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { missing } from '../../test/lessons/bounded-prometheus.ts';
import { findProgram } from '../../test/support/programs.ts';
import { instanceName } from '../model/metrics.ts';
import { hashmod, splitOf } from './hashmod.ts';

const fleet = Array.from({ length: 12 }, (_, index) => instanceName(index + 1));

test('the MD5 of a name says which shard it belongs to', () => {
  // Modulo 2 is the last bit: that of ecf922b536d159debb1c0772e9d2d863, of exporter:8000, is 1.
  assert.deepEqual(
    fleet.map((name) => hashmod(name, 2)),
    [1, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0],
  );
  assert.deepEqual([hashmod('exporter:8000', 1), hashmod('', 1000)], [0, 958]);
});

test('a hash shares out unevenly, and other names otherwise', () => {
  assert.deepEqual(splitOf(fleet, 2), [5, 7]);
  const others = fleet.map((_, index) => `exporter-${index + 1}:8000`);
  assert.deepEqual(splitOf(others, 2), [1, 11]);
});

for (const modulus of [2, 3, 7, 1000]) {
  test(`promtool relabels every name as this says, modulo ${modulus}`, { skip: missing }, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-hashmod-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const targets = fleet.map((name) => `      - { targets: ['127.0.0.1:1'], labels: { instance: '${name}' } }`);
    const config = `scrape_configs:
  - job_name: fleet
    relabel_configs:
      - { source_labels: [instance], modulus: ${modulus}, target_label: shard, action: hashmod }
    static_configs:
${targets.join('\n')}
`;
    writeFileSync(join(folder, 'prometheus.yml'), config);
    const text = execFileSync(
      findProgram('promtool')!,
      ['check', 'service-discovery', '--timeout=1s', join(folder, 'prometheus.yml'), 'fleet'],
      {
        encoding: 'utf8',
      },
    );
    const found = (JSON.parse(text) as { labels: Record<string, string> }[]).map(({ labels }) => [
      labels.instance,
      Number(labels.shard),
    ]);
    assert.deepEqual(
      found.sort(),
      fleet.map((name) => [name, hashmod(name, modulus)]),
    );
  });
}
