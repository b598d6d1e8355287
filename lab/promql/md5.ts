/** MD5 of a text (RFC 1321), so that what says which shard a target belongs to runs in a browser as well. */

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const constants = Array.from({ length: 64 }, (_, index) => Math.floor(2 ** 32 * Math.abs(Math.sin(index + 1))) >>> 0);

/** @returns 16 bytes */
export const md5 = (text: string): Uint8Array => {
  const message = new TextEncoder().encode(text);
  const padded = new DataView(new ArrayBuffer((((message.length + 8) >>> 6) + 1) << 6));
  for (const [index, byte] of message.entries()) padded.setUint8(index, byte);
  padded.setUint8(message.length, 0x80);
  padded.setBigUint64(padded.byteLength - 8, BigInt(message.length) * 8n, true);

  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < padded.byteLength; block += 64) {
    const before = [a, b, c, d] as const;
    for (let step = 0; step < 64; step += 1) {
      const round = step >>> 4;
      const [mixed, word] = [
        [(b & c) | (~b & d), step],
        [(d & b) | (~d & c), (5 * step + 1) % 16],
        [b ^ c ^ d, (3 * step + 5) % 16],
        [c ^ (b | ~d), (7 * step) % 16],
      ][round] as [number, number];
      const sum = (a + mixed + constants[step]! + padded.getUint32(block + 4 * word, true)) >>> 0;
      const shift = shifts[4 * round + (step % 4)]!;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) >>> 0];
    }
    [a, b, c, d] = [a + before[0], b + before[1], c + before[2], d + before[3]].map((part) => part >>> 0) as [
      number,
      number,
      number,
      number,
    ];
  }
  const digest = new DataView(new ArrayBuffer(16));
  for (const [index, part] of [a, b, c, d].entries()) digest.setUint32(4 * index, part, true);
  return new Uint8Array(digest.buffer);
};
