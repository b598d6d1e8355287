import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../host/repository.ts';
import { settingProblems, settingsFrom } from '../settings.ts';

const compose = readFileSync(join(repository, 'compose.yaml'), 'utf8');

test('the environment takes precedence over .env, and an empty value counts as not set', () => {
  const file = 'CORES=3\nSIGNAL=high\nGUIDE_PORT=1\n';
  assert.deepEqual(settingsFrom(compose, file, { CORES: '4', GUIDE_PORT: '' }), { CORES: '4', SIGNAL: 'high' });
});

test('a variable that compose.yaml does not fill in is no setting', () => {
  assert.deepEqual(settingsFrom(compose, 'PORT=x\n', { METRICS_PATH: 'x', HOST: 'x', toString: 'x' }), {});
});

test('.env as an editor on Windows writes it, with quotes and comments', () => {
  const file = '# mine\r\nGUIDE_PORT="8081"\r\nSIGNAL=\'high\' # all day\r\nexport CORES=8\r\n';
  assert.deepEqual(settingsFrom(compose, file, {}), { GUIDE_PORT: '8081', SIGNAL: 'high', CORES: '8' });
});

test('every setting of .env that a learner may change is one that compose.yaml fills in', () => {
  const file = readFileSync(join(repository, '.env'), 'utf8');
  const settings = Object.keys(settingsFrom(compose, file, {}));
  for (const name of ['BIND', 'EXPORTER_PORT', 'GUIDE_PORT', 'NODE_IMAGE']) assert.ok(settings.includes(name), name);
});

test('the defaults are right', async () => {
  assert.deepEqual(
    await settingProblems(settingsFrom(compose, readFileSync(join(repository, '.env'), 'utf8'), {})),
    [],
  );
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
