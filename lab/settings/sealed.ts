import type { Setting } from './setting.ts';

/**
 * Settings as one text that nobody reads by accident: not in a file, a log or a process list. It is no secret: who
 * wants to know can, with this module.
 */
type Sealed = Readonly<Record<string, string>>;

/** @returns hexadecimal digits, the same for the same settings */
export const seal = (settings: Sealed): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(settings));
  const sum = checksum(bytes);
  return sum.toString(16).padStart(8, '0') + hexadecimal(masked(bytes, sum));
};

/** What `seal` has made, and nothing else: a text that was cut off or changed is refused. */
export const sealed: Setting<Sealed> = {
  expected: 'what make incident has made',
  parse: (text) => {
    if (!/^(?:[0-9a-f]{2}){4,4000}$/.test(text)) return undefined;
    const sum = Number.parseInt(text.slice(0, 8), 16);
    const bytes = masked(bytesOf(text.slice(8)), sum);
    return checksum(bytes) === sum ? (JSON.parse(new TextDecoder().decode(bytes)) as Sealed) : undefined;
  },
};

const hexadecimal = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(2 * index, 2 * index + 2), 16));

/** Covers bytes, or uncovers them: a stream of numbers that follows from the checksum (xorshift32). */
const masked = (bytes: Uint8Array, sum: number): Uint8Array => {
  let state = sum | 1;
  return bytes.map((byte) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return byte ^ (state & 0xff);
  });
};

/** FNV-1a, 32 bits. */
const checksum = (bytes: Uint8Array): number =>
  bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
