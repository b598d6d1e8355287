import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';

/** It reads no proxy from the environment, whatever Node's version and its settings do with the built-in fetch(). */
const direct = new Agent();
const directSecure = new SecureAgent();

export type Options = {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
  /** a longer body is not read to its end */
  mostBytes?: number;
};

/**
 * Like fetch(), but never through a proxy: every service of the lab is on this machine or on the lab's own network, and an
 * engine is asked as it is named.
 * Follows no redirect.
 * @param url     http or https
 * @param milliseconds  for the whole answer
 * @throws Error with the system's `code`, or with the name TimeoutError or TooLargeError
 */
export const fetchDirect = (url: string | URL, milliseconds: number, options: Options = {}): Promise<Response> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body, mostBytes = Number.POSITIVE_INFINITY } = options;
    const isSecure = new URL(url).protocol === 'https:';
    const send = isSecure ? requestSecurely : request;
    const sent = send(url, { agent: isSecure ? directSecure : direct, method, headers }, async (response) => {
      try {
        const content = await read(response, mostBytes);
        const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = response;
        const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]!]] : []));
        const hasBody = ![204, 205, 304].includes(status);
        resolve(new Response(hasBody ? content : null, { status, statusText, headers: pairs as [string, string][] }));
      } catch (error) {
        reject(error);
      } finally {
        clearTimeout(timer);
      }
    });
    const timer = setTimeout(() => {
      const late = named('TimeoutError', `no answer within ${milliseconds / 1_000} s`);
      sent.destroy(late);
      reject(late);
    }, milliseconds);
    sent.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    sent.end(body);
  });

const read = async (response: IncomingMessage, mostBytes: number): Promise<Buffer<ArrayBuffer>> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw named('TooLargeError', `the answer is larger than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
