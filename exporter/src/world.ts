import type { Instance } from './instance.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

type Listed = (typeof scenarios)[number];
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The settings of every scenario, by field; what is left out is not simulated. */
export type ScenarioSettings = Intersection<
  Listed extends infer One ? (One extends Scenario<infer Own, string, infer _> ? Partial<Own> : never) : never
>;

/** A scenario, as `/truth` names it. */
export type ScenarioName = NonNullable<ReturnType<Listed['simulated']>>;

/** What `/truth` reports of every scenario, by key. */
export type ScenarioTruth = Partial<Intersection<ReturnType<Listed['truth']>>>;

/** The simulated world that one instance reports: everything in it follows from these and the clock. */
export type World = Instance & ScenarioSettings;

/** A scenario of whatever settings, to be asked about a world that has them. */
type Any = Scenario<ScenarioSettings, ScenarioName, ScenarioTruth>;

type Simulated = readonly { name: ScenarioName; scenario: Any }[];

/** By the instance, whose settings stay as they are: each scrape and each second of the truth asks again. */
const known = new WeakMap<World, Simulated>();

/** @returns the scenarios that an instance simulates, and the name of each */
export const simulatedBy = (world: World): Simulated => {
  const simulated =
    known.get(world) ??
    (scenarios as unknown as Any[]).flatMap((scenario) => {
      const name = scenario.simulated(world);
      return name === undefined ? [] : [{ name, scenario }];
    });
  known.set(world, simulated);
  return simulated;
};

/** @returns how much later a scrape at an instant is answered because of what is simulated, seconds */
export const delayAt = (world: World, unixSeconds: number): number =>
  simulatedBy(world).reduce((sum, { scenario }) => sum + (scenario.delay?.seconds(world, unixSeconds) ?? 0), 0);

/** @returns within what time Prometheus wants the answer to a scrape, seconds; undefined where its job says so */
export const timeoutOf = (world: World): number | undefined =>
  simulatedBy(world).find(({ scenario }) => scenario.delay?.timeoutSeconds)?.scenario.delay?.timeoutSeconds;
