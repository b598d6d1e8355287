import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../lab/incidents/answer.ts';
import { faults } from '../../lab/incidents/faults.ts';
import { instanceNames } from '../../lab/incidents/fleet.ts';
import {
  calmSeconds,
  incidentOf,
  instanceOfHerring,
  type Level,
  levels,
  sealedIncident,
} from '../../lab/incidents/incident.ts';
import { judge } from '../../lab/incidents/judge.ts';
import { aroundOf, evidenceOf } from '../../lab/incidents/reading.ts';
import { type Played, play, start } from './simulated.ts';

/** The first seed of a level whose incident is as asked. */
const seedWith = (level: Level, cause: string, isRight: (seed: number) => boolean = () => true): number => {
  for (let seed = 1; ; seed += 1) {
    const { planned } = incidentOf({ seed, level, scrapeSeconds: 5 });
    if (planned[0]!.fault.cause === cause && isRight(seed)) return seed;
  }
};
const judged = async ({ running, read, lab }: Played, answer: Answer) => {
  const evidence = await evidenceOf(read, lab, running);
  return judge(answer, evidence, await aroundOf(read, lab, running)).parts;
};
const errors = () => play(seedWith(1, 'errors'), 1, 5);

test('what increase() says is refused: it extrapolates', async () => {
  const played = await errors();
  const { number } = played.incident.planned[0]!.chosen;
  const selector = `http_requests_total{code="500",instance="${instanceNames[number - 1]}"}`;
  const [series] = await played.read.query(`sum(increase(${selector}[4m]))`, played.lab.now);
  const naive = series!.samples[0]![1];
  assert.ok(!Number.isInteger(naive) && naive > 0, `${naive}`);
  const [part] = await judged(played, { LOST: naive });
  assert.equal(part!.isRight, false);
  assert.match(part!.says, /increase\(\) extrapolates/);
});

test('a number that the counters do not have is refused, and the right one is not said', async () => {
  const [part] = await judged(await errors(), { LOST: 100_000 });
  assert.equal(part!.isRight, false);
  assert.match(part!.says, /the last sample minus the first/);
  assert.doesNotMatch(part!.says, /\d{2}/);
});

test('the begin of an alert is refused as the begin of the fault', async () => {
  const played = await play(
    seedWith(1, 'death', (seed) => incidentOf({ seed, level: 1, scrapeSeconds: 5 }).planned[0]!.chosen.number === 1),
    1,
    5,
  );
  const { alerts } = await aroundOf(played.read, played.lab, played.running);
  const { firedAt } = alerts.find(({ name }) => name === 'TargetDown')!;
  const [part] = await judged(played, { SINCE: firedAt! });
  assert.equal(part!.isRight, false);
  assert.match(part!.says, /when the alert TargetDown began/);
});

test('the loudest instance is not the broken one', async () => {
  const played = await play(seedWith(2, 'latency'), 2, 5);
  const [part] = await judged(played, { INSTANCE: instanceOfHerring(played.incident)! });
  assert.equal(part!.isRight, false);
  assert.match(part!.says, /something did happen there, and it is not what broke/);
});

test('another cause is answered by what it would show', async () => {
  const [part] = await judged(await errors(), { CAUSE: 'death' });
  assert.deepEqual(
    [part!.isRight, part!.says],
    [false, 'then up{job="my_app"} would show it: 0 for each scrape that failed'],
  );
});

test('of two faults each is recognised by itself, also where one part is wrong', async () => {
  const played = await play(seedWith(3, 'errors'), 3, 5);
  const [, second] = played.running.happenings;
  const evidence = await evidenceOf(played.read, played.lab, played.running);
  const around = await aroundOf(played.read, played.lab, played.running);
  const answer = { INSTANCE: 'monitoring', CAUSE: second!.fault.cause, SINCE: start };
  const { fault, parts } = judge(answer, evidence, around);
  assert.equal(fault, 1);
  assert.deepEqual(
    parts.map(({ isRight }) => isRight),
    [true, true, false],
  );
});

test('what the samples do not show yet is neither right nor wrong', async () => {
  const seed = seedWith(1, 'errors');
  const { chosen } = incidentOf({ seed, level: 1, scrapeSeconds: 5 }).planned[0]!;
  const before = await judged(await play(seed, 1, 5, start + chosen.afterSeconds - 1), { SINCE: start, LOST: 5 });
  assert.deepEqual(
    before.map(({ isRight }) => isRight),
    [undefined, undefined],
  );
  const meanwhile = await judged(await play(seed, 1, 5, start + chosen.afterSeconds + 15), {
    SINCE: start + chosen.afterSeconds,
    UNTIL: start + chosen.afterSeconds + 10,
  });
  assert.deepEqual(
    meanwhile.map(({ isRight }) => isRight),
    [true, undefined],
  );
});

test('nothing happens while the fleet starts, whatever the seed and the interval', () => {
  for (const level of levels) {
    for (const scrapeSeconds of [1, 5, 60]) {
      for (let seed = 1; seed <= 200; seed += 1) {
        const { planned, herring } = incidentOf({ seed, level, scrapeSeconds });
        const first = Math.min(
          ...[...planned.map(({ chosen }) => chosen), ...(herring ? [herring] : [])].map(
            ({ afterSeconds }) => afterSeconds,
          ),
        );
        assert.ok(first >= calmSeconds, `seed ${seed} of level ${level} at ${scrapeSeconds} s begins after ${first} s`);
      }
    }
  }
});

test('every kind of fault is found by some seed of level 3', () => {
  const causes = new Set(
    Array.from({ length: 200 }, (_, index) => incidentOf({ seed: index + 1, level: 3, scrapeSeconds: 5 })).flatMap(
      ({ planned }) => planned.map(({ fault }) => fault.cause),
    ),
  );
  assert.deepEqual([...causes].sort(), faults.map(({ cause }) => cause).sort());
});

test('the same seed is the same incident, and nothing of it can be read in what is handed over', () => {
  const one = incidentOf({ seed: 7, level: 3, scrapeSeconds: 5 });
  assert.deepEqual(
    incidentOf({ seed: 7, level: 3, scrapeSeconds: 5 }).planned.map(({ chosen }) => chosen),
    one.planned.map(({ chosen }) => chosen),
  );
  assert.match(sealedIncident(one), /^[0-9a-f]+$/);
});
