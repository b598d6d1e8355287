import { clocks } from '../lab/base/clocks.ts';
import { onCallStep } from '../lab/base/on-call.ts';
import { base, slowScrape, spikes } from '../lab/base/steps.ts';
import { incidentStep } from '../lab/incidents/step.ts';
import type { Lab } from '../lab/model/lab.ts';
import type { Experiment, Fault, Lesson, LookBack, Source, Step } from '../lab/model/lesson.ts';
import { instructionsOf, nextManualSteps } from '../lab/model/manual-steps.ts';
import { unmeasurable } from '../lab/model/measurable.ts';
import type { Judgement, Verdict } from '../lab/model/verdict.ts';

/**
 * Every experiment, in order: the name of its folder says its number and its slug. Each import is written out, so that
 * a bundler finds it.
 */
const folders: Record<string, () => Promise<{ lesson: Lesson }>> = {
  '01-missing-data': () => import('./01-missing-data/lesson.ts'),
  '02-counters': () => import('./02-counters/lesson.ts'),
  '03-labels': () => import('./03-labels/lesson.ts'),
  '04-aggregation': () => import('./04-aggregation/lesson.ts'),
  '05-sampling': () => import('./05-sampling/lesson.ts'),
  '06-alerting': () => import('./06-alerting/lesson.ts'),
  '07-windows': () => import('./07-windows/lesson.ts'),
  '08-debugging': () => import('./08-debugging/lesson.ts'),
  '09-sum-before-rate': () => import('./09-sum-before-rate/lesson.ts'),
  '10-first-error': () => import('./10-first-error/lesson.ts'),
  '11-percentiles': () => import('./11-percentiles/lesson.ts'),
  '12-averages': () => import('./12-averages/lesson.ts'),
  '13-cardinality': () => import('./13-cardinality/lesson.ts'),
  '14-flapping': () => import('./14-flapping/lesson.ts'),
  '15-joins': () => import('./15-joins/lesson.ts'),
  '16-dead-but-shown': () => import('./16-dead-but-shown/lesson.ts'),
  '17-shards': () => import('./17-shards/lesson.ts'),
  '18-pair': () => import('./18-pair/lesson.ts'),
  '19-backlog': () => import('./19-backlog/lesson.ts'),
  '20-replication': () => import('./20-replication/lesson.ts'),
  '21-lost-labels': () => import('./21-lost-labels/lesson.ts'),
  '22-zoom': () => import('./22-zoom/lesson.ts'),
  '23-resolved': () => import('./23-resolved/lesson.ts'),
  '24-slow-targets': () => import('./24-slow-targets/lesson.ts'),
  '25-restart': () => import('./25-restart/lesson.ts'),
  '26-burn-rate': () => import('./26-burn-rate/lesson.ts'),
  '27-one-rack': () => import('./27-one-rack/lesson.ts'),
  '28-dead-job': () => import('./28-dead-job/lesson.ts'),
  '29-black-box': () => import('./29-black-box/lesson.ts'),
  '30-pushed': () => import('./30-pushed/lesson.ts'),
};

/** @throws Error where the folder's name is not a number of two digits and a slug */
const experimentIn = async ([folder, load]: [string, () => Promise<{ lesson: Lesson }>]): Promise<Experiment> => {
  const [, digits, slug] = /^(\d\d)-([a-z]+(?:-[a-z]+)*)$/.exec(folder) ?? [];
  if (digits === undefined || slug === undefined)
    throw new Error(`experiments/${folder} must be named like 05-sampling`);
  const { lesson } = await load();
  const { change } = lesson;
  const faults = typeof change === 'object' && 'faults' in change ? change.faults : [];
  const command = `exp-${Number(digits)}`;
  return {
    ...lesson,
    todo: [...lesson.todo, ...(lesson.manualSteps ? instructionsOf(lesson.manualSteps, Number(digits)) : [])],
    faults,
    number: Number(digits),
    slug,
    folder,
    command,
    overrides: overridesOf(folder, change),
    dashboard: `lab-${folder}`,
    undo: change === 'none' ? undefined : 'make up',
    check: async (read, lab) =>
      completed(unmeasurable(lesson, lab) ?? (await lesson.check(read, lab)), Number(digits), lab, lesson.manualSteps),
  };
};

const overridesOf = (folder: string, change: Lesson['change']): readonly string[] => {
  if (change === 'none') return [];
  if (change === 'own') return [`experiments/${folder}/compose.yaml`];
  if ('faults' in change) return [faultFile(folder, change.faults[0]!)];
  return change.flatMap((step) => step.overrides);
};

const faultFile = (folder: string, { name }: Fault): string => `experiments/${folder}/faults/${name}.yaml`;

/** The step as one of its faults is applied. */
export const withFault = (experiment: Experiment, fault: Fault): Experiment => ({
  ...experiment,
  overrides: [faultFile(experiment.folder, fault)],
});

const completed = (
  judgement: Judgement,
  number: number,
  lab: Lab,
  manualSteps: Lesson['manualSteps'] = [],
): Verdict => {
  if (judgement.kind === 'wait') return judgement;
  if (judgement.kind === 'search') {
    return { ...judgement, type: `make solve-${number} CAUSE=…, or make check-${number} TELL=1` };
  }
  if (judgement.kind === 'elsewhere') return { ...judgement, type: judgement.type ?? `make exp-${number}` };
  const { afterUndo, phase, ...measured } = judgement;
  const then = afterUndo === undefined ? nextManualSteps(lab, manualSteps[phase ?? manualSteps.length]) : ['make up'];
  const why = afterUndo === undefined ? '' : `: it measures ${afterUndo}`;
  return then.length === 0
    ? measured
    : { ...measured, next: `${then.join(', ')}, then make check-${number} again${why}` };
};

export const experiments: readonly Experiment[] = await Promise.all(Object.entries(folders).map(experimentIn));

/** The commands before them: the base lab and the single changes. */
export const plainSteps: readonly Step[] = [base, spikes, slowScrape, clocks, onCallStep, incidentStep];

export const steps: readonly (Step | Experiment)[] = [...plainSteps, ...experiments];

/** Everybody who answers queries in some step, each name once. */
export const sources: readonly Source[] = [
  ...new Map(steps.flatMap((step) => step.sources ?? []).map((source) => [source.name, source])).values(),
];

/** @returns the step with that make target, such as `up` or `exp-5` */
export const stepNamed = (command: string): Step | Experiment | undefined =>
  steps.find((step) => step.command === command);

/**
 * The step that the running lab shows. Where several would explain it, the one that was applied last; so it is where
 * nothing has changed, since a step may change nothing. Else experiments take precedence over the single changes they
 * are made of.
 */
export const activeStep = (lab: Lab): Step | Experiment => {
  // Its fleet has the settings of several experiments, and would be taken for one of them.
  if (incidentStep.isActive?.(lab)) return incidentStep;
  const applied = lab.applied && stepNamed(lab.applied.step);
  if (applied?.isActive?.(lab)) return applied;
  // A later experiment may have the settings of an earlier one, and more.
  const own = experiments.findLast((step) => step.isActive?.(lab));
  const changed = own ?? plainSteps.find((step) => step.isActive?.(lab));
  return changed ?? (applied && applied.isActive === undefined ? applied : base);
};

/** How far back the graphs of a step look when they are opened. */
export const lookBackOf = ({ lookBack = '15m' }: Pick<Step, 'lookBack'>): LookBack => lookBack;
