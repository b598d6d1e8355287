import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Push } from '../../exporter/src/scenario.ts';
import { pageOfPushgateway } from './pushgateway.ts';

const push = (at: number, method: Push['method'], path: string, body = ''): Push => ({
  at,
  method,
  url: `http://pushgateway:9091/metrics/job/${path}`,
  body,
});
const shown = (pushes: Push[], at: number) =>
  pageOfPushgateway(pushes, at)
    .split('\n')
    .filter((line) => !/^(push_failure|process_start)/.test(line));

// As Pushgateway 1.11.2 shows them.
const pushes = [
  push(1, 'PUT', 'nightly', '# TYPE rows counter\nrows 1000\nsuccess 1\n'),
  push(2, 'POST', 'nightly', 'success 0\n'),
  push(3, 'PUT', 'nightly', 'success 1\n'),
  push(4, 'PUT', 'nightly/instance/a', 'rows 7\n'),
  push(5, 'DELETE', 'nightly'),
];
const group = '{instance="",job="nightly"}';

test('POST replaces what it names, PUT the whole group, DELETE takes it away', () => {
  assert.deepEqual(shown(pushes, 0.9), []);
  assert.deepEqual(shown(pushes, 1), [`rows${group} 1000`, `success${group} 1`, `push_time_seconds${group} 1`]);
  assert.deepEqual(shown(pushes, 2), [`rows${group} 1000`, `success${group} 0`, `push_time_seconds${group} 2`]);
  assert.deepEqual(shown(pushes, 3), [`success${group} 1`, `push_time_seconds${group} 3`]);
});
test('a group with an instance is another', () => {
  const other = '{instance="a",job="nightly"}';
  assert.deepEqual(shown(pushes, 5), [`rows${other} 7`, `push_time_seconds${other} 4`]);
});
