import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { reportApplied } from '../../lab/running/applied.ts';
import { folderFor } from '../../test/support/folder.ts';
import { serve } from '../../test/support/serve.ts';
import { appliedIn, createAppliedStore } from '../src/applied.ts';

const applied = { step: 'exp-2', from: 1_800_000_000, to: 1_800_000_004 };

test('the step that was applied last is there for the next process', (t) => {
  const file = join(folderFor(t), 'data', 'applied.json');
  const store = createAppliedStore(file, assert.fail);
  assert.equal(store.last(), undefined);
  const base = { step: 'up', from: 1_799_999_000, to: 1_799_999_004 };
  // A check reports it again.
  for (const each of [base, applied, applied]) store.set(each);
  const next = createAppliedStore(file, assert.fail);
  assert.deepEqual(next.last(), applied);
  assert.deepEqual(next.list(), [base, applied]);
});

const wrong: [body: unknown, found: RegExp][] = [
  [null, /got step nothing$/],
  [{ ...applied, step: 'exp-99' }, /got step "exp-99"$/],
  [{ ...applied, from: 1_800_000_009 }, /unix seconds in rising order, got \{"step":"exp-2"/],
  [{ step: 'exp-2' }, /got \{"step":"exp-2"\}$/],
];
for (const [body, found] of wrong) {
  test(`${JSON.stringify(body)} is refused as an applied step`, () => {
    assert.throws(() => appliedIn(body), found);
  });
}

test('a command reports its step to the guide, and goes on without one', async (t) => {
  const received: string[] = [];
  const guide = await serve(t, async (request, response) => {
    for await (const chunk of request) received.push(`${request.method} ${request.url} ${chunk}`);
    response.writeHead(204).end();
  });
  await reportApplied({ guide: `http://${guide}` }, applied);
  assert.deepEqual(received, [`POST /api/applied ${JSON.stringify(applied)}`]);
  await reportApplied({ guide: 'http://127.0.0.1:1' }, applied);
  await reportApplied({ guide: `http://${guide}` }, undefined);
  assert.equal(received.length, 1);
});
