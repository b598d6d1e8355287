import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort, freePortRow } from '../ports.ts';
import { start } from '../processes.ts';

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
  const first = await freePortRow(2);
  const taken = await listening(first + 2);
  try {
    const ports = [first, first + 1, ...(await Promise.all(Array.from({ length: 150 }, freePort)))];
    assert.equal(new Set(ports).size, 152);
    assert.ok(!ports.includes(first + 2));
  } finally {
    taken.close();
  }
});

test('no other process is given the ports of one that lives', async () => {
  const print = `import('./test/support/ports.ts').then(async ({ freePort }) => {
    const ports = [];
    while (ports.length < 500) ports.push(await freePort());
    console.log(ports.join(' '));
    setInterval(() => {}, 1_000);
  })`;
  const others = Array.from({ length: 3 }, () => start([process.execPath, '--import', 'tsx', '-e', print]));
  try {
    for (const other of others) while (!other.stdout().endsWith('\n')) await once(other.child.stdout!, 'data');
    const ports = [await freePort(), ...others.flatMap((other) => other.stdout().trim().split(' '))].map(Number);
    assert.equal(ports.length, 1_501);
    assert.equal(new Set(ports).size, 1_501);
  } finally {
    for (const other of others) await other.stop();
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
