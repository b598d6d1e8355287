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

/** Of every scenario, in the order in which they are stored. */
export const seeds: readonly number[] = [...practiceSeeds, ...scoreSeeds];

/**
 * The first shift of all begins on this Monday at 09:00 UTC, each further one a week later. All of them are past:
 * Prometheus takes no sample of tomorrow by remote write.
 */
const firstAt = Date.UTC(2020, 0, 6, 9) / 1_000;

const weekSeconds = 604_800;

/**
 * @returns unix seconds: when the shift of a scenario with this seed begins. No window of a day sees another shift, so
 * that one Prometheus can hold every scenario.
 */
export const beginOf = ({ name }: Pick<Scenario, 'name'>, seed: number): number => {
  const before = seeds.length * scenarios.findIndex((each) => each.name === name);
  return firstAt + weekSeconds * (before + seeds.indexOf(seed));
};
