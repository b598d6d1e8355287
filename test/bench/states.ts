import { plainSteps, steps } from '../../experiments/catalogue.ts';
import { mostInstances } from '../../exporter/src/fleet-config.ts';
import type { Experiment, Step } from '../../lab/model/lesson.ts';
import { median } from '../support/quantile.ts';
import { short, table } from '../support/table.ts';
import { pause } from '../support/until.ts';
import { type Copy, copyLab, type Runtime } from './copy.ts';
import { residentMegabytes, scrapeMilliseconds } from './served.ts';

/** What one state of the lab takes. NaN where there is none: a scrape that fails, a step without a check. */
export type State = {
  step: string;
  exporterMegabytes: number;
  prometheusMegabytes: number;
  checkSeconds: number;
  scrapeMilliseconds: number;
};

/** Words of make that bring an empty lab into a state, and those that check it. */
type Way = { step: string; apply: string[]; check?: string[] };

/** So long a state develops at least. */
const developsSeconds = 60;
const readings = 5;

const [base] = plainSteps;

/** The steps whose state is another than the base's. */
export const changed = steps.filter(({ overrides }) => overrides.length > 0);

const wayTo = (step: Step | Experiment): Way => {
  if (!('number' in step)) return { step: step.command, apply: [step.command] };
  const [fault] = step.faults;
  return {
    step: step.command,
    apply: [step.command, ...(fault ? [`FAULT=${fault.name}`] : [])],
    check: [`check-${step.number}`, ...(fault ? ['TELL=1'] : [])],
  };
};

/** The most that the exporter can be asked to play at once. */
const largest: Way = {
  step: `up, ${mostInstances} instances, histogram`,
  apply: ['up', `INSTANCES=${mostInstances}`, 'LATENCY=0.26'],
};

/**
 * The base and each state that differs from it, each from an empty lab, so that none has what another left behind.
 * @param only  the commands of the steps that are measured beside the base; all where it is empty
 */
export const benchStates = async (
  repository: string,
  runtime: Runtime,
  only: readonly string[],
  progress: (line: string) => void,
): Promise<State[]> => {
  const wanted = changed.filter(({ command }) => only.length === 0 || only.includes(command));
  const ways = [wayTo(base!), ...wanted.map(wayTo), ...(only.length === 0 ? [largest] : [])];
  const lab = await copyLab(repository, runtime);
  const states: State[] = [];
  try {
    progress(`${runtime}: make up once, so that everything is there`);
    await lab.make('up');
    for (const way of ways) {
      progress(`${runtime}, state ${states.length + 1} of ${ways.length}: ${way.step}`);
      try {
        states.push(await measure(lab, way, progress));
      } catch (error) {
        // Without the base there is nothing to compare with; another state is left out.
        if (states.length === 0) throw error;
        progress((error as Error).message);
      }
    }
  } finally {
    lab.remove();
  }
  return states;
};

const measure = async (lab: Copy, { step, apply, check }: Way, progress: (line: string) => void): Promise<State> => {
  await lab.make('clean');
  await lab.make(...apply);
  const checked = check ? lab.make(...check) : Promise.resolve(Number.NaN);
  const failed = (error: Error) => {
    progress(error.message);
    return Number.NaN;
  };
  const [checkSeconds] = await Promise.all([checked.catch(failed), pause(developsSeconds)]);
  const { exporter, prometheus } = lab.ports;
  return {
    step,
    exporterMegabytes: await residentOverSeconds(exporter),
    prometheusMegabytes: await residentOverSeconds(prometheus),
    checkSeconds,
    scrapeMilliseconds: await scrapeMilliseconds(exporter).catch(() => Number.NaN),
  };
};

/** @returns the median of some seconds, MB; 0 where the process is gone, as the exporter of experiment 1 */
const residentOverSeconds = async (port: number): Promise<number> => {
  const megabytes: number[] = [];
  for (let reading = 0; reading < readings; reading += 1) {
    await pause(1);
    const now = await residentMegabytes(port).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') return 0;
      throw error;
    });
    megabytes.push(now);
  }
  return median(megabytes);
};

/** Exporter and Prometheus together, whole MB over the base, by step. @param states  the base first */
export const overBase = ([first, ...others]: readonly State[]): Record<string, number> => {
  const total = (state: State) => state.exporterMegabytes + state.prometheusMegabytes;
  return Object.fromEntries(others.map((state) => [state.step, Math.round(total(state) - total(first!))]));
};

export const statesTable = (runtime: Runtime, states: readonly State[]): string => {
  const over = overBase(states);
  return table(
    `States: RUNTIME=${runtime}, each from an empty lab, after ${developsSeconds} s and its check`,
    ['make', 'exporter MB', 'Prometheus MB', 'over the base MB', 'make check-N s', 'scrape ms'],
    states.map((state) => [
      state.step,
      short(state.exporterMegabytes),
      short(state.prometheusMegabytes),
      over[state.step] === undefined ? '' : String(over[state.step]),
      short(state.checkSeconds),
      short(state.scrapeMilliseconds),
    ]),
  );
};
