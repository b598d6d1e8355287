import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../lab/settings/reader.ts';
import { parseConfig } from '../src/config.ts';

test('an empty environment gives the defaults', () => {
  const { port, host, places, dataFolder } = parseConfig({ PORT: '', EXPORTER_ADDRESS: '', LAB_DATA_DIR: '' });
  assert.deepEqual([port, host, places.prometheus], [8080, '0.0.0.0', 'http://localhost:9090']);
  assert.equal(dataFolder, undefined);
});

test('every address is read', () => {
  const { places } = parseConfig({
    EXPORTER_ADDRESS: 'exporter:8000',
    ALERTMANAGER_ADDRESS: '[::1]:9093',
    PROFILES: '',
  });
  assert.deepEqual([places.exporter, places.alertmanager], ['http://exporter:8000', 'http://[::1]:9093']);
});

const bad: [name: string, values: string[]][] = [
  ['PORT', ['0', '65536', 'http', '-1', '80a', '8080\n', '٢']],
  ['GRAFANA_PORT', ['0', 'x']],
  ['HOST', ['localhost; id', 'a b', '::g']],
  ['BIND', ['everywhere']],
  ['HOST_NAMES', ['*', 'a,', 'a:8080']],
  ['LAB_DATA_DIR', ['data', './data']],
  [
    'PROMETHEUS_ADDRESS',
    ['http://localhost:9090', 'localhost', 'a b:1', 'localhost:0', 'localhost:99999', 'x@y:1', 'a:1\n'],
  ],
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
  assert.throws(() => parseConfig({ PORT: 'http', EXPORTER_ADDRESS: 'exporter' }), {
    message: [
      'guide: cannot start',
      '  PORT must be a whole number from 1 to 65535, got "http"',
      '  EXPORTER_ADDRESS must be host:port, such as localhost:9090, got "exporter"',
    ].join('\n'),
  });
});
