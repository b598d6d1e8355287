import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenProblems } from './settings.ts';

const right: Record<string, string>[] = [
  {},
  { BIND: '', EXPORTER_PORT: '' },
  { BIND: '0.0.0.0' },
  { BIND: '192.168.0.255', GUIDE_PORT: '65535' },
  { PROMETHEUS_PORT: '8000', EXPORTER_PORT: '9090' },
];
for (const environment of right) {
  test(`${JSON.stringify(environment)} is right`, () => assert.deepEqual(listenProblems(environment), []));
}

for (const bind of [
  '::1',
  '[::1]',
  '::',
  'localhost',
  '127.0.0.256',
  '127.0.0',
  '127.0.0.01',
  '010.0.0.1',
  '1.2.3.4.5',
  '127.0.0.1\n',
  ' 127.0.0.1',
]) {
  test(`BIND=${JSON.stringify(bind)} is refused by its own name`, () => {
    const got = JSON.stringify(bind);
    assert.deepEqual(listenProblems({ BIND: bind }), [`BIND must be an IPv4 address of this machine, got ${got}`]);
  });
}

for (const port of ['web', '0', '65536', '-1', '8000 ', '080', '1e3', '٣', '3000\n']) {
  test(`GRAFANA_PORT=${JSON.stringify(port)} is refused by its own name`, () => {
    const expected = `GRAFANA_PORT must be a whole number from 1 to 65535, got ${JSON.stringify(port)}`;
    assert.deepEqual(listenProblems({ GRAFANA_PORT: port }), [expected]);
  });
}

test('two services on one port are named, one of them by its default', () => {
  assert.deepEqual(listenProblems({ GUIDE_PORT: '9090' }), [
    'PROMETHEUS_PORT and GUIDE_PORT are both 9090: change one',
  ]);
});

test('every problem is reported at once', () => {
  assert.equal(listenProblems({ BIND: 'x', EXPORTER_PORT: 'y', GUIDE_PORT: '9090' }).length, 3);
});

test('the port that a backend begins to count from is a port', () => {
  assert.deepEqual(listenProblems({ ENGINE_PORT: 'x' }), [
    'ENGINE_PORT must be a whole number from 1 to 65535, got "x"',
  ]);
  assert.deepEqual(listenProblems({ QUERY_PORT: '8080' }), ['GUIDE_PORT and QUERY_PORT are both 8080: change one']);
});
