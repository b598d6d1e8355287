import type { Experiment, ManualStep, Step } from '../../lab/model/lesson.ts';
import { secondsBefore } from '../../lab/model/manual-steps.ts';
import { comparing } from '../../lab/model/shared-state.ts';

/**
 * What a command does, as lines `VERB WORD…` that the shell follows one by one (scripts/cli/follow.sh, where each verb
 * is). All that is decided is decided here.
 */
export type Script = readonly string[];

/** A step that cannot be; the message says why, and nothing has been touched. */
export class RefusedError extends Error {}

/** What is known before anything is done. */
export type Situation = {
  /** the step that was applied last; undefined where nothing runs */
  applied?: { step: string; succeeded: boolean } | undefined;
  /** whether an incident or an experiment has arranged something outside of the exporter, which outlives it */
  isArranged?: boolean;
  /** whether Prometheus runs and shows a fleet that the next state may not have */
  hasFleet: boolean;
  /** whether the settings make a fleet, whatever the step */
  wantsFleet: boolean;
  /** what a file that is laid over compose.yaml sets of the learner's settings, by name */
  sets: (file: string) => Readonly<Record<string, string>>;
  /** why this runtime lacks what an experiment requires, by its name */
  lacks: Readonly<Record<string, string>>;
  /** MB of memory that new processes can have; undefined where the system does not say */
  freeMegabytes: number | undefined;
  /** between two scrapes */
  scrapeSeconds: number;
  /** where the lab runs from now on, as NAME=VALUE */
  place: readonly string[];
};

/** A state that the lab can be brought into: a step's own, or one that several experiments share. */
export type State = Pick<Step, 'command' | 'overrides'> & {
  /** settings of the exporter that nobody is to read by accident */
  sealed?: string;
} & Partial<Pick<Experiment, 'precondition' | 'happensOnce' | 'requires' | 'memoryMegabytes' | 'silences'>>;

/** @returns why a state cannot be on this machine; undefined where it can */
export const lackOf = (
  { command, requires, memoryMegabytes: needed = 0 }: State,
  { lacks, freeMegabytes: free, applied }: Situation,
): string | undefined => {
  const lack = requires && lacks[requires];
  if (lack) return `it needs ${requires}, and ${lack}`;
  // What it takes is taken already, where it is on.
  if (free === undefined || free >= needed || applied?.step === command) return undefined;
  return `it takes ${needed} MB of memory, and ${free} MB are free`;
};

/** Follows the lab through a script: each change adds its lines, and knows what was before it. */
class Course {
  readonly lines: string[] = [];
  #applied: Situation['applied'];
  #hasFleet: boolean;
  #isThere = false;
  #isArranged: boolean;
  /** the fleet that is shown is the one that is wanted: nothing of it has to go first */
  #keepsFleet = false;
  readonly #situation: Situation;

  constructor(situation: Situation) {
    this.#situation = situation;
    this.#applied = situation.applied;
    this.#hasFleet = situation.hasFleet;
    this.#isArranged = situation.isArranged ?? false;
  }

