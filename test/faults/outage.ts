import assert from 'node:assert/strict';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { until } from '../support/until.ts';

/** How a service comes to give no answer, and how it goes on. */
export type Outage = {
  name: string;
  /** Ends it, or has it hang; `make status` says so. */
  begin: (service: string, runtime: Runtime) => Promise<void>;
  /** undefined where it comes back by itself */
  end: (runtime: Runtime) => 'start' | 'thaw' | undefined;
};

const says = async (service: string, words: string): Promise<void> =>
  assert.match(await make('status'), new RegExp(`^${service} .*(${words})`, 'm'));

const byHand = (name: string, verb: string, end: 'start' | 'thaw', words: string): Outage => ({
  name,
  begin: async (service) => {
    await make(verb, { SERVICE: service });
    await says(service, words);
  },
  end: () => end,
});

export const killed: Outage = {
  name: 'kill -9 of',
  begin: async (service, runtime) => {
    const before = await runtime.identity(service);
    await runtime.signal(service, 'SIGKILL');
    await until(`${service} to end`, 20, async () => (await runtime.identity(service)) !== before);
    if (!runtime.restartsByItself) await says(service, 'died');
  },
  end: ({ restartsByItself }) => (restartsByItself ? undefined : 'start'),
};
export const frozen = byHand('make freeze of', 'freeze', 'thaw', 'frozen|Paused');
export const stopped = byHand('make stop of', 'stop', 'start', 'stopped|Exited');

/** Waits until a target is up or down by a scrape after an instant. @returns when that scrape was, unix seconds */
export const untilUp = (lab: Lab, selector: string, value: 0 | 1, since: number): Promise<number> =>
  until(`${selector} to be ${value}`, 60, async () => {
    const samples = (await lab.read.samples(selector, 60, lab.now())).flatMap((each) => each.samples);
    return samples.find(([at, up]) => at > since && up === value)?.[0];
  });
