import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** Writes what X.509 is written in: a tag, how long it is, and the content. Source: ITU-T X.690, DER. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
/** Bytes that are no negative number: their first bit is 0. */
const integer = (...bytes: readonly number[]): Buffer => der(0x02, Uint8Array.from(bytes));
const object = (...bytes: readonly number[]): Buffer => der(0x06, Uint8Array.from(bytes));

/** 2.5.4.3, and 1.2.840.10045.4.3.2 */
const commonName = object(0x55, 0x04, 0x03);
const ecdsaWithSha256 = sequence(object(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

const nameOf = (text: string): Buffer => sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(text)))));
/** A year has two digits before 2050, and four from then on. Source: RFC 5280, 4.1.2.5 */
const timeOf = (unixSeconds: number): Buffer => {
  const text = new Date(unixSeconds * 1_000).toISOString().replaceAll(/[-T:]|\.\d+/g, '');
  return text < '2050' ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
};
const pem = (label: string, bytes: Buffer): string =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

/**
 * A certificate that nobody but its own key has signed, and that key, which is new each time.
 * @param name  of whoever it is for and from
 * @param from  to: whole unix seconds between which it is valid, both included
 * @returns both in PEM
 */
export const selfSigned = (name: string, from: number, to: number): { cert: string; key: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serial = integer(0x01, ...randomBytes(8));
  const toBeSigned = sequence(
    der(0xa0, integer(2)),
    serial,
    ecdsaWithSha256,
    nameOf(name),
    sequence(timeOf(from), timeOf(to)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Uint8Array.of(0), sign('sha256', toBeSigned, privateKey));
  return {
    cert: pem('CERTIFICATE', sequence(toBeSigned, ecdsaWithSha256, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
};
