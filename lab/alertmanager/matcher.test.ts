import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Matcher, matcherText, matchesAll, parseMatcher } from './matcher.ts';

const labels = { alertname: 'HighCPU', instance: 'exporter:8000', severity: 'warning' };

const rows: [text: string, matches: boolean][] = [
  ['alertname="HighCPU"', true],
  ['alertname=~"High.*"', true],
  ['alertname=~"High"', false],
  ['alertname!="HighCPU"', false],
  ['alertname!~"Low.*"', true],
  ['team=""', true],
  ['team!="x"', true],
];
for (const [text, matches] of rows) {
  test(`${text} ${matches ? 'matches' : 'does not match'}`, () => {
    const matcher = parseMatcher(text)!;
    assert.equal(matchesAll([matcher], labels), matches);
    assert.equal(matcherText(matcher), text);
  });
}

test('quotes and spaces may be left out, and what is no matcher is none', () => {
  const plain: Matcher = { name: 'rack', value: 'a', isRegex: false, isEqual: true };
  for (const text of ['rack=a', ' rack = "a" ', 'rack="a"']) assert.deepEqual(parseMatcher(text), plain);
  for (const text of ['', 'rack', '="a"', 'rack="a', 'rack=~"("', 'ra-ck="a"', 'rack=="a"'])
    assert.equal(parseMatcher(text), undefined, text);
  assert.equal(parseMatcher('path="a\\"b"')?.value, 'a"b');
});
