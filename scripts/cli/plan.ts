import { withFault } from '../../experiments/catalogue.ts';
import { usualSeconds } from '../../lab/base/intervals.ts';
import type { Experiment, Fault, Lesson, Step } from '../../lab/model/lesson.ts';
import { secondsBefore } from '../../lab/model/manual-steps.ts';
import { comparing, type SharedState } from '../../lab/model/shared-state.ts';

/**
 * What the shell has to know of each step, a line each: command, the state in which `make check` measures it beside
 * others, precondition, whether it begins again when it is applied again, whether it is measured again after the
 * undo, what it requires, the MB that it takes, and the files that are laid over compose.yaml. A dash stands for
 * none. The states that experiments share follow in the same form; then, after the word `act`, what is done by hand:
 * command, phase, verb, service, seconds to wait before.
 * @param pick  chooses the fault of a search; the first unless told
 * @param scrapeSeconds  the interval between two scrapes
 */
export const plan = (
  steps: readonly (Step | Experiment)[],
  pick: (faults: readonly Fault[]) => Fault = ([first]) => first!,
  scrapeSeconds = usualSeconds,
): string => {
  const planned = steps.map((step) => {
    if (!('number' in step)) return line(step.command, step.overrides);
    const { overrides } = step.faults.length > 0 ? withFault(step, pick(step.faults)) : step;
    return line(step.command, overrides, step);
  });
  const shared = new Set(steps.flatMap((step) => ('number' in step && step.measuredIn) || []));
  const states = [...shared].map((state) => sharedLine(state, steps));
  return [...planned, ...states, ...steps.flatMap((step) => actLines(step, scrapeSeconds))].join('\n');
};

/** The state of `make compare`, in the same form. */
export const comparingLine = (): string => line(comparing.name, comparing.overrides, { happensOnce: true });

const actLines = (step: Step | Experiment, scrapeSeconds: number): string[] => {
  const phases = ('acts' in step && step.acts) || [];
  return phases.flatMap((phase, index) =>
    phase.map((act) =>
      ['act', step.command, index + 1, act.do, act.service, secondsBefore(act, { scrapeSeconds })].join(' '),
    ),
  );
};

type Needs = Pick<
  Lesson,
  'measuredIn' | 'precondition' | 'happensOnce' | 'hasAftermath' | 'requires' | 'memoryMegabytes'
>;

const line = (command: string, overrides: readonly string[], needs: Needs = {}): string => {
  const { measuredIn, precondition, happensOnce, hasAftermath, requires, memoryMegabytes } = needs;
  const when = [measuredIn?.name, precondition, happensOnce && 'once', hasAftermath && 'aftermath'];
  const words = [...when, requires, memoryMegabytes];
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
