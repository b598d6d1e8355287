import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderFor } from '../../../test/support/folder.ts';
import { findProgram } from '../../../test/support/programs.ts';

const script = fileURLToPath(new URL('../../../packaging/health.sh', import.meta.url));

/** The check in a container without wget, whose service answers with a status. */
const container = async (t: TestContext, status: number) => {
  const folder = folderFor(t);
  for (const tool of ['bash', 'grep', 'timeout']) symlinkSync(findProgram(tool)!, join(folder, tool));
  writeFileSync(join(folder, 'sleep'), `#!/bin/sh\n: >'${folder}/waited'\n`);
  chmodSync(join(folder, 'sleep'), 0o755);
  const server = createServer((_, response) => response.writeHead(status).end()).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
  return {
    has: (name: string) => existsSync(join(folder, name)),
    check: () =>
      new Promise<number | null>((resolve) => {
        spawn('/bin/sh', [script, url], { env: { PATH: folder, TMPDIR: folder } }).on('close', resolve);
      }),
  };
};

test('a service is asked at once until it has answered, and after a wait from then on', async (t) => {
  const { check, has } = await container(t, 200);
  assert.equal(await check(), 0);
  assert.ok(!has('waited'));
  assert.equal(await check(), 0);
  assert.ok(has('waited'));
});

test('a service that answers with an error is not healthy, and is asked at once again', async (t) => {
  const { check, has } = await container(t, 503);
  assert.notEqual(await check(), 0);
  assert.notEqual(await check(), 0);
  assert.ok(!has('waited'));
});
