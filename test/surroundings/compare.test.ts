import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Call, cloneFor, ofTheShell } from '../support/clone.ts';

const clone = (t: TestContext) => cloneFor(t, undefined, ofTheShell);

/** What happened to the lab, in order: the files of each change, what the tools were asked, and its end. */
const story = (calls: Call[]): string[] =>
  calls.flatMap(({ words }) => {
    const files = words.flatMap((word, index) => (word === '-f' ? [words[index + 1]!] : [])).slice(1);
    if (words.includes('-d')) return [`up ${files.join(' ')}`.trim()];
    if (words.includes('down')) return ['down'];
    if (words.includes('build')) return [];
    return words.at(-2) === 'tools' || words.at(-1) === '--document'
      ? [words.slice(words.indexOf('tools')).join(' ')]
      : [];
  });
const compared = 'up lab/base/states/compare.yaml victoriametrics/compare.yaml';

test('a lab that is stopped is stopped again', async (t) => {
  const { folder, run } = clone(t);
  const { code, calls, stderr } = await run(['make', 'compare']);
  assert.equal(code, 0, stderr);
  assert.deepEqual(story(calls), [compared, 'tools compare', 'down']);
  assert.ok(!existsSync(join(folder, '.lab/applied')));
});

test('a lab that runs is in its step again, and nothing of the second backend stays', async (t) => {
  const { run } = clone(t);
  await run(['make', 'exp-5']);
  const { calls } = await run(['make', 'compare']);
  assert.deepEqual(
    story(calls)
      .filter((each) => each !== 'tools wait departed')
      .slice(-1),
    ['up compose.spikes.yaml compose.slow-scrape.yaml'],
  );
  assert.ok(story(calls).includes(compared));
  const { stderr } = await run(['make', 'status']);
  assert.match(stderr, /^applied last: exp-5$/m);
});

test('DOCS=1 asks for the page', async (t) => {
  const { calls } = await clone(t).run(['make', 'compare'], { DOCS: '1' });
  assert.deepEqual(story(calls), [compared, 'tools compare --document', 'down']);
});

test('QUERY_URL starts nothing, and reaches the tools', async (t) => {
  const { run } = clone(t);
  await run(['make', 'up']);
  const { code, calls } = await run(['make', 'compare'], { QUERY_URL: 'http://localhost:8428' });
  assert.equal(code, 0);
  assert.deepEqual(story(calls), ['tools compare']);
  const { words } = calls.find((each) => each.words.at(-1) === 'compare')!;
  assert.ok(words.includes('QUERY_URL'));
});

test('a fault that was chosen by chance is not lost for it', async (t) => {
  const { run } = clone(t);
  await run(['make', 'exp-8']);
  const { code, calls, stderr } = await run(['make', 'compare']);
  assert.equal(code, 2);
  assert.match(stderr, /^lab: make compare would change the fault that exp-8 has chosen: make up first$/m);
  assert.deepEqual(story(calls), []);
});

test('where its image cannot be built it is not run, and says why', async (t) => {
  const { folder, run } = clone(t);
  await run(['make', 'up']);
  await run(['sh', '-c', 'touch .lab/images-debian']);
  assert.ok(existsSync(join(folder, '.lab/images-debian')));
  const { code, calls, stderr } = await run(['make', 'compare']);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^lab: make compare is not run here: it needs VictoriaMetrics, and .*; or query a backend of yours: QUERY_URL=/m,
  );
  assert.deepEqual(story(calls), []);
});
