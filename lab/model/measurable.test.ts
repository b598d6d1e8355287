import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { labOf } from '../../test/lessons/verdicts.ts';
import type { Reader } from './reader.ts';

test('where an interval is over a minute every check says so, reads nothing and waits for nothing', async () => {
  for (const { check, command } of experiments) {
    assert.deepEqual(await check({} as Reader, labOf({ scrapeSeconds: 360 })), {
      kind: 'elsewhere',
      reason: 'Prometheus scrapes every 360 s, and the checks measure at up to 60 s',
      type: `make ${command}`,
    });
    assert.deepEqual(await check({} as Reader, labOf({ scrapeSeconds: 60, evaluationSeconds: 61 })), {
      kind: 'elsewhere',
      reason: 'rules are evaluated every 61 s, and the checks measure at up to 60 s',
      type: `make ${command}`,
    });
  }
});
