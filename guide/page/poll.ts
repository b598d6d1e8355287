import { type Question, SourceError } from './source.ts';

/** An answer that takes longer is said to be waited for. */
const quietMilliseconds = 1_500;

/** A part of the page: it shows what comes, says what it waits for, and what failed. */
export type Part<Reply> = {
  onAnswer: (reply: Reply) => unknown;
  /** @param reason  the end of a sentence */
  onFailure: (reason: string) => unknown;
  /** @param seconds  waited so far */
  onWait?: (seconds: number) => unknown;
};

/**
 * Asks again and again, one question at a time, and not while the page is hidden. A question that is under way is
 * waited for, however often the same is asked; another one takes its place at once.
 * @param question      undefined where there is nothing to ask now
 * @param milliseconds  from one reply to the next question
 * @returns asks now
 */
export const poll = <Reply>(
  question: () => Question<Reply> | undefined,
  milliseconds: number,
  { onAnswer, onFailure, onWait }: Part<Reply>,
): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: { name: string; controller: AbortController; isOutdated: boolean } | undefined;

  const ask = async () => {
    clearTimeout(timer);
    const asked = question();
    if (running !== undefined && running.name === asked?.name) {
      // What was asked before may not hold what has just been done.
      running.isOutdated = true;
      return;
    }
    running?.controller.abort();
    running = undefined;
    if (asked === undefined) return;
    const own = { name: asked.name, controller: new AbortController(), isOutdated: false };
    running = own;
    const begun = performance.now();
    const ticking = setInterval(() => {
      const waited = performance.now() - begun;
      if (running === own && waited >= quietMilliseconds) onWait?.(Math.round(waited / 1_000));
    }, 500);
    const outcome = await outcomeOf(asked, own.controller.signal);
    clearInterval(ticking);
    if (running !== own) return;
    running = undefined;
    if (!document.hidden) timer = setTimeout(ask, own.isOutdated ? 0 : milliseconds);
    if ('reply' in outcome) onAnswer(outcome.reply);
    else onFailure(outcome.reason);
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ask();
  });
  ask();
  return ask;
};

/** What comes of a question: a reply, or the reason why there is none, as the end of a sentence. */
export const outcomeOf = async <Reply>(
  { ask }: Question<Reply>,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ reply: Reply } | { reason: string }> => {
  try {
    return { reply: await ask(signal) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { reason: error.message };
  }
};
