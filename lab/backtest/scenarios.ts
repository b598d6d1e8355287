import { disk } from './scenarios/disk.ts';
import { errors } from './scenarios/errors.ts';
import { hosts } from './scenarios/hosts.ts';
import type { Scenario } from './shift.ts';

/** Every scenario: a file and a line here. The first is meant where nobody names one. */
export const scenarios: readonly Scenario[] = [errors, disk, hosts];

/** Twenty shifts to practise on: what went wrong in them is shown. */
export const practiceSeeds: readonly number[] = Array.from({ length: 20 }, (_, index) => index + 1);

/** Twenty others, which give the score: of them only figures are shown. */
export const scoreSeeds: readonly number[] = Array.from({ length: 20 }, (_, index) => index + 1_001);

/** The shift with the first seed begins on this Monday at 09:00 UTC, each further one a week later. */
const firstAt = Date.UTC(2026, 0, 5, 9) / 1_000;

const weekSeconds = 604_800;

/** @returns unix seconds: when the shift with this seed begins. No window of a day sees another shift. */
export const beginOf = (seed: number): number =>
  firstAt + weekSeconds * [...practiceSeeds, ...scoreSeeds].indexOf(seed);
