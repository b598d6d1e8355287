import { setTimeout as sleep } from 'node:timers/promises';

export const pause = (seconds: number): Promise<void> => sleep(seconds * 1_000);

/**
 * Asks again and again until there is an answer; an attempt that throws counts as none.
 * @param what  completes "waited 20 s for …"
 * @param ask   its answer counts once it is truthy
 * @throws Error that says what was waited for; its cause is the last attempt's error, if that threw
 */
export const until = async <T>(
  what: string,
  limitSeconds: number,
  ask: () => T | Promise<T>,
  everySeconds = 0.1,
): Promise<Exclude<T, undefined | null | false | 0 | ''>> => {
  const deadline = performance.now() + limitSeconds * 1_000;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await ask();
      if (answer) return answer as Exclude<T, undefined | null | false | 0 | ''>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${limitSeconds} s for ${what}`, { cause });
    await pause(everySeconds);
  }
};
