import { withFault } from '../../experiments/catalogue.ts';
import type { Experiment, Fault, Step } from '../../experiments/types.ts';

/**
 * What the shell has to know of each step, a line each: command, precondition, whether it begins again when it is
 * applied again, whether it is measured again after the undo, and the files that are laid over compose.yaml. A dash
 * stands for none.
 * @param pick  chooses the fault of a search; the first unless told
 */
export const plan = (
  steps: readonly (Step | Experiment)[],
  pick: (faults: readonly Fault[]) => Fault = ([first]) => first!,
): string =>
  steps
    .map((step) => {
      const experiment = 'number' in step ? step : undefined;
      const isSearch = experiment !== undefined && experiment.faults.length > 0;
      const { overrides } = isSearch ? withFault(experiment, pick(experiment.faults)) : step;
      const words = [
        experiment?.precondition,
        experiment?.happensOnce && 'once',
        experiment?.hasAftermath && 'aftermath',
      ];
      return [step.command, ...words.map((word) => word || '-'), ...overrides].join(' ');
    })
    .join('\n');
