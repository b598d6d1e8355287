import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { experiments, stepNamed, steps, withFault } from '../../experiments/catalogue.ts';
import { anySeed, chooserOf } from '../../lab/chance/chooser.ts';
import { sealedIncident, seeds } from '../../lab/incidents/incident.ts';
import { incidentStep } from '../../lab/incidents/step.ts';
import type { Experiment, Step } from '../../lab/model/lesson.ts';
import { findFault } from '../../lab/running/exercises.ts';
import { durationSeconds } from '../../lab/settings/duration.ts';
import { repository } from '../host/repository.ts';
import { seedFrom } from './incident.ts';
import { freeMegabytes } from './memory.ts';
import { overridden, setsOf } from './overriding.ts';
import { placeOf, rowNotes } from './place.ts';
import {
  checkScript,
  compareScript,
  RefusedError,
  type Script,
  type Situation,
  type State,
  stepScript,
} from './script.ts';
import { settingNames, settingProblems, settingsFrom } from './settings.ts';
import { unknownSettings } from './unknown-settings.ts';

type Environment = Record<string, string | undefined>;
type Output = { say: (text: string) => number; complain: (text: string) => number };

/** Where nothing is said of an interval. */
const usualScrapeSeconds = 5;

const wordsOf = (text = ''): string[] => text.split(/\s+/).filter(Boolean);
/** NAME=VALUE lines; a name alone has an empty value. */
const pairsOf = (text = ''): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^([^=\n]+)=?(.*)$/gm)].map(([, name, value]) => [name!, value!]));
/** `NAME: REASON` lines. */
const reasonsOf = (text = ''): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^([^:\n]+): (.*)$/gm)].map(([, name, reason]) => [name!, reason!]));

const read = (file: string): string => readFileSync(join(repository, file), 'utf8');

/**
 * Checks what is set, decides what a command does, and writes it as lines for the shell.
 * @param words        `step STEP [--fault=NAME]`, `step incident [--seed=N] [--level=N]`, `check` or `compare`
 * @param environment  the settings, and in LAB_… what the shell has found: see gather in steps.sh
 * @returns the exit code: 1 where something is refused, each problem on a line of its own
 * @throws AnswerError for a fault that there is not
 */
export const writeScript = async (
  words: readonly string[],
  environment: Environment,
  { say, complain }: Output,
): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { fault: { type: 'string' }, seed: { type: 'string' }, level: { type: 'string' } },
  });
  const [kind = '', name = ''] = positionals;
  const compose = read('compose.yaml');
  const names = settingNames(compose);
  const typed = wordsOf(environment.LAB_TYPED);
  const dotEnv = pairsOf(environment.LAB_WRITTEN);

  const unknown = unknownSettings({
    handedOn: names,
    typed,
    written: Object.keys(dotEnv),
    numbered: wordsOf(environment.LAB_NUMBERED),
  });
  const written = wordsOf(environment.LAB_FROM_FILES);
  const place = placeOf({
    command: name,
    settings: environment,
    typed,
    written,
    dotEnv,
    moved: environment.LAB_PORTS,
    kept: environment.LAB_RUNS === 'yes' ? pairsOf(environment.LAB_KEPT) : {},
  });
  const settings = settingsFrom(compose, { ...environment, ...place.settings });
  const sets = (file: string) => (existsSync(join(repository, file)) ? setsOf(read(file), names) : {});

  const isIncident = kind === 'step' && name === incidentStep.command;
  const asked = isIncident ? seedFrom(values) : { problems: [] };
  const step = kind === 'step' ? chosen(name, values.fault) : undefined;
  const meant: readonly (Step | Experiment)[] = step === undefined ? steps : [step];
  const given = Object.fromEntries(Object.entries(settings).filter(([each]) => !(each in place.settings)));
  const inVain = [...new Set(meant.flatMap((each) => overridden(each.command, each.overrides.map(sets), given)))];
  const isTyped = (sentence: string) => step !== undefined && typed.includes(sentence.split(' ')[0]!);

  const problems = [
    ...unknown.problems,
    ...place.problems,
    ...(await settingProblems(settings)),
    ...inVain.filter(isTyped),
    ...asked.problems,
  ];
  if (problems.length > 0) {
    complain(['lab: these settings cannot be used', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    return 1;
  }

  const [applied, , finished] = wordsOf(environment.LAB_APPLIED);
  const situation: Situation = {
    applied: applied === undefined ? undefined : { step: applied, succeeded: finished !== undefined },
    isArranged: environment.LAB_ARRANGED === 'yes',
    hasFleet: environment.LAB_FLEET === 'yes',
    wantsFleet: settings.INSTANCES !== undefined,
    sets,
    lacks: reasonsOf(environment.LAB_LACKS),
    freeMegabytes: freeMegabytes(),
    scrapeSeconds: durationSeconds(settings.SCRAPE_INTERVAL ?? '') ?? usualScrapeSeconds,
    place: place.lines,
  };
  const rows = environment.RUNTIME === 'native' && name === 'up' ? rowNotes(place.settings) : [];
  const notes = [...unknown.notes, ...place.notes, ...rows, ...inVain.filter((each) => !isTyped(each))];
  try {
    const sealed = 'seed' in asked ? sealedIncident({ ...asked, scrapeSeconds: situation.scrapeSeconds }) : undefined;
    const script = scriptFor(kind, step && sealed !== undefined ? { ...step, sealed } : step, situation, environment);
    say([...notes.map((note) => `say lab: ${note}`), ...bindLines(place.settings), ...script].join('\n'));
    return 0;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    complain(`lab: ${error.message}`);
    return 1;
  }
};

const faultStream = 15;

/** A fault by chance, or the one that is asked for. */
const chosen = (command: string, fault: string | undefined): Step | Experiment => {
  const step = stepNamed(command);
  const isSearch = step !== undefined && 'faults' in step && step.faults.length > 0;
  if (fault !== undefined) return withFault(...findFault('FAULT', step && 'number' in step ? step.number : 0, fault));
  if (step === undefined) throw new RefusedError(`there is no step "${command}"`);
  return isSearch ? withFault(step, chooserOf(anySeed(seeds), faultStream).of(step.faults)) : step;
};

const scriptFor = (kind: string, step: State | undefined, situation: Situation, { LAB_RUNS }: Environment): Script => {
  if (step !== undefined) return stepScript(step, situation);
  const base = stepNamed('up')!;
  const chosenFaults = experiments.map((each) => chosen(each.command, undefined) as Experiment);
  if (kind === 'check') return checkScript(base, chosenFaults, situation);
  if (kind === 'compare') {
    const found = LAB_RUNS === 'yes' ? (stepNamed(situation.applied?.step ?? 'up') ?? base) : undefined;
    return compareScript(found, situation);
  }
  throw new RefusedError(`there is no script "${kind}": step STEP, check or compare`);
};

/** Every machine has these two. */
const bindLines = ({ BIND }: Readonly<Record<string, string>>): string[] =>
  BIND === '127.0.0.1' || BIND === '0.0.0.0' ? [] : [`bind ${BIND}`];
