import { type FetchError, fetchDirect, type Options } from './fetch.ts';

/**
 * How asking a service can fail:
 * - `unreachable`: nothing answers there, it is still starting, or it hangs
 * - `slow`: it answers, but not this question in time
 * - `cut off`: its answer broke off
 * - `refused`: it answers, and does not do what was asked; the message holds its own words
 * - `unintelligible`: what came back is not what this service answers
 * - `clock`: its clock and that of this process are apart
 * - `foreign`: it is another lab's, at a port of this one
 */
export type FailureKind = 'unreachable' | 'slow' | 'cut off' | 'refused' | 'unintelligible' | 'clock' | 'foreign';

/** Whom a question goes to. */
export type Service = {
  /** for messages */
  name: string;
  /** whose it is: the base lab's, a step's, or the one that QUERY_URL names */
  of: 'lab' | 'step' | 'backend';
  /** a URL that it answers at once: by it a question that takes too long is known from a service that hangs */
  probe?: string;
  /** how it says no; by default the whole text, and 503 says that it is not ready */
  refusal?: (status: number, text: string) => Refusal;
};

export type Refusal = { kind: 'refused' | 'slow' | 'unreachable'; words: string };

/** A service that did not give what was asked; the message names it, and is one line for the reader. */
export class ServiceError extends Error {
  readonly kind: FailureKind;
  readonly of: Service['of'];
  /** of a service that refused: its own words, whole */
  readonly words: string;
  /** of one that is not reachable: it took the question and gave no answer in time */
  readonly isSilent: boolean;
  constructor(
    kind: FailureKind,
    { of }: Pick<Service, 'of'>,
    message: string,
    options: ErrorOptions & { words?: string } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.of = of;
    this.words = options.words ?? '';
    this.isSilent = kind === 'unreachable' && (options.cause as Partial<FetchError> | undefined)?.failure === 'silent';
  }

  /** Nothing of the lab is there, as far as this error says. */
  get isLabDown(): boolean {
    return this.kind === 'unreachable' && this.of === 'lab' && !this.isSilent;
  }

  /** What the reader can look at. */
  get look(): string {
    if (this.kind === 'clock') return 'the clock of this machine, and of the one that Docker runs on';
    if (this.of === 'backend') return 'QUERY_URL';
    if (this.kind === 'slow') return 'the query, and what else keeps this machine busy';
    return this.kind === 'cut off' ? 'make logs' : 'make status';
  }
}

const timeoutMilliseconds = 5_000;
const probeMilliseconds = 1_000;

/**
 * The text that a service answers.
 * @param options  by default it is only read
 * @throws ServiceError
 */
export const ask = async (
  service: Service,
  url: string,
  milliseconds = timeoutMilliseconds,
  options: Options = {},
): Promise<string> => {
  let response: Response;
  try {
    response = await fetchDirect(url, milliseconds, options);
  } catch (error) {
    throw await failureOf(error as FetchError, service, url, milliseconds);
  }
  const text = await response.text();
  if (response.ok) return text;
  const { kind, words } = (service.refusal ?? plainRefusal)(response.status, text);
  const reason = brief(words) || 'no reason given';
  const message = {
    refused: `${service.name} answered ${response.status} to ${decoded(url)}: ${reason}`,
    slow: `${service.name} gave up before it had the answer to ${decoded(url)}: ${reason}`,
    unreachable: `${service.name} is not ready`,
  }[kind];
  throw new ServiceError(kind, service, message, { words });
};

/** A service that answers 503 starts, or stops. */
export const plainRefusal = (status: number, text: string): Refusal => ({
  kind: status === 503 ? 'unreachable' : 'refused',
  words: text,
});

const failureOf = async (
  error: FetchError,
  service: Service,
  url: string,
  milliseconds: number,
): Promise<ServiceError> => {
  const { name, probe } = service;
  const { origin } = new URL(url);
  const as = (kind: FailureKind, message: string) => new ServiceError(kind, service, message, { cause: error });
  switch (error.failure) {
    case 'cut off':
      return as('cut off', `${name} at ${origin} broke its answer off`);
    case 'not HTTP':
      return as('unintelligible', `what answers at ${origin} is not ${name}: it does not speak HTTP`);
    case 'too large':
      return as('refused', `${name}: ${error.message}`);
    case 'silent':
      if (probe !== undefined && (await answers(probe))) {
        return as('slow', `${name} answers, but not this within ${milliseconds / 1_000} s: ${decoded(url)}`);
      }
  }
  return as('unreachable', `${name} does not answer at ${origin}: ${error.message}`);
};

const answers = (url: string): Promise<boolean> =>
  fetchDirect(url, probeMilliseconds).then(
    ({ ok }) => ok,
    () => false,
  );

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

/** @returns undefined where nothing answers @throws ServiceError where somebody answers something else */
export const whereReached = async <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'unreachable') return undefined;
    throw error;
  }
};

/** The error for an answer of the wrong shape. Says what came, since another program may have taken the port. */
export const unintelligible = (service: Service, url: string, answer: unknown, cause?: unknown): ServiceError => {
  const text = brief(typeof answer === 'string' ? answer : JSON.stringify(answer));
  const place = new URL(url).origin;
  const message = `what answers at ${place} is not ${service.name}, or not all of it: ${text || 'nothing'}`;
  return new ServiceError('unintelligible', service, message, { cause });
};

const brief = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};

/** One line, readable, and without a password. */
const decoded = (text: string): string => {
  const url = text.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
  try {
    return brief(decodeURIComponent(url.replaceAll('+', ' ')));
  } catch {
    return brief(url);
  }
};
