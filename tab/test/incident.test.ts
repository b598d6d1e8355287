import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIncident, createIncidentStore } from '../../guide/src/incident.ts';
import { parts } from '../../lab/incidents/answer.ts';
import { type Debrief, debriefOf } from '../../lab/incidents/debrief.ts';
import { happeningsOf, incidentOf } from '../../lab/incidents/incident.ts';
import { aroundOf, evidenceOf, runningIn } from '../../lab/incidents/reading.ts';
import type { Said } from '../../lab/incidents/said.ts';
import { clock, seconds } from '../../lab/model/format.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { startingSeconds } from '../../lab/simulator/course.ts';
import { solve } from '../../test/incidents/solver.ts';
import type { Engine } from '../page/engine.ts';
import { stepOfIncident, type TabIncident, tabLevels } from '../page/incident.ts';
import { type Knobs, usualKnobs } from '../page/knobs.ts';
import { createTab } from '../page/source.ts';
import { type NoEngine, Stage } from '../page/stage.ts';
import { engine } from './engine.ts';
import { missing, prometheusWith } from './real.ts';

const withoutEngine = { lacks: 'no engine is needed here' };
/** All of it is over and stored by then, at 5 s. */
const longSeconds = 300;

const played = async (
  made: Engine | NoEngine,
  incident: TabIncident,
  begun: number,
  knobs: Partial<Knobs> = {},
): Promise<Stage> => {
  const stage = new Stage(made, stepOfIncident(incident), { ...usualKnobs, ...knobs }, begun);
  await stage.advance(begun + longSeconds);
  return stage;
};

for (const level of tabLevels) {
  test(`level ${level}: who has only what the tab has stored is right in every part, and the truth is the seed’s`, async () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const begun = 1_800_000_000 + 1_000 * seed;
      const incident = { seed, level, scrapeSeconds: 5 };
      const stage = await played(withoutEngine, incident, begun);
      const [read, lab] = [stage.read(), stage.lab()];
      const store = createIncidentStore(undefined, assert.fail);
      const { ask } = createIncident({ observe: async () => lab, read, store, clock: () => lab.now });
      const said: Said[] = [];
      for (const { SINCE, UNTIL, LOST, ...named } of await solve(read, lab, begun + startingSeconds, level)) {
        const [since, until] = [SINCE!, UNTIL!].map((at) => at.toFixed(3));
        said.push((await ask({ answer: { ...named, SINCE: since, UNTIL: until, LOST: String(LOST) } })) as Said);
      }
      const solved = said.find((each) => each.kind === 'judged' && each.solved !== undefined);
      assert.ok(solved?.kind === 'judged', `seed ${seed}: ${JSON.stringify(said)}`);
      assert.deepEqual(solved.right, [parts]);
      const { fault, chosen, from, to } = happeningsOf(incidentOf(incident), begun + startingSeconds)[0]!;
      const { title, facts } = solved.solved!.debrief[0]!;
      assert.equal(title, `${fault.cause}: ${fault.who(chosen)[0]}, ${fault.says}`);
      assert.equal(facts[0], `truth: from ${clock(from)} to ${clock(to)}, ${seconds(to - from)}`);
    }
  });
}

test('a scrape interval that is turned meets the same incident', async () => {
  const incident = { seed: 3, level: 1, scrapeSeconds: 5 } as const;
  const truths = await Promise.all(
    [{}, { scrapeSeconds: 1 }, { scrapeSeconds: 15, phase: 0.6 }].map(async (knobs) => {
      const stage = await played(withoutEngine, incident, 1_800_000_000, knobs);
      return runningIn(stage.lab())!.happenings.map(({ fault: { cause }, from, to }) => [cause, from, to]);
    }),
  );
  assert.deepEqual(truths[1], truths[0]);
  assert.deepEqual(truths[2], truths[0]);
});

test('an incident is begun by its seed, answered, and begun anew with nothing found yet', async () => {
  const store = { list: () => [], add: () => true };
  const slices = { slice: () => () => false, pause: async () => {} };
  const tab = createTab({ store, lesson: 'up', knobs: usualKnobs, begun: 1_800_000_000, incident: undefined, slices });
  const ask = (question: object) => tab.source.incident(question).ask(new AbortController().signal);
  await tab.start();
  assert.equal((await ask({ give: true })).kind, 'elsewhere');
  await tab.begin('incident', { seed: 7, level: 2 });
  assert.deepEqual(tab.incident, { seed: 7, level: 2, scrapeSeconds: 5 });
  await tab.advance(longSeconds);
  const { fault, chosen } = happeningsOf(incidentOf(tab.incident), tab.stage.begun + startingSeconds)[0]!;
  const right = async () => {
    const said = await ask({ answer: { CAUSE: fault.cause } });
    return said.kind === 'judged' && said.right;
  };
  assert.deepEqual(await right(), [['CAUSE']]);
  const both = await ask({ answer: { INSTANCE: fault.who(chosen)[0] } });
  assert.deepEqual(both.kind === 'judged' && both.right, [['INSTANCE', 'CAUSE']]);
  await tab.turn({ ...usualKnobs, seed: 2 });
  assert.deepEqual(await right(), [['CAUSE']], 'another truth');
  await tab.begin('incident');
  await tab.advance(longSeconds);
  assert.deepEqual(await right(), [['CAUSE']], 'another time');
});

/** What is said of it at the end, of what was read from somebody. */
const debriefBy = async (read: Reader, stage: Stage): Promise<Debrief[]> => {
  const lab = stage.lab();
  const running = runningIn(lab)!;
  return debriefOf({
    evidence: await evidenceOf(read, lab, running),
    around: await aroundOf(read, lab, running),
    startedAt: running.startedAt,
    notifications: await read.notifications(),
    now: lab.now,
  });
};

for (const [seed, level] of [
  [3, 1],
  [7, 2],
  [8, 2],
] as const) {
  test(`the debrief of seed ${seed}, level ${level}, is that of a real Prometheus`, { skip: missing }, async (t) => {
    const begun = Math.floor(Date.now() / 1_000) - longSeconds - 60;
    const stage = await played((await engine())(), { seed, level, scrapeSeconds: 5 }, begun);
    const own = stage.read();
    const { query, ask, range, samples } = await prometheusWith(t, stage);
    const [inTab, real] = [await debriefBy(own, stage), await debriefBy({ ...own, query, ask, range, samples }, stage)];
    assert.ok(inTab[0]!.facts.length >= 4 && inTab[0]!.picture!.proved !== undefined);
    assert.deepEqual(inTab, real);
  });
}
