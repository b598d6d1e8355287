import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationSeconds } from './duration.ts';
import { quoted } from './quoted.ts';
import { ConfigError, readerOf } from './reader.ts';
import { hostAndPort, ipAddress, oneOf, port, type Setting, wholeNumber } from './setting.ts';

test('a value in a message stands on one line, is cut at 60 characters, and turns no text around', () => {
  assert.equal(quoted('two'), '"two"');
  assert.equal(quoted('a"b\n\u001b[31m'), String.raw`"a\"b\n\u001b[31m"`);
  assert.equal(quoted('\u007f\u0085\u202e\u2028\u2066'), String.raw`"\u007f\u0085\u202e\u2028\u2066"`);
  assert.equal(quoted('x'.repeat(61)), `"${'x'.repeat(60)}…"`);
  assert.equal(quoted('http://me:se/cr@et@host:1/x'), '"http://…@host:1/x"');
  assert.equal(quoted(undefined), 'nothing');
  assert.equal(quoted(['1', '2']), '["1","2"]');
  assert.equal(quoted({ a: { b: { c: { d: 1 } } } }), '{"a":{"b":{"c":{"d":1}}}}');
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  assert.equal(quoted(deep), '[[[["…"]]]]');
});

const durations: [text: string, seconds: number | undefined][] = [
  ['5s', 5],
  ['500ms', 0.5],
  ['1m30s', 90],
  ['0h0m1s', 1],
  ['1h', 3_600],
  ['1d', 86_400],
  ['1w', 604_800],
  ['1y', 31_536_000],
  ['0s', 0],
  ...['', '5', 's', '5S', '1.5s', '-5s', '+5s', '5 s', '30s1m', '5s5s', '5sec', '5s\n', '٥s'].map(
    (text): [string, undefined] => [text, undefined],
  ),
];
for (const [text, seconds] of durations) {
  const what = seconds === undefined ? 'no duration' : `${seconds} s`;
  test(`${JSON.stringify(text)} is ${what}`, () => assert.equal(durationSeconds(text), seconds));
}

const settings: [what: string, setting: Setting<unknown>, good: [string, unknown][], bad: string[]][] = [
  [
    'a whole number from -2 to 1000',
    wholeNumber(-2, 1000),
    [
      ['0', 0],
      ['-2', -2],
      ['1000', 1000],
    ],
    ['', '-3', '1001', '007', '-0', '+1', '1.0', '1e2', '0x10', ' 1', '1\n', '٢', 'NaN'],
  ],
  [
    'a port',
    port,
    [
      ['1', 1],
      ['65535', 65_535],
    ],
    ['0', '65536', '-1', '080', '80a', '8000\n', 'http'],
  ],
  ['one of two names', oneOf(['on', 'off']), [['on', 'on']], ['On', 'on ', '__proto__', '']],
  [
    'an IP address',
    ipAddress,
    [
      ['0.0.0.0', '0.0.0.0'],
      ['::1', '::1'],
    ],
    ['localhost', 'a b', '::g', '1.2.3.4\n', ''],
  ],
  [
    'a host and a port',
    hostAndPort,
    [
      ['exporter:8000', 'exporter:8000'],
      ['[::1]:9093', '[::1]:9093'],
    ],
    ['exporter', 'exporter:', ':8000', 'a:0', 'a:65536', 'a:080', 'http://a:1', 'x@y:1', 'a:1\n'],
  ],
];
for (const [what, { parse }, good, bad] of settings) {
  for (const [text, value] of good) {
    test(`${what}: ${JSON.stringify(text)} is right`, () => assert.equal(parse(text), value));
  }
  for (const text of bad) {
    test(`${what}: ${JSON.stringify(text)} is refused`, () => assert.equal(parse(text), undefined));
  }
}

test('an empty value counts as not set, and every wrong one is remembered', () => {
  const { read, problems, names } = readerOf({ A: '', B: 'x', C: '7' });
  const number = wholeNumber(1, 9);
  assert.deepEqual(
    [read('A', number), read('B', number), read('C', number), read('D', number)],
    [undefined, undefined, 7, undefined],
  );
  assert.deepEqual(names, ['B', 'C']);
  assert.deepEqual(problems, ['B must be a whole number from 1 to 9, got "x"']);
  assert.equal(new ConfigError('exporter', problems).message, `exporter: cannot start\n  ${problems[0]}`);
});