  get situation(): Situation {
    return { ...this.#situation, applied: this.#applied, hasFleet: this.#hasFleet };
  }

  add(...lines: string[]): void {
    this.lines.push(...lines);
  }

  /** @throws RefusedError where this machine cannot do it */
  apply(state: State): void {
    this.#keepsFleet =
      state.sealed !== undefined && this.#applied?.succeeded === true && this.#applied.step === state.command;
    const { command, overrides, precondition, happensOnce } = state;
    const lack = lackOf(state, this.situation);
    if (lack !== undefined) throw new RefusedError(`${command} does not run here: ${lack}`);
    if (overrides.length > 0) this.add(`obtain ${overrides.join(' ')}`);
    const isOn = this.#applied?.succeeded === true && this.#applied.step === command;
    // What happens once begins again by way of the base: with the same settings nothing would be started.
    if (isOn ? happensOnce : precondition) {
      this.#bringUp([]);
      if (precondition) this.add(`wait ${precondition} ${command} was not applied; the base lab is running`);
    }
    this.add(`begin ${command}`);
    if (state.sealed !== undefined) this.add(`seal ${state.sealed}`);
    this.#bringUp(overrides);
    const arranges = state.sealed !== undefined || state.silences !== undefined;
    if (arranges || this.#isArranged) this.add(`arrange ${arranges ? command : 'no'}`);
    this.#isArranged = arranges;
    this.add(`end ${command}`);
    this.#applied = { step: command, succeeded: true };
  }

  /**
   * The base with these files laid over it, once nothing of an earlier fleet is shown: until Prometheus has marked it as
   * stale it would be in every sum. Prometheus goes on meanwhile, whatever is to change in it: one that begins anew
   * marks nothing.
   */
  #bringUp(files: readonly string[]): void {
    const { wantsFleet, sets, place } = this.#situation;
    if (this.#hasFleet && !this.#keepsFleet) this.add('exporter', 'departed');
    // A fleet leaves where it was: Prometheus looks for it there.
    if (!this.#isThere) this.add(['place', ...place].join(' '));
    this.#isThere = true;
    this.#hasFleet = wantsFleet || files.some((file) => 'INSTANCES' in sets(file));
    this.add(['apply', ...files].join(' '), `fleet ${this.#hasFleet ? 'yes' : 'no'}`);
  }
}

/** `make up`, `make spikes`, `make exp-N`. @throws RefusedError */
export const stepScript = (step: State, situation: Situation): Script => {
  const course = new Course(situation);
  course.apply(step);
  course.add(`describe ${step.command}`);
  return course.lines;
};

/**
 * `make check`: brings the lab into every state in turn, measures what can be measured there, and undoes it. After the
 * first measurement follow the manual steps of the lesson, phase by phase, each measured again as long as all holds.
 * @param base  the step that undoes every other
 */
export const checkScript = (base: State, experiments: readonly Experiment[], situation: Situation): Script => {
  const course = new Course(situation);
  let files: string | undefined;
  const rounds = roundsOf(experiments);
  rounds.forEach(({ state, own }, index) => {
    const names = own.map(({ command }) => command).join(' ');
    const where = `— ${index + 1} of ${rounds.length}, ${names}`;
    const lack = lackOf(state, course.situation);
    if (lack !== undefined) {
      course.add(`say ${where}: not run here: ${lack}`, `skip ${numberOf(own[0]!)} not run here: ${lack}`);
      return;
    }
    const wanted = state.overrides.join(' ');
    if (files !== wanted) {
      const isShared = own[0]!.measuredIn !== undefined;
      const shared = isShared ? '; each on instances of its own, where make exp-N runs one alone' : '';
      course.add(`say ${where}: applying ${wanted || 'the base'}${shared}`);
      course.apply(state);
      files = wanted;
    }
    for (const experiment of own) course.add(...measuring(experiment, situation));
    if (wanted === '') return;
    course.add(`say ${where}: undoing`);
    course.apply(base);
    files = '';
    const [only] = own;
    if (only!.hasAftermath) course.add(`held again ${numberOf(only!)} , after the undo`);
  });
  return [...course.lines, 'summary'];
};

const numberOf = ({ number }: Experiment): number => number;

const measuring = (experiment: Experiment, { scrapeSeconds }: Situation): string[] => [
  `measure ${experiment.number}`,
  ...(experiment.manualSteps ?? []).flatMap((phase) => [
    ...phase.map((step) => `held manual ${secondsBefore(step, { scrapeSeconds })} ${typed(step)}`),
    `held again ${experiment.number} , after ${phase.map(typed).join(', ')}`,
  ]),
];

const typed = ({ do: verb, service }: ManualStep): string => `${verb} ${service}`;

/** The states in which `make check` measures, in the order of their first experiment. */
const roundsOf = (experiments: readonly Experiment[]): { state: State; own: Experiment[] }[] => {
  const rounds = new Map<string, Experiment[]>();
  for (const experiment of experiments) {
    const name = experiment.measuredIn?.name ?? experiment.command;
    rounds.set(name, [...(rounds.get(name) ?? []), experiment]);
  }
  return [...rounds].map(([name, own]) => {
    const [first] = own;
    if (first!.measuredIn === undefined) return { state: first!, own };
    // A shared state needs what any of its experiments needs.
    const precondition = own.find((each) => each.precondition)?.precondition;
    const happensOnce = own.some((each) => each.happensOnce);
    const { overrides } = first!.measuredIn;
    return { state: { command: name, overrides, happensOnce, ...(precondition && { precondition }) }, own };
  });
};

/**
 * `make compare` with a backend of the lab's own: starts it, asks both, and leaves the lab as it was found.
 * @param found  the step that is on; undefined where nothing runs
 * @throws RefusedError where that could not be brought back, or the backend is missing
 */
export const compareScript = (found: State | undefined, situation: Situation): Script => {
  const lack = situation.lacks.victoriametrics;
  if (lack) {
    const how = 'or query a backend of yours: QUERY_URL=http://…';
    throw new RefusedError(`make compare is not run here: it needs VictoriaMetrics, and ${lack}; ${how}`);
  }
  // A fault that was chosen by chance would be another one afterwards.
  if (found?.overrides.some((file) => file.includes('/faults/'))) {
    throw new RefusedError(`make compare would change the fault that ${found.command} has chosen: make up first`);
  }
  const course = new Course(situation);
  course.add('say lab: starting a second backend, which takes about two minutes to have seen enough');
  course.apply({ command: comparing.name, overrides: comparing.overrides, happensOnce: true });
  course.add('compare', `say lab: back to what was there before: ${found?.command ?? 'nothing that runs'}`);
  if (found) course.apply(found);
  else course.add('down');
  return course.lines;
};
