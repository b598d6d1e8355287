import type { Reader } from '../../lab/settings/reader.ts';
import { listOf, wholeNumber } from '../../lab/settings/setting.ts';
import type { JobName } from './instance.ts';
import { readScenarios } from './scenario-config.ts';
import { sumOf, wholeSeconds } from './setting.ts';
import type { ScenarioSettings } from './world.ts';

/** How many instances there are, and what distinguishes them. */
export type FleetConfig = {
  /** how many instances this process simulates, 1 to 12: the first listens on its port, the others on the ports after it */
  instances: number;
  /** how long after the start the last one leaves */
  leavesAfterSeconds?: number;
  /** percent of the requests for each instance, 100 in all; several such shares take turns, minute by minute */
  traffic?: readonly (readonly number[])[];
  /** about the requests that instances 2 and up had counted before they began */
  counterStart?: number;
  /** what each instance simulates beside the base signals, and the scrape job that it is in */
  each: (ScenarioSettings & { job?: JobName })[];
};

export const mostInstances = 12;
const mostTurns = 10;

/**
 * Reads the settings of the fleet.
 * @param port  of the first instance
 */
export const readFleet = (reader: Reader, port: number): FleetConfig => {
  const before = reader.problems.length;
  const asked = reader.read('INSTANCES', wholeNumber(1, mostInstances));
  // Where the number is wrong, nothing else is called wrong because of it.
  const known = reader.problems.length === before;
  const instances = asked ?? (known ? 1 : mostInstances);
  if (port + instances - 1 > 65_535) {
    reader.refuse('PORT', `at most ${65_536 - instances}, since INSTANCES is ${instances}`);
  }
  const several = (text: string | undefined) => (instances > 1 ? text : undefined);
  const leavesAfterSeconds = reader.read('LEAVES_AFTER', {
    expected: `a duration from 1s to 1h such as 45s, after which the last of 2 or more INSTANCES leaves`,
    parse: (text) => wholeSeconds(several(text) ?? ''),
  });
  const counterStart = reader.read('COUNTER_START', {
    expected: 'a whole number from 1 to 1000000000 of requests that instances 2 and up begin with (INSTANCES)',
    parse: (text) => wholeNumber(1, 1_000_000_000).parse(several(text) ?? ''),
  });
  const traffic = reader.read('TRAFFIC', {
    expected: `a whole percentage for each of ${known ? instances : 'the'} INSTANCES, 100 in all, such as 90,10 for 2, or up to ${mostTurns} of these that take turns, minute by minute, such as 90,10/70,30`,
    parse: (text) =>
      listOf(
        text,
        mostTurns,
        (part) => {
          const shares = listOf(part, mostInstances, wholeNumber(0, 100).parse);
          return shares && (!known || shares.length === instances) && sumOf(shares) === 100 ? shares : undefined;
        },
        '/',
      ),
  });
  const each = readScenarios(reader, instances);
  return {
    instances,
    each,
    ...(leavesAfterSeconds && { leavesAfterSeconds }),
    ...(traffic && { traffic }),
    ...(counterStart && { counterStart }),
  };
};
