import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { selfSigned } from '../src/certificate.ts';

const noon = Date.UTC(2027, 0, 15, 12) / 1_000;

test('a certificate is valid from and to the seconds that were asked for, and signed by its own key', () => {
  const { cert, key } = selfSigned('shop', noon, noon + 3 * 86_400);
  const read = new X509Certificate(cert);
  assert.equal(Date.parse(read.validFrom) / 1_000, noon);
  assert.equal(Date.parse(read.validTo) / 1_000, noon + 3 * 86_400);
  assert.equal(read.subject, 'CN=shop');
  assert.ok(read.verify(read.publicKey));
  assert.match(key, /^-----BEGIN PRIVATE KEY-----\n/);
});
test('from 2050 on a year has four digits', () => {
  const later = Date.UTC(2050, 5, 1) / 1_000;
  assert.equal(Date.parse(new X509Certificate(selfSigned('shop', noon, later).cert).validTo) / 1_000, later);
});
test('no two are alike', () => {
  const [one, other] = [0, 1].map(() => new X509Certificate(selfSigned('shop', noon, noon + 1).cert));
  assert.notEqual(one!.serialNumber, other!.serialNumber);
});
