import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMetrics } from '../src/metrics.ts';
import { processMetrics } from '../src/process.ts';
import type { World } from '../src/world.ts';
import { everything, fleetFrom, start } from './worlds.ts';

const shared = processMetrics();
const metricsOf = (world: World, clock: () => number) => createMetrics(world, clock, shared);

/** Names, help, types and labels without values, in order; what the system or Node says of the process is left out. */
const shapeOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '' && !/^(# (HELP|TYPE) )?(process|nodejs)_/.test(line))
    .map((line) => (line.startsWith('#') ? line : line.slice(0, line.lastIndexOf(line.includes('}') ? '} ' : ' ') + 1)))
    .join('\n')
    .concat('\n');

/** `UPDATE_GOLDEN=1 node --import tsx --test exporter/test/metrics.test.ts` writes them anew. */
const golden: [name: string, world: World][] = [
  ['base', fleetFrom({})[0]],
  ['everything', fleetFrom(everything)[0]],
];
for (const [name, world] of golden) {
  for (const format of ['text', 'openmetrics'] as const) {
    test(`${name} as ${format} has these names, types, labels and help`, async () => {
      const file = join(import.meta.dirname, 'golden', `${name}.${format}.txt`);
      const text = await metricsOf(world, () => start + 30.25)(format);
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, shapeOf(text));
      assert.equal(shapeOf(text), readFileSync(file, 'utf8'));
    });
  }

  const missing = spawnSync('promtool', ['--version']).error !== undefined;
  test(`${name} is fine with promtool check metrics`, { skip: missing && 'promtool is not in PATH' }, async () => {
    const input = await metricsOf(world, () => start + 30.25)('text');
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });
}

test('two scrapes at once have an instant each, and all that one shows is of its instant', async () => {
  let now = start + 99;
  const scrape = metricsOf({ signal: 'spikes', seed: 1, cores: 1, startedAt: start }, () => ++now);
  const texts = await Promise.all([scrape('text'), scrape('text'), scrape('openmetrics')]);
  const values = (name: string) => texts.map((text) => new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1]);
  // The clock has moved once before the first scrape, and with each.
  assert.deepEqual(values('cpu_usage_simulated'), ['0', '100', '0']);
  assert.deepEqual(values('cpu_busy_seconds_total'), ['51', '51', '52']);
  assert.deepEqual(values('cpu_spikes_total'), ['51', '51', '52']);
});

test('a scrape that fails does not keep the next one from its turn', async () => {
  let calls = 0;
  const scrape = metricsOf({ signal: 'high', seed: 1, cores: 1, startedAt: start }, () => {
    calls += 1;
    if (calls === 2) throw new Error('no clock');
    return start;
  });
  await assert.rejects(scrape('text'), /no clock/);
  assert.match(await scrape('text'), /^lab_info/m);
});

test('a counter does not fall when the clock steps back, and a gauge follows the clock', async () => {
  let now = start + 100;
  const scrape = metricsOf({ ...fleetFrom(everything)[0], signal: 'spikes' }, () => now);
  const before = await scrape('text');
  now = start + 41;
  const after = await scrape('text');
  const counters = (text: string) => text.match(/^(requests_total|cpu_\w+_total|errors_\w+|http_\w+)[ {].*$/gm);
  assert.deepEqual(counters(after), counters(before));
  assert.match(before, /^cpu_usage_simulated 100$/m);
  assert.match(after, /^cpu_usage_simulated 0$/m);
});
