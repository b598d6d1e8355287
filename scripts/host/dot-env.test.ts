import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDotEnv } from './dot-env.ts';

const lines: [text: string, environment: Record<string, string>, port: string | undefined][] = [
  ['GUIDE_PORT=8081', {}, '8081'],
  [`FIRST=8081\nGUIDE_PORT=\${FIRST}`, {}, '8081'],
  ['FIRST=8081\nGUIDE_PORT="$FIRST" # mine', {}, '8081'],
  [`FIRST=8081\nGUIDE_PORT=\${FIRST}`, { FIRST: '8082' }, '8082'],
  [`GUIDE_PORT=\${FIRST:-8083}`, {}, '8083'],
  [`FIRST=\nGUIDE_PORT=\${FIRST:-8083}`, {}, '8083'],
  [`FIRST=\nGUIDE_PORT=\${FIRST-8083}`, {}, ''],
  [`GUIDE_PORT=\${FIRST}`, {}, ''],
  [`GUIDE_PORT='\${FIRST}'`, { FIRST: '8082' }, `\${FIRST}`],
  [`GUIDE_PORT=\${FIRST}`, { FIRST: '8082', GUIDE_PORT: '8084' }, '8084'],
];
for (const [text, environment, port] of lines) {
  test(`${JSON.stringify(text)} under ${JSON.stringify(environment)} sets ${JSON.stringify(port)}`, () =>
    assert.equal(readDotEnv(text, environment).GUIDE_PORT, port));
}
