import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsAtRunTime, importsIn } from '../imports.ts';

const text = `import assert from 'node:assert/strict';
import type { A } from './types.ts';
import { type B, b } from "./b.ts";
import {
  c,
} from './c.ts';
import './d.ts';
export * from './e.ts';
const f = await import('./f.ts');
const no = \`from './not.ts'\`;
export const from = 'nothing';
`;

test('what a module imports is found, however it is written', () => {
  const atRunTime = ['node:assert/strict', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts'];
  assert.deepEqual(importsAtRunTime(text), atRunTime);
  assert.deepEqual(importsIn(text), ['node:assert/strict', './types.ts', ...atRunTime.slice(1)]);
});
