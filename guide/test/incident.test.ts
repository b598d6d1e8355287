import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { linesOf } from '../../lab/incidents/debrief.ts';
import type { Said } from '../../lab/incidents/said.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { play, start } from '../../test/incidents/simulated.ts';
import { solve } from '../../test/incidents/solver.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { RequestError } from '../src/errors.ts';
import { createIncident, createIncidentStore } from '../src/incident.ts';

const typed = (answer: object) =>
  Object.fromEntries(
    Object.entries(answer).map(([part, value]) => [
      part,
      typeof value === 'number' ? value.toFixed(part === 'LOST' ? 0 : 3) : value,
    ]),
  );

test('an incident of two faults is solved in steps, kept, and explained at the end', async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = join(folder, 'incidents.json');
  const { read, lab, running } = await play(7, 3, 5);
  const incidents = createIncident({
    observe: async () => lab,
    read,
    store: createIncidentStore(file, assert.fail),
    clock: () => lab.now,
  });
  const answers = await solve(read, lab, running.startedAt, 3);
  const said: Said[] = [];
  for (const answer of answers) said.push((await incidents.ask({ answer: typed(answer) })) as Said);
  const solved = said.find((each) => each.kind === 'judged' && each.solved !== undefined);
  assert.ok(solved?.kind === 'judged', JSON.stringify(said));
  assert.equal(solved.solved!.seconds, Math.round(lab.now - start));
  assert.equal(solved.solved!.debrief.length, 2);
  const text = solved.solved!.debrief.flatMap((each) => [each.title, ...linesOf(each)]).join('\n');
  for (const words of [
    'truth: from',
    'what happened',
    'three queries',
    'behind it: make exp-',
    'alerts that did not',
  ]) {
    assert.ok(text.includes(words), words);
  }
  const [kept] = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual([kept.seed, kept.level, kept.seconds], [7, 3, Math.round(lab.now - start)]);
  assert.deepEqual(createIncidentStore(file, assert.fail).list(), incidents.list().incidents);
});

test('until it is solved nothing that is said names what it was', async () => {
  const { read, lab, running } = await play(3, 1, 5);
  const incidents = createIncident({
    observe: async () => lab,
    read,
    store: createIncidentStore(undefined, assert.fail),
    clock: () => lab.now,
  });
  const [{ fault, chosen }] = running.happenings as [(typeof running.happenings)[0]];
  const wrong = {
    INSTANCE: 'login',
    CAUSE: fault.cause === 'stuck' ? 'death' : 'stuck',
    SINCE: '1s ago',
    LOST: '999999',
  };
  const said = JSON.stringify(await incidents.ask({ answer: wrong }));
  assert.ok(!said.includes(fault.says), said);
  assert.ok(!said.includes(`"${fault.who(chosen)[0]}"`), said);
  assert.ok(!said.includes('debrief'), said);
  const hints = await Promise.all([1, 2, 3].map(async (hint) => incidents.ask({ hint })));
  assert.deepEqual(
    hints,
    fault.hints(chosen).map((hint) => ({ kind: 'hint', hint })),
  );
  const given = await incidents.ask({ give: true });
  assert.equal(given.kind, 'given');
  assert.equal(incidents.list().incidents[0]!.wasGiven, true);
});

test('where no incident is on, that is said, and a wrong request is refused by name', async () => {
  const { read } = await play(1, 1, 60, start + 1);
  const observe = async () => ({ exporter: undefined }) as unknown as Lab;
  const incidents = createIncident({
    observe,
    read,
    store: createIncidentStore(undefined, assert.fail),
    clock: () => start,
  });
  assert.deepEqual(await incidents.ask({ answer: { CAUSE: 'death' } }), {
    kind: 'elsewhere',
    reason: 'no incident is on',
    type: 'make incident',
  });
  for (const [body, words] of [
    [{}, /an object with answer, hint or give/],
    [{ hint: 4 }, /hint must be 1, 2 or 3/],
    [{ answer: { CAUSE: 'gremlins' } }, /CAUSE must be errors, .* got "gremlins"/],
    [{ answer: [] }, /an object with answer/],
    ['{', /an object with answer/],
  ] as const) {
    await assert.rejects(incidents.ask(body), (error) => error instanceof RequestError && words.test(error.message));
  }
});
