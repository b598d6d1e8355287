import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import picocolors from 'picocolors';
import { experiments, stepNamed, steps } from '../../experiments/catalogue.ts';
import { AnswerError } from '../../experiments/exercises.ts';
import { AmbiguousError } from '../../experiments/samples.ts';
import type { Lab } from '../../experiments/types.ts';
import { createReader, observe } from '../../lab/api.ts';
import { exitCode, runCheck } from '../../lab/check.ts';
import { type ConditionName, conditions, waitFor } from '../../lab/conditions.ts';
import { hasPages, placesFrom } from '../../lab/places.ts';
import { ServiceError } from '../../lab/service.ts';
import { describe } from './describe.ts';
import { plan } from './plan.ts';
import { createProgress } from './progress.ts';
import { report } from './report.ts';
import { progressCommand, solveCommand } from './solve.ts';
import { storingProblem } from './storing.ts';

/** A wrong command line; the message says what would be right. */
class UsageError extends Error {}

const usage =
  'plan | describe STEP | wait scraped | wait quiet | wait departed | storing | check N [--json] | solve N [--query=…] | progress, where STEP is up, spikes, slow-scrape or exp-N';
const places = placesFrom(process.env);

const stepOrFail = (name = '') => {
  const step = stepNamed(name);
  if (step === undefined) throw new UsageError(`there is no step ${JSON.stringify(name)}: use ${usage}`);
  return step;
};

/** `LAB_APPLIED` is `STEP FROM TO`, as lab.sh writes it down; unix seconds. */
const appliedFrom = (text = ''): Pick<Lab, 'applied'> => {
  const [step, from, to] = text.split(' ');
  // The end is a whole second that was still under way.
  return step && from && to ? { applied: { step, from: Number(from), to: Number(to) + 1 } } : {};
};

const wait = async (name: ConditionName): Promise<number> => {
  const failure = await waitFor(name, {
    read: createReader(places),
    observe: () => observe(places),
    pause: (seconds) => setTimeout(1_000 * seconds),
    clock: () => Date.now() / 1_000,
  });
  if (failure === undefined) return 0;
  console.error(`lab: ${failure}: see make status and make logs`);
  return 1;
};

/** Says so where Prometheus answers and stores nothing; where it does not answer, make status has said it already. */
const saysWhetherStoring = async (): Promise<number> => {
  try {
    const { scrapeSeconds, prometheusStartedAt, now } = await observe(places);
    const [age] = await createReader(places).query('min(time() - timestamp(up))');
    const problem = storingProblem(age?.samples[0]?.[1], scrapeSeconds, now - prometheusStartedAt);
    if (problem !== undefined) console.log(problem);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
  return 0;
};

const check = async (number: string | undefined, json: boolean): Promise<number> => {
  const experiment = experiments.find((each) => String(each.number) === number);
  if (experiment === undefined) {
    throw new UsageError(`there is no experiment ${JSON.stringify(number ?? '')}: choose 1 to ${experiments.length}`);
  }
  const isTerminal = process.stdout.isTTY === true && !json;
  const colours = picocolors.createColors(isTerminal && !process.env.NO_COLOR);
  const progress = createProgress(isTerminal && !process.env.NO_COLOR, json ? () => {} : console.log);
  const outcome = await runCheck(experiment, {
    observe: async () => ({ ...(await observe(places)), ...appliedFrom(process.env.LAB_APPLIED) }),
    read: createReader(places),
    wait: progress.wait,
    clock: () => Date.now() / 1000,
  }).finally(progress.stop);
  const code = exitCode(outcome);
  if (json) {
    const { lab, ...rest } = outcome;
    const { number: n, slug, insight } = experiment;
    console.log(JSON.stringify({ experiment: n, slug, ok: code === 0, ...rest, lab, insight }, null, 2));
  } else if (outcome.kind === 'elsewhere') {
    console.log(
      `The lab is not in the state of experiment ${experiment.number}: ${outcome.reason}.\n  Type: ${outcome.type}`,
    );
  } else {
    console.log(report(experiment, outcome.lab, outcome.findings, colours));
    if (outcome.next) console.log(`  ${colours.bold('Next:')} ${outcome.next}`);
  }
  return code;
};

const main = async (): Promise<number> => {
  if (process.argv[2] === 'solve') return solveCommand(places, process.argv.slice(3));
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  });
  const [command, name] = positionals;
  if (command === 'plan') {
    console.log(plan(steps));
    return 0;
  }
  if (command === 'describe') {
    console.log(describe(stepOrFail(name), places, await hasPages(places.prometheus)));
    return 0;
  }
  if (command === 'wait' && Object.hasOwn(conditions, name ?? '')) return wait(name as ConditionName);
  if (command === 'progress') return progressCommand(places);
  if (command === 'storing') return saysWhetherStoring();
  if (command === 'check') return check(name, values.json);
  throw new UsageError(`unknown command ${JSON.stringify(positionals.join(' '))}: use ${usage}`);
};

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof ServiceError && error.kind === 'unreachable') {
    console.error(`The lab is not running: ${error.message}.\n  Type: make up`);
  } else if (error instanceof ServiceError || error instanceof AmbiguousError) {
    console.error(`Nothing can be measured: ${error.message}.\n  Look at: make status`);
  } else if (
    error instanceof UsageError ||
    error instanceof AnswerError ||
    (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
  ) {
    console.error(`lab: ${(error as Error).message}`);
  } else {
    throw error;
  }
  process.exitCode = 2;
}
