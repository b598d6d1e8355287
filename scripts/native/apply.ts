import { readFileSync, rmSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { FailedChange, LabError } from './error.ts';
import type { Plan } from './plan.ts';
import { checkDistinct, checkFree } from './ports.ts';
import { isRunning, processorTime, type Started, start, stop } from './processes.ts';
import type { Entry, State } from './state.ts';
import { sayWaiting } from './waiting.ts';

const pollMilliseconds = 50;
/** How soon a service that panicked is started again. */
const panicMilliseconds = 1_000;
/** How long a start may take: as long as it goes on, up to an end. */
type Patience = {
  /** how long neither a service's log nor its processor time may stand still */
  silentSeconds: number;
  atMostSeconds: number;
};
/** Silence longer than the minute in which a receiver panics. */
const usualPatience: Patience = { silentSeconds: 75, atMostSeconds: 300 };

/**
 * Brings the machine into the planned state: what differs is stopped and started, all else goes on.
 * Where something does not become healthy, what was started here is stopped again.
 * @param signal           ends it early, as a failure
 * @param patience         how long the services may take to become healthy
 * @param only             the one service that is changed; whatever differs in the others goes on as it is
 * @throws LabError where nothing was touched, FailedChange that says what did not start, with the end of its log
 */
export const apply = async (
  all: Plan[],
  state: State,
  signal = new AbortController().signal,
  patience = usualPatience,
  only?: string,
): Promise<void> => {
  const isMeant = (service: string) => only === undefined || service === only;
  const plans = all.filter(({ service }) => isMeant(service));
  const before = Object.fromEntries(Object.entries(state.read()).filter(([service]) => isMeant(service)));
  const same = ({ service, hash }: Plan) => before[service]?.hash === hash && isRunning(before[service]);
  const kept = plans.filter(same);
  const toStart = plans.filter((plan) => !same(plan));
  const toStop = Object.entries(before).filter(([service]) => !kept.some((plan) => plan.service === service));

  const freed = toStop.filter(([, entry]) => isRunning(entry)).flatMap(([, entry]) => portsOf(entry));
  checkDistinct(plans.flatMap(({ listeners }) => listeners));
  await checkFree(toStart.flatMap(({ listeners }) => listeners).filter(({ port }) => !freed.includes(port)));
  await end(
    toStop.map(([service]) => service),
    state,
  );

  const failure = new AbortController();
  const cancelled = AbortSignal.any([signal, failure.signal]);
  const running: string[] = [];
  const bringUp = async (plan: Plan): Promise<void> => {
    await Promise.all(plan.dependsOn.map((name) => healthy.get(name)));
    if (!toStart.includes(plan)) return untilHealthy(plan, undefined, cancelled, patience);
    cancelled.throwIfAborted();
    running.push(plan.service);
    return untilHealthy(plan, () => startFrom(plan, state), cancelled, patience);
  };
  // Each waits for the ones before it through this map, so it is filled before any of them goes on.
  const healthy = new Map<string, Promise<void>>();
  const starting = new Set(plans.map(({ service }) => service));
  const said = sayWaiting(() => [...starting]);
  for (const plan of plans) {
    const done = Promise.resolve().then(() => bringUp(plan));
    done.then(
      () => starting.delete(plan.service),
      (error) => failure.abort(error),
    );
    healthy.set(plan.service, done);
  }
  await Promise.allSettled(healthy.values());
  said.stop();
  if (!cancelled.aborted) return;
  await end(running, state);
  if (!(cancelled.reason instanceof LabError)) throw cancelled.reason;
  throw new FailedChange(cancelled.reason.message);
};

/** Starts a service and writes it down. */
const startFrom = (plan: Plan, state: State): Started => {
  for (const folder of plan.scratch) rmSync(folder, { recursive: true, force: true });
  const started = start(plan);
  const { command, folder, environment, log, healthUrl, at, listeners } = plan;
  state.set(plan.service, {
    pid: started.pid,
    startTime: started.startTime,
    hash: plan.hash,
    address: plan.address,
    ports: listeners.map(({ port }) => port),
    at,
    started: { command, folder, environment, log, healthUrl, listeners },
  });
  return started;
};

const portsOf = ({ address, ports }: Entry): number[] => ports ?? [Number(address.split(':').at(-1))];

/** Stops services and forgets them. */
export const end = async (services: string[], state: State): Promise<void> => {
  const entries = state.read();
  await Promise.all(services.map((service) => entries[service] && stop(entries[service])));
  // At once: where nothing is left nothing is written, so a lab can be stopped on a full disk.
  state.remove(services);
};

/**
 * Waits until a service answers. One that panics as it starts is started again, as Docker would: a receiver of Thanos
 * does in the one minute of each four hours in which it looks for what to delete before it has opened it.
 * @param start     starts it; undefined where it runs
 * @param patience  a service whose log or processor time moves gets more time than one that is silent
 * @throws LabError that says why it does not, with the end of its log
 */
export const untilHealthy = async (
  plan: Pick<Plan, 'service' | 'healthUrl' | 'log' | 'folder'>,
  start: (() => Started) | undefined,
  cancelled = new AbortController().signal,
  { silentSeconds, atMostSeconds } = usualPatience,
): Promise<void> => {
  const deadline = Date.now() + atMostSeconds * 1000;
  let how: string | undefined;
  let pid: number | undefined;
  const begin = () => {
    how = undefined;
    const started = start?.();
    pid = started?.pid;
    started?.ended.then((words) => {
      how = words;
    });
  };
  let moved = { sign: '', at: Date.now() };
  let nextLook = 0;
  begin();
  while (!(await answers(plan.healthUrl))) {
    cancelled.throwIfAborted();
    if (how !== undefined && !hasPanicked(plan)) throw new LabError(`${plan.service} ${how}${lastLines(plan)}`);
    // Every process of the machine is looked at for it: ten times in that span will do.
    if (Date.now() >= nextLook) {
      nextLook = Date.now() + silentSeconds * 100;
      const sign = `${sizeOf(plan.log)} ${pid === undefined ? '' : processorTime(pid)}`;
      if (sign !== moved.sign) moved = { sign, at: Date.now() };
    }
    if (Date.now() > moved.at + silentSeconds * 1000) {
      const silent = `${silentSeconds} s in which neither its log nor its processor time moved`;
      throw new LabError(`${plan.service} is not healthy after ${silent}${lastLines(plan)}`);
    }
    if (Date.now() > deadline) {
      throw new LabError(`${plan.service} is not healthy after ${atMostSeconds} s${lastLines(plan)}`);
    }
    if (how === undefined) {
      await sleep(pollMilliseconds);
      continue;
    }
    await sleep(panicMilliseconds);
    begin();
  }
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** As Go reports it. */
const hasPanicked = ({ log }: Pick<Plan, 'log'>): boolean => /^panic: /m.test(readFileSync(log, 'utf8'));

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetchDirect(url, 2_000)).ok;
  } catch {
    return false;
  }
};

const lastLines = ({ log, folder }: Pick<Plan, 'log' | 'folder'>): string => {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-6);
  return `; the last lines of its log, ${relative(folder, log)}:\n${lines.join('\n')}`;
};
