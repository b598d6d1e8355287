/**
 * A state of the lab in which `make check` measures several experiments at once, each on instances of its own:
 * what one waits for, the others need not wait for again. `make exp-N` simulates each of them alone. Its file is put
 * together from the lessons that are `measuredIn` it (`make docs`).
 */
export type SharedState = { name: string; overrides: readonly string[] };

const stateNamed = (name: string): SharedState => ({ name, overrides: [`lab/base/states/${name}.yaml`] });

export const fleet = stateNamed('fleet');
export const smallFleet = stateNamed('small-fleet');

/** In which `make compare` asks: what its lessons are `comparedOn`, and a second backend. */
export const comparing: SharedState = {
  name: 'compare',
  overrides: [...stateNamed('compare').overrides, 'victoriametrics/compare.yaml'],
};
