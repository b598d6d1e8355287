import { md5 } from './md5.ts';

/**
 * Which shard a target belongs to, as Prometheus' relabelling action `hashmod` computes it: the last eight bytes of
 * the MD5 of the label's value, as a whole number, modulo the number of shards.
 * @param text  the label's value, such as `exporter:8003`
 * @returns 0 to modulus − 1
 */
export const hashmod = (text: string, modulus: number): number =>
  Number(new DataView(md5(text).buffer).getBigUint64(8) % BigInt(modulus));

/** How many of the targets each shard gets: `[5, 7]`. */
export const splitOf = (texts: readonly string[], modulus: number): number[] =>
  Array.from({ length: modulus }, (_, shard) => texts.filter((text) => hashmod(text, modulus) === shard).length);
