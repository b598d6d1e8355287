import { setTimeout as sleep } from 'node:timers/promises';
import { untilHealthy } from './apply.ts';
import { LabError } from './error.ts';
import { checkFree } from './ports.ts';
import { isFrozen, isRunning, signal, start, stop } from './processes.ts';
import type { Entry, State } from './state.ts';

/** What a service that was started does now. */
type Doing = 'running' | 'frozen' | 'stopped';

export const doing = (entry: Entry): Doing => {
  if (!isRunning(entry)) return 'stopped';
  return isFrozen(entry) ? 'frozen' : 'running';
};

/** Lets everything go on that was frozen: it could be neither stopped nor asked. */
export const thawAll = (state: State): void => {
  for (const entry of Object.values(state.read())) if (isFrozen(entry)) signal(entry, 'SIGCONT');
};

/** The state says that it was done on purpose, for make status. */
const ended = (state: State, service: string, entry: Entry, how: Entry['ended']): void =>
  state.set(service, { ...entry, ended: how });

const startAgain = async (state: State, service: string, { ended: _, ...entry }: Entry): Promise<void> => {
  if (entry.started === undefined) throw new LabError(`${service} was started by an older lab: make up starts it`);
  const { started } = entry;
  // Another program there would answer for it, and be taken for healthy.
  await checkFree(started.listeners ?? []);
  await untilHealthy({ service, ...started }, () => {
    const running = start(started);
    state.set(service, { ...entry, pid: running.pid, startTime: running.startTime });
    return running;
  });
};

const until = async (done: () => boolean): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (!done() && Date.now() < deadline) await sleep(20);
};

type ManualStep = (state: State, service: string, entry: Entry) => Promise<void> | void;

const manualSteps: Record<string, ManualStep> = {
  kill: async (state, service, entry) => {
    ended(state, service, entry, 'killed');
    signal(entry, 'SIGKILL');
    await until(() => !isRunning(entry));
  },
  stop: async (state, service, entry) => {
    ended(state, service, entry, 'stopped');
    await stop(entry);
  },
  start: startAgain,
  restart: async (state, service, entry) => {
    await stop(entry);
    await startAgain(state, service, entry);
  },
  freeze: async (_, __, entry) => {
    signal(entry, 'SIGSTOP');
    await until(() => isFrozen(entry));
  },
  thaw: (_, __, entry) => signal(entry, 'SIGCONT'),
};

/**
 * Does something to one service by hand, and to nothing else.
 * @param verb  kill, stop, start, restart, freeze or thaw
 * @throws LabError where there is no such service, or it does not become healthy again
 */
export const doManualStep = async (verb: string, service: string, state: State): Promise<void> => {
  const { [service]: entry } = state.read();
  if (entry === undefined) throw new LabError(`there is no service ${JSON.stringify(service)}`);
  await manualSteps[verb]!(state, service, entry);
};
