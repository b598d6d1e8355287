import type { Lab } from '../model/lab.ts';
import type { Fault } from '../model/lesson.ts';

/** Where the search stands: what was found ever, and when one was named or revealed last, unix seconds. */
export type SearchState = {
  namedAt: number | undefined;
  searches: { experiment: number; causes: string[]; found: string[] }[];
};

/** The fault that is active, or why there is none to be found. */
export const activeFault = (
  { faults, command }: { faults: readonly Fault[]; command: string },
  lab: Lab,
): Fault | { kind: 'elsewhere'; reason: string; type: string } =>
  faults.find(({ isActive }) => isActive(lab)) ?? {
    kind: 'elsewhere',
    reason: lab.exporter === undefined ? 'the exporter itself does not answer' : 'nothing is broken',
    type: `make ${command}`,
  };
