import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { comparing } from '../../lab/model/shared-state.ts';
import { askBoth, isAsked, questionsOf } from '../../lab/running/compare.ts';
import { placementOf } from '../../scripts/dev/docs.ts';
import { fleetAfter, fleetStart as start } from './simulated.ts';

/** The questions of make compare, in the state in which it asks them. */

const seconds = 90;

test('every question can be asked in the state of make compare, and what is stored gives what Prometheus says', async () => {
  const lab = await fleetAfter(seconds, placementOf(comparing), 5, 0.62);
  const [at, read] = [start + seconds - 2, lab.readAt(start + seconds)];
  const rows = await questionsOf(experiments, lab.labAt(start + seconds), read);
  assert.deepEqual(
    rows.flatMap((row) => (isAsked(row) ? [] : [`${row.number}: ${row.reason}`])),
    [],
  );
  const asked = rows.filter(isAsked);
  const lessons = experiments.filter(({ comparisons }) => comparisons !== undefined).map(({ number }) => number);
  assert.deepEqual([...new Set(asked.map(({ number }) => number))], lessons);
  for (const { shows, question } of asked) {
    const { from, until = Number.POSITIVE_INFINITY } = question;
    assert.ok(from <= at && until >= at, `${shows} from ${from - start} to ${until - start} s`);
  }
  // A backend that says something else of the same samples: those of Prometheus have to give what that says. A stale
  // marker is none of them, nor is what a rule recorded here.
  const other = { ...read, query: async () => [{ labels: {}, samples: [[at, -1] as const] }] };
  for (const row of asked) {
    const { prometheus, why } = await askBoth(row, at, { prometheus: read, backend: other });
    if (prometheus === undefined) continue;
    assert.equal(why, 'not explained: no reading of its raw samples gives it', row.shows);
  }
});
