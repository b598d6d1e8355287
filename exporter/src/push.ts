import { setTimeout as sleep } from 'node:timers/promises';
import type { Push } from './scenario.ts';

/** A receiver that does not answer yet is asked again for so long, seconds. */
const patienceSeconds = 5;
const retrySeconds = 0.2;

/**
 * Sends requests at their times, whatever becomes of those before. What is not taken is said and lost.
 * @param pushes  in the order of time
 * @param clock   unix seconds
 * @returns once the last of them has been sent, or given up
 */
export const sendAll = async (
  pushes: Iterable<Push>,
  clock: () => number,
  say: (line: string) => void = console.log,
): Promise<void> => {
  // Some go on without end: what has been heard is forgotten.
  const underway = new Set<Promise<void>>();
  for (const push of pushes) {
    await sleep(Math.max(0, push.at - clock()) * 1_000);
    const sent: Promise<void> = send(push, clock)
      .catch((error: Error) => say(`exporter: ${push.method} ${push.url}: ${wordsOf(error)}`))
      .finally(() => underway.delete(sent));
    underway.add(sent);
  }
  await Promise.all(underway);
};

const send = async ({ at, method, url, contentType, body }: Push, clock: () => number): Promise<void> => {
  const headers = contentType === undefined ? {} : { 'content-type': contentType };
  for (;;) {
    try {
      const response = await fetch(url, {
        method,
        headers,
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(patienceSeconds * 1_000),
      });
      const words = await response.text();
      if (!response.ok) throw new RefusedError(`${response.status} ${words.trim().slice(0, 200)}`);
      return;
    } catch (error) {
      if (error instanceof RefusedError || clock() > at + patienceSeconds) throw error;
      await sleep(retrySeconds * 1_000);
    }
  }
};

/** fetch() says that it failed, and its cause says why. */
const wordsOf = (error: Error): string => {
  if (error.name === 'TimeoutError') return `no answer within ${patienceSeconds} s`;
  const { message = '', code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return message || code || error.message;
};

/** The receiver has heard it, and says no. */
class RefusedError extends Error {}
