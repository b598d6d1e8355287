import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sendAll } from '../src/push.ts';

const clock = () => Date.now() / 1000;

/** A receiver, and what it has heard. @param codes  its answers, in order; 200 after the last */
const receiver = async (codes: number[] = []) => {
  const heard: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    heard.push([request.method, request.url, request.headers['content-type'] ?? '', body].join(' '));
    response.writeHead(codes.shift() ?? 200).end('its own words');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { heard, url, server };
};

test('each request is sent at its time, with its body and its type', async () => {
  const { heard, url, server } = await receiver();
  const before = clock();
  await sendAll(
    [
      { at: before - 1, method: 'DELETE', url: `${url}/a` },
      { at: before + 0.2, method: 'PUT', url: `${url}/b`, contentType: 'text/plain', body: 'rows 1\n' },
    ],
    clock,
  );
  assert.ok(clock() >= before + 0.2);
  assert.deepEqual(heard, ['DELETE /a  ', 'PUT /b text/plain rows 1\n']);
  server.close();
});

test('what is refused is said with the words of the receiver, and what follows is sent', async () => {
  const { heard, url, server } = await receiver([400]);
  const said: string[] = [];
  const pushes = ['/a', '/b'].map((path) => ({ at: 0, method: 'POST' as const, url: url + path, body: 'x' }));
  await sendAll(pushes.slice(0, 1), clock, (line) => said.push(line));
  await sendAll(pushes.slice(1), clock, (line) => said.push(line));
  assert.deepEqual(said, [`exporter: POST ${url}/a: 400 its own words`]);
  assert.equal(heard.length, 2);
  server.close();
});

test('a receiver that comes a little later gets it', async () => {
  const { url, server, heard } = await receiver();
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const sent = sendAll([{ at: clock(), method: 'PUT', url: `${url}/a`, body: 'x' }], clock);
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  await sent;
  assert.equal(heard.length, 1);
  server.close();
});

test('one that never comes is given up, and said', async () => {
  const { url, server } = await receiver();
  await new Promise((done) => server.close(done));
  const said: string[] = [];
  await sendAll([{ at: clock() - 10, method: 'PUT', url, body: 'x' }], clock, (line) => said.push(line));
  assert.deepEqual(said, [`exporter: PUT ${url}: connect ECONNREFUSED ${new URL(url).host}`]);
});
