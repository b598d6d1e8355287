import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { labProgram } from '../../../test/support/programs.ts';
import { repository } from '../../host/repository.ts';
import { settingProblems, settingsFrom } from '../settings.ts';

const compose = readFileSync(join(repository, 'compose.yaml'), 'utf8');
// It holds nothing but plain values: how the rest is read is tested beside its reader.
const dotEnv = parseEnv(readFileSync(join(repository, '.env'), 'utf8')) as Record<string, string>;

// What checks the settings starts the exporter's check as it was started itself: natively, by the launcher.
process.execArgv = [labProgram('exporter/src/main.ts')[1]!];

test('an empty value counts as not set', () => {
  assert.deepEqual(settingsFrom(compose, { CORES: '4', GUIDE_PORT: '' }), { CORES: '4' });
});

test('a variable that compose.yaml does not fill in is no setting', () => {
  assert.deepEqual(settingsFrom(compose, { PORT: 'x', METRICS_PATH: 'x', HOST: 'x', toString: 'x' }), {});
});

test('every setting of .env that a learner may change is one that compose.yaml fills in', () => {
  const settings = Object.keys(settingsFrom(compose, dotEnv));
  for (const name of ['BIND', 'EXPORTER_PORT', 'GUIDE_PORT', 'NODE_IMAGE']) assert.ok(settings.includes(name), name);
});

test('the defaults are right', async () => {
  assert.deepEqual(await settingProblems(settingsFrom(compose, dotEnv)), []);
});

test('every wrong setting is named at once, each by the rule of the service that reads it', async () => {
  const problems = await settingProblems({
    BIND: '::1',
    CORES: 'two',
    SIGNAL: 'spiky\n',
    SIGNAL_SEED: '1.5',
    SCRAPE_INTERVAL: '5',
    EVALUATION_INTERVAL: 'often; touch /tmp/x',
  });
  assert.deepEqual(
    problems.map((problem) => problem.replace(/ must be .* got /, ' ')),
    [
      'BIND "::1"',
      'SIGNAL "spiky\\n"',
      'SIGNAL_SEED "1.5"',
      'CORES "two"',
      'SCRAPE_INTERVAL "5"',
      'EVALUATION_INTERVAL "often; touch /tmp/x"',
    ],
  );
});
