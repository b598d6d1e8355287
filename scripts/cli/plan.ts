import { withFault } from '../../experiments/catalogue.ts';
import { comparing, type SharedState } from '../../experiments/shared.ts';
import type { Experiment, Fault, Lesson, Step } from '../../experiments/types.ts';

/**
 * What the shell has to know of each step, a line each: command, the state in which `make check` measures it beside
 * others, precondition, whether it begins again when it is applied again, whether it is measured again after the
 * undo, and the files that are laid over compose.yaml. A dash stands for none. The states that experiments share
 * follow in the same form.
 * @param pick  chooses the fault of a search; the first unless told
 */
export const plan = (
  steps: readonly (Step | Experiment)[],
  pick: (faults: readonly Fault[]) => Fault = ([first]) => first!,
): string => {
  const planned = steps.map((step) => {
    if (!('number' in step)) return line(step.command, step.overrides);
    const { overrides } = step.faults.length > 0 ? withFault(step, pick(step.faults)) : step;
    return line(step.command, overrides, step);
  });
  const shared = new Set(steps.flatMap((step) => ('number' in step && step.measuredIn) || []));
  return [...planned, ...[...shared].map((state) => sharedLine(state, steps))].join('\n');
};

/** The state of `make compare`, in the same form. */
export const comparingLine = (): string => line(comparing.name, comparing.overrides, { happensOnce: true });

type Needs = Pick<Lesson, 'measuredIn' | 'precondition' | 'happensOnce' | 'hasAftermath'>;

const line = (command: string, overrides: readonly string[], needs: Needs = {}): string => {
  const { measuredIn, precondition, happensOnce, hasAftermath } = needs;
  const words = [measuredIn?.name, precondition, happensOnce && 'once', hasAftermath && 'aftermath'];
  return [command, ...words.map((word) => word || '-'), ...overrides].join(' ');
};

/** A shared state needs what any of its experiments needs. */
const sharedLine = (state: SharedState, steps: readonly (Step | Experiment)[]): string => {
  const own = steps.filter((step) => 'number' in step).filter(({ measuredIn }) => measuredIn === state);
  const precondition = own.find((experiment) => experiment.precondition)?.precondition;
  return line(state.name, state.overrides, {
    ...(precondition && { precondition }),
    happensOnce: own.some((experiment) => experiment.happensOnce),
  });
};
