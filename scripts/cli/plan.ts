import type { Experiment, Step } from '../../experiments/types.ts';

/**
 * What the shell has to know of each step, a line each: command, precondition, whether it is measured again after
 * the undo, and the files that are laid over compose.yaml. A dash stands for none.
 */
export const plan = (steps: readonly (Step | Experiment)[]): string =>
  steps
    .map((step) => {
      const experiment = 'number' in step ? step : undefined;
      const words = [step.command, experiment?.precondition ?? '-', experiment?.hasAftermath ? 'aftermath' : '-'];
      return [...words, ...step.overrides].join(' ');
    })
    .join('\n');
