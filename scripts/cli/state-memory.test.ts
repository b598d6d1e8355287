import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepNamed } from '../../experiments/catalogue.ts';
import { memoryNote, memoryOverBase } from './state-memory.ts';

test('figures are whole MB, and of steps that change something', () => {
  for (const [command, megabytes] of Object.entries(memoryOverBase)) {
    assert.ok(
      (stepNamed(command)?.overrides.length ?? 0) > 0,
      `make bench PART=states measured ${command}, which is gone`,
    );
    assert.ok(Number.isInteger(megabytes), `${command}: ${megabytes}`);
  }
});

const notes: [megabytes: number, note: string][] = [
  [12, 'about 12 MB more than the base lab (exporter and Prometheus)'],
  [-80, 'about 80 MB less than the base lab (exporter and Prometheus)'],
  [9, 'about as much as the base lab (exporter and Prometheus)'],
  [-9, 'about as much as the base lab (exporter and Prometheus)'],
];
for (const [megabytes, note] of notes) {
  test(`${megabytes} MB over the base: ${note}`, () => assert.equal(memoryNote('exp-9', { 'exp-9': megabytes }), note));
}

test('a step that was not measured has no note', () => {
  assert.equal(memoryNote('exp-9', {}), undefined);
  assert.equal(memoryNote('toString', {}), undefined);
});
