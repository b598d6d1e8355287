import type { Member } from '../exporter/src/truth.ts';
import type { Lab } from './types.ts';

/** An instance of the fleet; the exporter that is always there has number 1. */
export type Instance = Member & { number: number };

/** Every instance that the exporter plays; none where no exporter answers. */
export const instancesIn = ({ exporter }: Lab): Instance[] =>
  (exporter?.fleet ?? []).map((member, index) => ({ ...member, number: index + 1 }));

/** A list in a sentence: `exporter:8000, exporter:8001 and exporter:8002`. */
export const listed = (items: readonly string[]): string => items.join(', ').replace(/, ([^,]*)$/, ' and $1');
