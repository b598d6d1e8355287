import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import { boundsOf, type Episode, episode, wholeSeconds } from '../setting.ts';

/** The process of an instance ends and begins anew: once, for so long; or every so often for a while. */
type Crashes = { down: Episode; restarts: { everySeconds: number; during: Episode } };

const parseRestarts = (text: string): Crashes['restarts'] | undefined => {
  const [every = '', when = '', ...rest] = text.split(':');
  const [everySeconds, during] = [wholeSeconds(every), episode(when)];
  if (everySeconds === undefined || everySeconds < 2 || during === undefined || rest.length > 0) return undefined;
  return { everySeconds, during };
};

/** For so long a process that crashes is not there. */
const restartSeconds = 1;

/** The times, unix seconds, at which an instance is not there; the last one may lie in the future. */
export const absencesOf = (instance: Instance & Partial<Crashes>): { from: number; to: number }[] => {
  const { down, restarts } = instance;
  const whole = down === undefined ? [] : [boundsOf(instance, down)];
  if (restarts === undefined) return whole;
  const { from, to } = boundsOf(instance, restarts.during);
  const crashes = Array.from({ length: Math.floor((to - from) / restarts.everySeconds) + 1 }, (_, index) => {
    const at = from + index * restarts.everySeconds;
    return { from: at, to: at + restartSeconds };
  });
  return [...whole, ...crashes].sort((one, other) => one.from - other.from);
};

/**
 * An instance as it is at an instant: each of its processes begins with counters of its own.
 * @returns undefined where it is not there
 */
export const livingAt = <Known extends Instance & Partial<Crashes>>(
  instance: Known,
  unixSeconds: number,
): Known | undefined => {
  const absences = absencesOf(instance);
  if (absences.some(({ from, to }) => unixSeconds >= from && unixSeconds < to)) return undefined;
  const startedAt = absences.findLast(({ to }) => to <= unixSeconds)?.to;
  if (startedAt === undefined) return instance;
  // What is otherwise for a while is so by the clock, whoever runs.
  const { requestsBefore: _, ...rest } = instance;
  return { ...rest, startedAt, episodesFrom: instance.startedAt } as unknown as Known;
};

export const crashes = scenario({
  settings: {
    down: {
      variable: 'DOWN',
      expected: 'how long, and how long after the start, each from 1s to 1h, such as 40s@20s',
      parse: episode,
      suchAs: '`40s@20s`',
      simulates: 'nothing answers for 40 s, from 20 s after the start on; then a new process does, with new counters',
    },
    restarts: {
      variable: 'RESTARTS',
      expected: 'how often, from 2s on, for how long, and how long after the start, such as 8s:40s@20s',
      parse: parseRestarts,
      suchAs: '`8s:40s@20s`',
      simulates: 'a crash every 8 s for 40 s, from 20 s after the start on; a second later a new process answers',
    },
  },
  simulated: ({ down, restarts }: Partial<Crashes>) => (down ?? restarts) && 'crashes',
  truth: (instance) => ({ absences: absencesOf(instance) }),
  points: () => 1,
  reports: {
    absences:
      '`from` and `to` of each time at which the instance is not there; counters are those of the process that runs at `to`',
  },
});
