import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort, freePortRow } from '../ports.ts';

const listening = async (port: number) => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

test('every port of a row can be listened on', async () => {
  const first = await freePortRow(12);
  const servers = await Promise.all(Array.from({ length: 12 }, (_, index) => listening(first + index)));
  for (const server of servers) server.close();
});

test('a port is given once, and one that is taken is passed over', async () => {
  const first = await freePort();
  const taken = await listening(first + 1);
  try {
    const ports = [first, ...(await Promise.all(Array.from({ length: 20 }, freePort)))];
    assert.equal(new Set(ports).size, 21);
    assert.ok(!ports.includes(first + 1));
  } finally {
    taken.close();
  }
});

test('no port is one that the system gives to an outgoing connection', async (t) => {
  let range: string;
  try {
    range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  } catch {
    return t.skip('this system does not say which ports those are');
  }
  const [first] = range.trim().split(/\s+/).map(Number) as [number];
  for (let count = 0; count < 300; count += 1) assert.ok((await freePort()) < first);
});
