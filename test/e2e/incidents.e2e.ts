import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, parts } from '../../lab/incidents/answer.ts';
import type { Level } from '../../lab/incidents/incident.ts';
import { runningIn } from '../../lab/incidents/reading.ts';
import { solve } from '../incidents/solver.ts';
import { make, tryMake } from '../support/commands.ts';
import { until } from '../support/until.ts';
import { lab } from './stack.ts';

/**
 * Incidents as they are lived through, by who has only the stored samples: those that INCIDENTS names, LEVEL:SEED each,
 * which lanes.ts chooses. `make e2e INCIDENTS=20` plays so many and nothing else, the first seeds of each level.
 */
const tried = (process.env.INCIDENTS ?? '')
  .split(',')
  .filter(Boolean)
  .map((each) => {
    const [level, seed] = each.split(':').map(Number);
    return { level: level as Level, seed: seed! };
  });

assert.ok(tried.length > 0, 'INCIDENTS names no incident, LEVEL:SEED');

before(async () => {
  await make('clean');
  await make('up');
  await lab.scraped();
});
after(() => make('down'));

/** As a learner types it: whole seconds, and requests as the counters have them. */
const typed = (answer: Answer): Record<string, string> =>
  Object.fromEntries(
    Object.entries(answer).map(([part, value]) => [
      part,
      typeof value === 'number' ? String(Math.round(value)) : value,
    ]),
  );

test('a wrong seed or level is refused by name, and what runs is not touched', async () => {
  const { code, output } = await tryMake('incident', { SEED: 'x', LEVEL: '4' });
  assert.notEqual(code, 0);
  assert.match(
    output,
    /SEED must be a whole number from 0 to 2147483647, got "x"\n {2}LEVEL must be 1, 2 or 3, got "4"/,
  );
  assert.equal(runningIn(await lab.state()), undefined);
  assert.match((await tryMake('answer', { CAUSE: 'death' })).output, /no incident is on\.\n {2}Type: make incident/);
});

for (const { level, seed } of tried) {
  test(`seed ${seed} of level ${level}: hidden until it is solved from the stored samples, then explained`, async () => {
    const started = await make('incident', { SEED: `${seed}`, LEVEL: `${level}` });
    // The exporter that was started anew may not answer at its published port yet.
    const running = await until('the incident to be on', 30, async () => {
      const found = runningIn(await lab.state());
      return found?.incident.seed === seed && found.incident.level === level ? found : undefined;
    });
    const shown = started + (await make('status')) + (await make('logs'));
    for (const { fault } of running.happenings) assert.ok(!shown.includes(fault.says), shown);
    assert.doesNotMatch(shown, /\b(DOWN|RESTARTS|CHURN|SLOW_PAGE|UNLISTED|RELABELLED|TIMESTAMPS)_\d/);

    const over = Math.max(...running.happenings.map(({ to }) => to));
    const { scrapeSeconds } = await lab.state();
    // Service discovery takes up to ten seconds until it shows an instance again.
    await sleep(1_000 * Math.max(0, over + 15 + 3 * scrapeSeconds - lab.now()));
    const answers = await solve(lab.read, await lab.state(), running.startedAt, level);
    const said: string[] = [];
    for (const answer of answers) said.push((await tryMake('answer', typed(answer))).output);
    const last = said.find((output) => output.includes('Solved in '));
    assert.ok(last !== undefined, `${JSON.stringify(answers)}\n${said.join('\n')}`);
    for (const { fault } of running.happenings) assert.ok(last.includes(fault.says), last);
    assert.match(last, /three queries that show it:/);

    // Which runtime and which lab it is about is said on the other stream, before or after it.
    const [json = ''] = /\{.*\}/s.exec(await make('progress', { ARGS: '--json' })) ?? [];
    const { incidents } = JSON.parse(json);
    const kept = incidents.at(-1);
    assert.deepEqual([kept.seed, kept.level], [seed, level]);
    assert.ok(kept.seconds > 0 && kept.right.every((own: string[]) => own.length === parts.length));
  });
}

test('make up ends it, and nothing is silenced any more', async () => {
  await make('up');
  assert.equal(runningIn(await lab.state()), undefined);
  const silences = await lab.read.silences();
  assert.deepEqual(
    silences!.filter(({ endsAt }) => endsAt > lab.now()),
    [],
  );
});
