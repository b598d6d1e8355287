/**
 * What kept an answer from coming whole:
 * - `unreachable`: no connection, or one that was closed before a first byte of an answer
 * - `silent`: it took the question, and the time was over before the whole answer was there
 * - `cut off`: the answer broke off
 * - `not HTTP`: what came is no answer of HTTP
 * - `too large`: more than was to be read
 */
export type FetchFailure = 'unreachable' | 'silent' | 'cut off' | 'not HTTP' | 'too large';

/** The message says what happened in words that follow "does not answer: ", without the address. */
export class FetchError extends Error {
  readonly failure: FetchFailure;
  constructor(failure: FetchFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FetchError';
    this.failure = failure;
  }
}
