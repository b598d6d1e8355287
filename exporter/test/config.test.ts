import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, parseConfig } from '../src/config.ts';

test('an empty environment gives the defaults', () => {
  const defaults = { signal: 'random', seed: 1, cores: 2, port: 8000, host: '0.0.0.0' };
  assert.deepEqual(parseConfig({}), defaults);
  assert.deepEqual(parseConfig({ SIGNAL: '', CORES: '' }), defaults);
});

test('every variable is read', () => {
  assert.deepEqual(
    parseConfig({ SIGNAL: 'spikes', SIGNAL_SEED: '-7', CORES: '100000', PORT: '65535', HOST: '127.0.0.1' }),
    { signal: 'spikes', seed: -7, cores: 100_000, port: 65_535, host: '127.0.0.1' },
  );
});

const bad: [name: string, values: string[]][] = [
  ['SIGNAL', ['spiky', 'SPIKES', 'random ', 'random,high', '__proto__', 'toString', '$(id)', 'high\n']],
  ['SIGNAL_SEED', ['one', '1.5', '2147483648', '1e3', '0x10', ' 1', '1;id', 'NaN']],
  ['CORES', ['0', '-1', '100001', 'two', '2.5', '1e2', '٢', '2 2']],
  ['PORT', ['0', '65536', 'http', '-1', '80a', '8000\n', '`id`', '08000000000000000000']],
  ['HOST', ['localhost; id', 'a b', '::g', '/tmp/sock']],
];
for (const [name, values] of bad) {
  for (const value of values) {
    test(`${name}=${JSON.stringify(value)} is refused by name, in one line`, () => {
      assert.throws(
        () => parseConfig({ [name]: value }),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.problems.join('\n'), new RegExp(`^${name} must be .*, got ".*"$`));
          return true;
        },
      );
    });
  }
}

test('every problem is reported at once', () => {
  assert.throws(() => parseConfig({ SIGNAL: 'spiky', CORES: 'two' }), {
    message: [
      'exporter: cannot start',
      '  SIGNAL must be random, spikes or high, got "spiky"',
      '  CORES must be a whole number from 1 to 100000, got "two"',
    ].join('\n'),
  });
});
