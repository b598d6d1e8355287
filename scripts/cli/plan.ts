import type { Experiment, Step } from '../../experiments/types.ts';

/**
 * What the shell has to know of each step, a line each: command, precondition, whether it begins again when it is
 * applied again, whether it is measured again after the undo, and the files that are laid over compose.yaml. A dash
 * stands for none.
 */
export const plan = (steps: readonly (Step | Experiment)[]): string =>
  steps
    .map((step) => {
      const experiment = 'number' in step ? step : undefined;
      const words = [
        experiment?.precondition,
        experiment?.happensOnce && 'once',
        experiment?.hasAftermath && 'aftermath',
      ];
      return [step.command, ...words.map((word) => word || '-'), ...step.overrides].join(' ');
    })
    .join('\n');
