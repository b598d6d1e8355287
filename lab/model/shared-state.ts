/**
 * A state of the lab in which `make check` measures several experiments at once, each on instances of its own:
 * what one waits for, the others need not wait for again. `make exp-N` plays each of them alone.
 */
export type SharedState = { name: string; overrides: readonly string[] };

const stateNamed = (name: string): SharedState => ({ name, overrides: [`experiments/shared/${name}.yaml`] });

export const fleet = stateNamed('fleet');
export const pair = stateNamed('pair');

/** In which `make compare` asks: the fleet, and a second engine. */
export const comparing: SharedState = {
  name: 'compare',
  overrides: [...fleet.overrides, 'victoriametrics/compare.yaml'],
};
