/** Longest time that an answer is waited for: a verdict asks several services, each of which may take 10 s. */
const patienceMilliseconds = 60_000;
/** @type {Record<string, string>} */
const failures = {
  TimeoutError: `the guide gave no answer within ${patienceMilliseconds / 1_000} s`,
  SyntaxError: 'the answer was cut off, or is not the guide’s',
};
/** An answer that takes longer is said to be waited for. */
const quietMilliseconds = 1_500;

/**
 * Asks an address again and again, one request at a time, and not while the page is hidden. A request that is under
 * way is waited for, however often the same is asked; another address takes its place at once.
 * @template Answer
 * @param {() => string | undefined} address  undefined where there is nothing to ask now
 * @param {number} milliseconds  from one answer to the next request
 * @param {{ onAnswer: (answer: Answer) => void, onFailure: (reason: string) => void,
 *   onWait?: (seconds: number) => void }} part  of the page: it says what it waits for, and what failed
 * @returns {() => void} asks now
 */
export const poll = (address, milliseconds, { onAnswer, onFailure, onWait }) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {{ asked: string, controller: AbortController, isOutdated: boolean } | undefined} */
  let running;

  const ask = async () => {
    clearTimeout(timer);
    const asked = address();
    if (running !== undefined && running.asked === asked) {
      // What was asked before may not hold what has just been done.
      running.isOutdated = true;
      return;
    }
    running?.controller.abort();
    running = undefined;
    if (asked === undefined) return;
    const own = { asked, controller: new AbortController(), isOutdated: false };
    running = own;
    const begun = performance.now();
    const ticking = setInterval(() => {
      const waited = performance.now() - begun;
      if (running === own && waited >= quietMilliseconds) onWait?.(Math.round(waited / 1_000));
    }, 500);
    const reply = await replyTo(asked, own.controller.signal);
    clearInterval(ticking);
    if (running !== own) return;
    running = undefined;
    if (!document.hidden) timer = setTimeout(ask, own.isOutdated ? 0 : milliseconds);
    if ('answer' in reply) onAnswer(/** @type {Answer} */ (reply.answer));
    else onFailure(reply.reason);
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ask();
  });
  ask();
  return ask;
};

/**
 * @param {string} address @param {AbortSignal} aborted
 * @returns {Promise<{ answer: unknown } | { reason: string }>}
 */
const replyTo = async (address, aborted) => {
  try {
    const signal = AbortSignal.any([aborted, AbortSignal.timeout(patienceMilliseconds)]);
    const response = await fetch(address, { signal });
    if (response.ok) return { answer: await response.json() };
    return { reason: (await response.text()).trim() };
  } catch (error) {
    const kind = /** @type {Error} */ (error).name;
    return { reason: failures[kind] ?? 'the guide does not answer' };
  }
};
