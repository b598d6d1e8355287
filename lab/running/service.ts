import { fetchDirect, type Options } from './fetch.ts';

/**
 * How asking a service can fail:
 * - `unreachable`: nothing answers there, or it is still starting
 * - `refused`: it answers, and does not do what was asked; the message holds its own words
 * - `unintelligible`: what came back is cut off, or is not what this service answers
 */
export type FailureKind = 'unreachable' | 'refused' | 'unintelligible';

/** A service that did not give what was asked; the message names it, and is one line for the reader. */
export class ServiceError extends Error {
  readonly kind: FailureKind;
  /** of a service that refused: its own words, whole */
  readonly words: string;
  /** of one that is not reachable: it took the question and gave no answer in time */
  readonly isSilent: boolean;
  constructor(kind: FailureKind, message: string, options: ErrorOptions & { words?: string } = {}) {
    super(message, options);
    this.kind = kind;
    this.words = options.words ?? '';
    this.isSilent = (options.cause as Error | undefined)?.name === 'TimeoutError';
  }
}

const timeoutMilliseconds = 5_000;

/**
 * The text that a service answers.
 * @param refusal  reads a service's own words out of an answer that is not 200; by default the text itself
 * @param options  by default it is only read
 * @throws ServiceError
 */
export const ask = async (
  service: string,
  url: string,
  milliseconds = timeoutMilliseconds,
  refusal: (text: string) => string = (text) => text,
  options: Options = {},
): Promise<string> => {
  let response: Response;
  try {
    response = await fetchDirect(url, milliseconds, options);
  } catch (error) {
    const { origin } = new URL(url);
    if ((error as Error).message === 'aborted') {
      throw new ServiceError('unintelligible', `${service} at ${origin} broke its answer off`, { cause: error });
    }
    throw new ServiceError('unreachable', `${service} does not answer at ${origin}`, { cause: error });
  }
  const text = await response.text();
  if (response.ok) return text;
  if (response.status === 503) throw new ServiceError('unreachable', `${service} is not ready`);
  const words = refusal(text);
  const reason = brief(words) || 'no reason given';
  throw new ServiceError('refused', `${service} answered ${response.status} to ${decoded(url)}: ${reason}`, { words });
};

/**
 * The JSON that a service answers.
 * @throws ServiceError; `unintelligible` where it is no JSON
 */
export const askJson = async (...[service, url, ...rest]: Parameters<typeof ask>): Promise<unknown> => {
  const text = await ask(service, url, ...rest);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unintelligible(service, url, text, error);
  }
};

/** The error for an answer of the wrong shape. Says what came, since another program may have taken the port. */
export const unintelligible = (service: string, url: string, answer: unknown, cause?: unknown): ServiceError => {
  const text = brief(typeof answer === 'string' ? answer : JSON.stringify(answer));
  const place = new URL(url).origin;
  const message = `what answers at ${place} is not ${service}, or not all of it: ${text || 'nothing'}`;
  return new ServiceError('unintelligible', message, { cause });
};

/** One line, cut. */
const brief = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};

/** Readable, and without a password. */
const decoded = (text: string): string => {
  const url = text.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
  try {
    return decodeURIComponent(url.replaceAll('+', ' '));
  } catch {
    return url;
  }
};
