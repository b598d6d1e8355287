import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { md5 } from './md5.ts';

test('every text has the MD5 that Node computes, at every length around a block', () => {
  const texts = Array.from({ length: 200 }, (_, length) => 'exporter:8000 ü '.repeat(20).slice(0, length));
  for (const text of texts) {
    assert.equal(Buffer.from(md5(text)).toString('hex'), createHash('md5').update(text).digest('hex'), text);
  }
});
