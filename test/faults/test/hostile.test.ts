import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Running, startAlone } from '../../support/processes.ts';
import { sendHostile } from '../hostile.ts';

/** The same requests each time; make faults PART=hostile sends more, and others each time. */
const seed = 1;
const count = 1_500;
let exporter: Running & { port: number };
let guide: Running & { port: number };

before(async () => {
  ({ exporter, guide } = await startAlone());
});
after(() => Promise.all([exporter?.stop(), guide?.stop()]));

test(`${count} hostile requests: each is refused with a sentence or answered rightly`, async () => {
  const { failures, sent } = await sendHostile({ exporter: exporter.port, guide: guide.port }, count, seed);
  assert.equal(sent, count);
  assert.deepEqual(failures.slice(0, 10), [], `${failures.length} of ${count}`);
});

const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
const answer = (fields: Record<string, unknown>) =>
  JSON.stringify({ experiment: 4, number: 1, query: 'up', ...fields });

/** Bodies of a learner's answer, and how each is answered where no Prometheus is. */
const answers: [what: string, body: string, type: string, status: number, words: RegExp][] = [
  ['right in form', answer({}), 'application/json', 200, /"kind":"unknown"/],
  ['a query with a null byte', answer({ query: 'up\0' }), 'application/json', 200, /"kind":"unknown"/],
  ['a query of 1 MB', answer({ query: 'x'.repeat(1_000_000) }), 'application/json', 400, /at most 2000 .*got 1000000/],
  [
    'a body of 1.2 MB',
    answer({ query: 'x'.repeat(1_200_000) }),
    'application/json',
    413,
    /the body is larger than 1mb/,
  ],
  ['a number for a query', answer({ query: 7 }), 'application/json', 400, /QUERY must be a text, got 7/],
  ['no query', answer({ query: undefined }), 'application/json', 400, /QUERY must be a text, got nothing/],
  ['a text for a number', answer({ number: '1' }), 'application/json', 400, /NUMBER must be 1 or 2 .*got "1"/],
  ['an experiment that is not there', answer({ experiment: 99 }), 'application/json', 400, /experiment 99 has no/],
  ['a prototype', '{"__proto__":{"experiment":4}}', 'application/json', 400, /experiment nothing has no exercises/],
  ['a deep experiment', `{"experiment":${deep}}`, 'application/json', 400, /experiment a list has no exercises/],
  ['a deep number', `{"experiment":4,"number":${deep}}`, 'application/json', 400, /NUMBER must .*got a list/],
  [
    'a deep query',
    `{"experiment":4,"number":1,"query":${deep}}`,
    'application/json',
    400,
    /must be a text, got a list/,
  ],
  ['a deep cause', `{"experiment":8,"cause":${deep}}`, 'application/json', 400, /CAUSE must be .*got a list/],
  ['a deep body', deep, 'application/json', 400, /the body must be an object/],
  ['no JSON', '{"experiment":', 'application/json', 400, /the body is not JSON/],
  ['a form', 'experiment=4', 'application/x-www-form-urlencoded', 415, /the body must be JSON/],
  ['a text', answer({}), 'text/plain', 415, /the body must be JSON/],
];
for (const [what, body, type, status, words] of answers) {
  test(`an answer to an exercise, ${what}: ${status}`, async () => {
    const response = await fetch(`http://127.0.0.1:${guide.port}/api/solve`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    const text = await response.text();
    assert.deepEqual([response.status, words.test(text)], [status, true], text.slice(0, 300));
  });
}

const completions: [path: string, status: number, words: RegExp][] = [
  ['labels?match[]=up%00', 200, /"status":"error"/],
  [`series?match[]=${'x'.repeat(4_000)}`, 200, /"status":"error"/],
  [`series?match[]=${'x'.repeat(4_001)}`, 400, /at most 4000 characters/],
  [`metadata?${'match[]=a&'.repeat(11)}`, 400, /at most 10 parameters/],
  ['labels?limit=0', 400, /unknown parameter "limit"/],
  ['label/..%2f..%2fadmin%2ftsdb/values', 404, /no such path/],
  ['label/%00/values', 404, /no such path/],
  ['query?query=up', 404, /no such path/],
  ['admin/tsdb/snapshot', 404, /no such path/],
];
for (const [path, status, words] of completions) {
  test(`completion asks for ${path.slice(0, 60)}: ${status}`, async () => {
    const response = await fetch(`http://127.0.0.1:${guide.port}/prometheus/api/v1/${path}`);
    const text = await response.text();
    assert.deepEqual([response.status, words.test(text)], [status, true], text.slice(0, 300));
  });
}

test('neither service has ended or printed an error', () => {
  for (const service of [exporter, guide]) assert.deepEqual([service.hasEnded(), service.stderr()], [false, '']);
});
