import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';
import { FetchError } from './fetch-error.ts';

export { FetchError };

/**
 * Of one service. An exercise asks a hundred queries; asked all at once, each would wait for all others, and on a slow
 * machine be taken for unanswered. Prometheus evaluates 20 at a time.
 */
const mostAtOnce = 16;

/** It reads no proxy from the environment, whatever Node's version and its settings do with the built-in fetch(). */
const direct = new Agent({ maxSockets: mostAtOnce });
const directSecure = new SecureAgent({ maxSockets: mostAtOnce });

export type Options = {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Uint8Array;
  /** a longer body is not read to its end */
  mostBytes?: number;
};

/**
 * Like fetch(), but never through a proxy: every service of the lab is on this machine or on the lab's own network, and an
 * backend is asked as it is named.
 * Follows no redirect.
 * @param url     http or https
 * @param milliseconds  for the whole answer, from when it is this question's turn
 * @throws FetchError, with the system's error as its cause
 */
export const fetchDirect = (url: string | URL, milliseconds: number, options: Options = {}): Promise<Response> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, mostBytes = Number.POSITIVE_INFINITY } = options;
    const isSecure = new URL(url).protocol === 'https:';
    const send = isSecure ? requestSecurely : request;
    let answered = false;
    let connected = false;
    let timer: NodeJS.Timeout | undefined;
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(error instanceof FetchError ? error : failureOf(error as NodeJS.ErrnoException, answered));
    };
    const sent = send(url, { agent: isSecure ? directSecure : direct, method, headers }, async (response) => {
      answered = true;
      try {
        const content = await read(response, mostBytes);
        const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = response;
        const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]!]] : []));
        const hasBody = ![204, 205, 304].includes(status);
        clearTimeout(timer);
        resolve(new Response(hasBody ? content : null, { status, statusText, headers: pairs as [string, string][] }));
      } catch (error) {
        fail(error);
      }
    });
    const giveUp = () => {
      const limit = `within ${milliseconds / 1_000} s`;
      const late = connected
        ? new FetchError('silent', `it took the question and gave no ${answered ? 'whole ' : ''}answer ${limit}`)
        : new FetchError('unreachable', `no connection ${limit}`);
      fail(late);
      sent.destroy(late);
    };
    sent.on('socket', (socket) => {
      timer = setTimeout(giveUp, milliseconds);
      // One that is used again is connected, and would keep a listener of each question.
      connected = !socket.connecting;
      if (connected) return;
      socket.once('connect', () => {
        connected = true;
      });
    });
    sent.on('error', fail);
    sent.end(body);
  });

const systemWords: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there, it is stopped or still starting',
  ENOTFOUND: 'nothing of that name is running',
  EAI_AGAIN: 'nothing of that name is running',
  EHOSTUNREACH: 'nothing at that address is running',
  ENETUNREACH: 'there is no way to that address',
  ECONNRESET: 'the connection was closed without an answer',
  EPIPE: 'the connection was closed without an answer',
};

/** @param answered  whether the head of an answer had come */
const failureOf = (error: NodeJS.ErrnoException, answered: boolean): FetchError => {
  const { code = '' } = error;
  if (answered) return new FetchError('cut off', 'the answer broke off', { cause: error });
  if (code.startsWith('HPE_')) return new FetchError('not HTTP', 'what answers is not HTTP', { cause: error });
  return new FetchError('unreachable', systemWords[code] ?? error.message, { cause: error });
};

const read = async (response: IncomingMessage, mostBytes: number): Promise<Buffer<ArrayBuffer>> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new FetchError('too large', `the answer is larger than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
