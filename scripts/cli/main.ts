import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { experiments, stepNamed } from '../../experiments/catalogue.ts';
import { BacktestError } from '../../lab/backtest/evaluate.ts';
import { AmbiguousError } from '../../lab/evidence/samples.ts';
import { createReader, observe } from '../../lab/running/api.ts';
import { appliedFrom, reportApplied } from '../../lab/running/applied.ts';
import { arrange, clearArrangement, dueIn } from '../../lab/running/arrangement.ts';
import { backendFrom, probe, QueryUrlError, secondBackend } from '../../lab/running/backend.ts';
import { type ConditionName, conditions, waitFor } from '../../lab/running/conditions.ts';
import { AnswerError } from '../../lab/running/exercises.ts';
import { hasPages, placesFrom } from '../../lab/running/places.ts';
import { ServiceError } from '../../lab/running/service.ts';
import { repository } from '../host/repository.ts';
import { answerCommand } from './answer.ts';
import { backtestCommand } from './backtest.ts';
import { check } from './check.ts';
import { compareCommand } from './compare.ts';
import { describe } from './describe.ts';
import { guideAt } from './guide.ts';
import { RefusedError } from './script.ts';
import { whetherSending } from './sending.ts';
import { settingNames } from './settings.ts';
import { progressCommand, solveCommand } from './solve.ts';
import { whetherStoring } from './storing.ts';
import { endWhereNothingCanBePrinted } from './streams.ts';
import { print, printError } from './terminal.ts';
import { typedInVain } from './unknown-settings.ts';
import { upCommand } from './up-command.ts';
import { writeScript } from './write-script.ts';

/** A wrong command line; the message says what would be right. */
class UsageError extends Error {}

const environment = process.env;
const places = placesFrom(environment);
/** The step that was applied last, as the shell keeps it. */
const applied = appliedFrom(environment.LAB_APPLIED);
const [command = '', ...words] = process.argv.slice(2);
const [name = ''] = words;
const makeUp = upCommand(environment);

const say = (text: string): 0 => {
  print(text);
  return 0;
};

const complain = (text: string): 1 => {
  printError(text);
  return 1;
};

/** `script step STEP [--fault=NAME]`, `script check`, `script compare`: what the shell is to do, a line each. */
const scriptCommand = (): Promise<number> => writeScript(words, environment, { say, complain });

const describeCommand = async (): Promise<number> => {
  const step = stepNamed(name);
  if (step === undefined) throw new UsageError(`there is no step ${JSON.stringify(name)}`);
  const [pages, lab] = await Promise.all([
    hasPages(places.prometheus),
    observe(places).catch(() => undefined),
    reportApplied(places, applied),
  ]);
  return say(describe(step, places, pages, environment.LEFT_OUT, lab));
};

const waitCommand = async (): Promise<number> => {
  if (!Object.hasOwn(conditions, name)) throw new UsageError(`there is no condition ${JSON.stringify(name)}`);
  const failure = await waitFor(name as ConditionName, {
    read: createReader(places),
    observe: () => observe(places),
    pause: (seconds) => sleep(1_000 * seconds),
    clock: () => Date.now() / 1_000,
    say: (line) => say(`lab: ${line}`),
  });
  return failure === undefined ? 0 : complain(`lab: ${failure}: see make status and make logs`);
};

/** `arrange COMMAND`: what that step needs outside of the exporter, and when `due` is to be asked; `arrange no`: nothing. */
const arrangeCommand = async (): Promise<number> => {
  const seconds = await (name === 'no' ? clearArrangement(places) : arrange(places, name));
  return say(seconds === undefined ? '' : String(seconds));
};

/** `due`: the service that is to be restarted now. */
const dueCommand = async (): Promise<number> => say(dueIn(await observe(places)) ?? '');

/** Reads the last lines of Prometheus' log from stdin. */
const storingCommand = async (): Promise<number> => {
  const problems = [await whetherStoring(places), await whetherSending(places, readFileSync(0, 'utf8'))];
  for (const problem of problems) if (problem !== undefined) say(problem);
  return 0;
};

const checkCommand = async (): Promise<number> => {
  const { values } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, tell: { type: 'boolean', default: false } },
  });
  const experiment = experiments.find(({ number }) => String(number) === name);
  if (experiment === undefined) throw new UsageError(`there is no experiment ${JSON.stringify(name)}`);
  const backend = backendFrom(environment);
  if (backend) await probe(backend);
  const { json, tell: mayTell } = values;
  await reportApplied(places, applied);
  return check(experiment, { places, applied, json, mayTell, backend });
};

const compareTwo = async (): Promise<number> => {
  const { values } = parseArgs({ args: words, options: { document: { type: 'boolean', default: false } } });
  const backend = backendFrom(environment) ?? secondBackend(places);
  await probe(backend);
  return compareCommand({ places, backend, document: values.document });
};

/** Each returns the exit code. */
const commands = new Map<string, () => Promise<number>>([
  ['script', scriptCommand],
  ['describe', describeCommand],
  ['wait', waitCommand],
  ['arrange', arrangeCommand],
  ['due', dueCommand],
  ['storing', storingCommand],
  ['check', checkCommand],
  ['compare', compareTwo],
  ['backtest', () => backtestCommand(words, environment.SHIFTS_ADDRESS)],
  ['solve', () => solveCommand(places, words)],
  ['answer', () => answerCommand(places, words)],
  ['progress', () => progressCommand(places, words)],
]);

/** They read the lab that runs, and no setting of it. */
const asking = ['check', 'compare', 'solve', 'answer', 'progress'];

/** @throws UsageError for a name that is none */
const refuseInVain = (): void => {
  const compose = readFileSync(join(repository, 'compose.yaml'), 'utf8');
  const { problems, notes } = typedInVain(
    settingNames(compose),
    (environment.LAB_TYPED ?? '').split(' ').filter(Boolean),
  );
  if (problems.length > 0) throw new UsageError(problems.join('\nlab: '));
  for (const note of notes) printError(`lab: ${note}`);
};

const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  error instanceof RefusedError ||
  error instanceof AnswerError ||
  error instanceof BacktestError ||
  error instanceof QueryUrlError ||
  Boolean((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS'));

/** What a command cannot do where a service does not answer; all others measure. */
const inVain: Record<string, string> = { solve: 'judged', answer: 'shown', progress: 'shown' };
const nothing = `Nothing can be ${inVain[command] ?? 'measured'}`;

endWhereNothingCanBePrinted();
try {
  const run = commands.get(command);
  if (run === undefined) {
    throw new UsageError(`unknown command ${JSON.stringify(command)}: use ${[...commands.keys()].join(', ')}`);
  }
  if (command === 'backtest') refuseInVain();
  if (asking.includes(command)) {
    refuseInVain();
    // Notifications and what was solved come from there.
    await guideAt(places).requireOwn();
  }
  process.exitCode = await run();
} catch (error) {
  if (error instanceof ServiceError && error.isLabDown) {
    // Something of it runs, or lab.sh would have said so: what does not is named, and that step starts it.
    printError(`${nothing}: ${error.message}.\n  Type: ${makeUp}`);
  } else if (error instanceof ServiceError) {
    printError(`${nothing}: ${error.message}.\n  Look at: ${error.look}`);
  } else if (error instanceof AmbiguousError) {
    printError(`${nothing}: ${error.message}.\n  Look at: make status`);
  } else if (isUsageError(error)) {
    printError(`lab: ${error.message}`);
  } else {
    throw error;
  }
  process.exitCode = 2;
}
