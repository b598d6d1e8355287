import { missingData } from './01-missing-data.ts';
import { counters } from './02-counters.ts';
import { labels } from './03-labels.ts';
import { aggregation } from './04-aggregation.ts';
import { sampling } from './05-sampling.ts';
import { alerting } from './06-alerting.ts';
import { rateWindows } from './07-windows.ts';
import { debugging } from './08-debugging.ts';
import { base, type PlainStep, slowScrape, spikes } from './steps.ts';
import type { Experiment, Lab } from './types.ts';

/** The eight experiments, in order. */
export const experiments: readonly Experiment[] = [
  missingData,
  counters,
  labels,
  aggregation,
  sampling,
  alerting,
  rateWindows,
  debugging,
];

/** The commands before them: the base lab and the two single changes. */
export const plainSteps: readonly PlainStep[] = [base, spikes, slowScrape];

export const steps: readonly (PlainStep | Experiment)[] = [...plainSteps, ...experiments];

/** @returns the step with that make target, such as `up` or `exp-5` */
export const stepNamed = (command: string): PlainStep | Experiment | undefined =>
  steps.find((step) => step.command === command);

/** The change that the running lab shows; experiments go before the single changes that they are made of. */
export const stepInForce = (lab: Lab): PlainStep | Experiment =>
  [...experiments, spikes, slowScrape].find((step) => step.inForce?.(lab)) ?? base;
