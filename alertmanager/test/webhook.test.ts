import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseWebhook } from '../../guide/src/webhook.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { folderFor } from '../../test/support/folder.ts';
import { freePort } from '../../test/support/ports.ts';
import { start, untilAnswers } from '../../test/support/processes.ts';
import { findProgram } from '../../test/support/programs.ts';
import { serve } from '../../test/support/serve.ts';
import { until } from '../../test/support/until.ts';

const isHere = ['alertmanager', 'prometheus-alertmanager'].some((name) => findProgram(name) !== undefined);

test('a group that is too large, of alerts without a name and with long texts, arrives cut and says so', {
  skip: isHere ? false : 'Alertmanager is not on this machine',
}, async (t) => {
  const bodies: unknown[] = [];
  const guide = await serve(t, async (request, response) => {
    bodies.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    response.end();
  });
  const listen = `127.0.0.1:${await freePort()}`;
  const running = start(['sh', 'alertmanager/entrypoint.sh'], {
    PATH: `${process.env.PATH}:${join(import.meta.dirname, '../../.lab/bin')}`,
    LAB_CONFIG_DIR: join(import.meta.dirname, '..'),
    LAB_DATA_DIR: folderFor(t),
    GUIDE_ADDRESS: guide,
    ALERTMANAGER_LISTEN: listen,
  });
  t.after(running.stop);
  await untilAnswers('Alertmanager', running, `http://${listen}/-/ready`);

  const alerts = Array.from({ length: 130 }, (_, core) => ({
    labels: { job: 'my_app', core: `core${core}` },
    annotations: { summary: 'x'.repeat(9_000) },
  }));
  const headers = { 'Content-Type': 'application/json' };
  const url = `http://${listen}/api/v2/alerts`;
  const { status } = await fetchDirect(url, 5_000, { method: 'POST', headers, body: JSON.stringify(alerts) });
  assert.equal(status, 200);

  const body = await until('a notification', 20, () => bodies[0]);
  const notifications = parseWebhook(body, 1_795_466_410);
  assert.equal(notifications.length, 100);
  assert.deepEqual([notifications[0]?.alertname, notifications[0]?.annotations.summary?.length], ['', 8_193]);
  assert.deepEqual(notifications[0]?.leftOut, ['808 characters of summary']);
  assert.deepEqual(notifications.at(-1)?.leftOut, ['808 characters of summary', '30 more of the same message']);
});
