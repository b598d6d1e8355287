import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerReader } from '../scraper.ts';

const read = (pieces: string[]) => {
  const reader = answerReader();
  return { whole: pieces.map((piece) => reader.push(Buffer.from(piece))), reader };
};

test('an answer with a length ends there, however it is cut', () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
  assert.deepEqual(read([answer]).whole, [true]);
  const bytes = [...answer];
  assert.deepEqual(read(bytes).whole, [...bytes.slice(1).map(() => false), true]);
});

test('an answer in chunks ends with the empty one, however it is cut', () => {
  const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel\r\n\r\n3\r\n0\r\n\r\n0\r\n\r\n';
  assert.deepEqual(read([answer]).whole, [true]);
  const bytes = [...answer];
  assert.deepEqual(read(bytes).whole, [...bytes.slice(1).map(() => false), true]);
});

test('an answer without either ends with the connection', () => {
  const { whole, reader } = read(['HTTP/1.0 200 OK\r\n\r\nhello']);
  assert.deepEqual(whole, [false]);
  assert.equal(reader.endedByClose(), true);
  assert.equal(reader.closes(), true);
});

test('a connection that the server will close is not used again', () => {
  const closes = (head: string) => read([`${head}\r\nContent-Length: 0\r\n\r\n`]).reader.closes();
  assert.equal(closes('HTTP/1.1 200 OK\r\nConnection: close'), true);
  assert.equal(closes('HTTP/1.0 200 OK'), true);
  assert.equal(closes('HTTP/1.1 200 OK'), false);
});

test('anything but 200 is an error that names the answer', () => {
  assert.throws(() => read(['HTTP/1.1 503 Service Unavailable\r\n\r\n']), /503 service unavailable/);
});
