import { mostInstances } from './fleet-config.ts';
import { fields } from './scenario-config.ts';
import { scenarios } from './scenarios.ts';

/** A setting of a scenario, as docs/exporter.md and compose.yaml show it. */
type Described = { variable: string; suchAs: string; simulates: string; isOfFirst: boolean };

const described: readonly Described[] = scenarios.flatMap(({ settings, isOfFirst = false }) =>
  (Object.values(settings) as Described[]).map((setting) => ({ ...setting, isOfFirst })),
);

/** The rows of docs/exporter.md about settings: variable, examples, what it simulates. */
export const settingRows: readonly string[][] = described.map(({ variable, suchAs, simulates }) => [
  `\`${variable}\``,
  suchAs,
  simulates,
]);

/** The rows of docs/exporter.md about `/truth`: key, what it holds. */
export const truthRows: readonly string[][] = scenarios.flatMap(({ reports }) =>
  Object.entries(reports as Record<string, string>).map(([key, holds]) => [`\`${key}\``, holds]),
);

/** What compose.yaml hands on: each variable, and with the number 2 where it may be of one instance. */
export const handedOn: readonly string[] = described.flatMap(({ variable, isOfFirst }) =>
  isOfFirst ? [variable] : [variable, `${variable}_2`],
);

/** What is each instance's own, what the first's alone, and how many there can be: by it lessons share one exporter. */
export const perInstance = {
  ofInstance: fields.filter(({ isOfFirst }) => !isOfFirst).map(({ variable, first = 1 }) => ({ variable, first })),
  ofFirst: ['SIGNAL', 'CORES', ...fields.filter(({ isOfFirst }) => isOfFirst).map(({ variable }) => variable)],
  mostInstances,
};
