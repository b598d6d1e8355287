/**
 * Asks an address again and again, one request at a time, and not while the page is hidden.
 * @template Answer
 * @param {() => string | undefined} address  undefined where there is nothing to ask now
 * @param {number} milliseconds  from one answer to the next request
 * @param {(answer: Answer) => void} onAnswer
 * @param {(error: Error) => void} onError
 * @param {number} limit  milliseconds after which an answer is not waited for any longer
 * @returns {() => void} asks now
 */
export const poll = (address, milliseconds, onAnswer, onError, limit = 8_000) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let round = 0;

  const ask = async () => {
    clearTimeout(timer);
    round += 1;
    const current = round;
    const asked = address();
    if (asked === undefined) return;
    try {
      const response = await fetch(asked, { signal: AbortSignal.timeout(limit) });
      if (!response.ok) throw new Error(await response.text());
      const answer = await response.json();
      if (current === round) onAnswer(answer);
    } catch (error) {
      if (current === round) onError(/** @type {Error} */ (error));
    }
    if (current === round && !document.hidden) timer = setTimeout(ask, milliseconds);
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ask();
  });
  ask();
  return ask;
};
