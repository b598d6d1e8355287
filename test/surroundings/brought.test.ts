import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Call, cloneFor, ofTheShell } from '../support/clone.ts';

const override = `services:
  exporter:
    environment: { INSTANCES: 12 }
  shard-a:
    extends: { file: prometheus/service.yaml, service: prometheus }
  shard-b:
    extends: { file: prometheus/service.yaml, service: prometheus }
  query:
    extends: { file: thanos/service.yaml, service: thanos }
    command: [query]
`;

/** A lab whose first experiment brings services. */
const labThatBrings = (t: TestContext) => {
  const clone = cloneFor(t, undefined, ofTheShell);
  const file = 'experiments/99-shards/compose.yaml';
  mkdirSync(join(clone.folder, 'experiments/99-shards'), { recursive: true });
  writeFileSync(join(clone.folder, file), override);
  clone.setScript([`obtain ${file}`, 'place BIND=127.0.0.1', 'begin exp-1', `apply ${file}`, 'end exp-1']);
  return { ...clone, file };
};

const last = ({ words }: Call, count: number) => words.slice(-count).join(' ');

test('what a step brings is built before anything is touched, an image once, and goes with its data', async (t) => {
  const { file, run } = labThatBrings(t);
  const { code, stderr, calls } = await run(['make', 'exp-1']);
  assert.equal(code, 0, stderr);
  const built = calls.findIndex((call) => last(call, 4) === `-f ${file} build query`);
  const touched = calls.findIndex(({ words }) => words.includes('up'));
  assert.ok(built > 0 && built < touched, calls.map(({ words }) => words.join(' ')).join('\n'));
  assert.ok(calls[touched]!.words.includes('--remove-orphans'));

  const cleaned = await run(['make', 'clean']);
  assert.equal(cleaned.code, 0, cleaned.stderr);
  assert.ok(cleaned.calls.some(({ words }) => words.includes('down') && words.includes('--remove-orphans')));
  assert.equal(last(cleaned.calls.at(-1)!, 3), 'volume rm prometheus-lab_shard-a-data');
});

test('a step whose services cannot be built touches nothing', async (t) => {
  const { run } = labThatBrings(t);
  const { code, stderr, calls } = await run(['make', 'exp-1'], { DOCKER_FAILS: 'query' });
  assert.equal(code, 2);
  assert.match(stderr, /^lab: the images could not be built; the whole log is in \.lab\/build\.log$/m);
  assert.deepEqual(
    calls.filter(({ words }) => words.includes('up')),
    [],
  );
});
