import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePortRow } from '../ports.ts';

test('every port of a row can be listened on', async () => {
  const first = await freePortRow(12);
  const servers = Array.from({ length: 12 }, (_, index) => createServer().listen(first + index, '127.0.0.1'));
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')));
    assert.ok(first >= 20_000 && first < 30_000, String(first));
  } finally {
    for (const server of servers) server.close();
  }
});
