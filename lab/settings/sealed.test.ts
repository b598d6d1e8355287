import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seal, sealed } from './sealed.ts';

const settings = { ERRORS_2: 'checkout:100%:1%', SEED: '7', NOTE: 'käse' };

test('what was sealed comes back', () => {
  assert.deepEqual(sealed.parse(seal(settings)), settings);
});
test('nothing of it can be read by accident', () => {
  const bytes = Buffer.from(seal(settings), 'hex').toString('latin1');
  for (const word of ['ERRORS', 'checkout', 'SEED', '"']) assert.ok(!bytes.includes(word), word);
  assert.match(seal(settings), /^[0-9a-f]+$/);
});
test('settings that differ in one character look different from the first digit on', () => {
  assert.notEqual(seal(settings).slice(0, 8), seal({ ...settings, SEED: '8' }).slice(0, 8));
});
test('what nobody has sealed is refused', () => {
  const whole = seal(settings);
  for (const text of ['7', 'seed', '', whole.slice(0, -2), whole.replace(/.$/, (last) => (last === '0' ? '1' : '0'))]) {
    assert.equal(sealed.parse(text), undefined, text);
  }
});
