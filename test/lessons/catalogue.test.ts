import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeStep, experiments, sources, stepNamed, steps } from '../../experiments/catalogue.ts';
import { slowScrapeSeconds } from '../../lab/base/steps.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { chapters } from '../../lab/model/lesson.ts';
import { simulate } from '../../lab/simulator/lab.ts';
import { changed, courseAround, isSimulable } from './simulated.ts';

const lab = (signal: string, scrapeSeconds: number): Lab => ({
  now: 0,
  scrapeSeconds,
  evaluationSeconds: 5,
  prometheusStartedAt: 0,
  exporter: { signal, seed: 1, startedAt: 0, cores: 2 },
  target: { health: 'up', lastError: '', scrapeUrl: '' },
});

const active: [signal: string, scrapeSeconds: number, command: string][] = [
  ['random', 5, 'up'],
  ['random', 15, 'up'],
  ['random', 60, 'up'],
  ['random', slowScrapeSeconds, 'slow-scrape'],
  ['spikes', 5, 'spikes'],
  ['spikes', 15, 'spikes'],
  ['spikes', slowScrapeSeconds, 'exp-5'],
];
for (const [signal, scrapeSeconds, command] of active) {
  test(`the signal ${signal}, scraped every ${scrapeSeconds} s, is the step ${command}`, () => {
    assert.equal(activeStep(lab(signal, scrapeSeconds)).command, command);
  });
}

test('a wave for three jobs is the step clocks', () => {
  const fleet = [{ instance: 'exporter:8000', job: 'my_app' as const, seed: 1, simulates: ['clocks' as const] }];
  const { exporter, ...rest } = lab('random', 5);
  assert.equal(activeStep({ ...rest, exporter: { ...exporter!, fleet } }).command, 'clocks');
});

test('the settings of each lesson are its own step, whatever other lessons have some of them', async () => {
  for (const experiment of experiments.filter(isSimulable)) {
    const { plan, command } = experiment;
    if (plan.environment === undefined) continue;
    const simulated = simulate(courseAround(plan, { scrapeSeconds: 5, phaseSeconds: 1 }));
    await simulated.advance(changed + 12);
    const found = activeStep({ ...simulated.labAt(changed + 12), ...plan.lab });
    // Experiment 5 is a slow scrape as well, which a plan leaves to the interval.
    if (command !== 'exp-5') assert.equal(found.command, command);
  }
});

for (const name of ['toString', '__proto__', 'constructor', '', 'exp-0', 'exp-01', 'exp-99']) {
  test(`there is no step ${JSON.stringify(name)}`, () => assert.equal(stepNamed(name), undefined));
}

test('who is asked is a source of the same step, and a name means the same service in every step', () => {
  for (const { command, queries, sources: own = [] } of steps) {
    const names = own.map(({ name }) => name);
    for (const { of, expr } of queries) assert.ok(of === undefined || names.includes(of), `${command}: ${expr}`);
    for (const source of own)
      assert.deepEqual(
        sources.find(({ name }) => name === source.name),
        source,
        command,
      );
  }
});

test('every chapter holds an experiment, and every experiment says its minutes', () => {
  for (const chapter of chapters)
    assert.ok(
      experiments.some((each) => each.chapter === chapter),
      chapter,
    );
  for (const { slug, minutes } of experiments)
    assert.ok(Number.isInteger(minutes) && minutes >= 1 && minutes <= 30, `${slug}: ${minutes} minutes`);
});
