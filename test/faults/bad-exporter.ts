import type { IncomingMessage, ServerResponse } from 'node:http';
import { createApp } from '../../exporter/src/server.ts';
import { listen } from '../../guide/src/listen.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const plain = 'text/plain; version=0.0.4; charset=utf-8';
const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const body = 'cpu_usage_simulated 1\n'.repeat(500);

/** Ways to answer a scrape badly, and what `diagnose()` has to say of each. */
export const badAnswers: Record<string, { answer: Answer; diagnosis: RegExp }> = {
  'accepts and never answers': { answer: () => {}, diagnosis: /does not answer within the scrape time-out/ },
  'answers too late': {
    answer: (_, response) => void setTimeout(() => response.end(body), 3_000),
    diagnosis: /does not answer within the scrape time-out/,
  },
  'never comes to an end': {
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': plain });
      const drip = setInterval(() => response.write('# more\n'), 100);
      response.on('close', () => clearInterval(drip));
      setTimeout(() => response.destroy(), 10_000).unref();
    },
    diagnosis: /does not answer within the scrape time-out/,
  },
  'answers garbage': {
    answer: (_, response) => void response.writeHead(200, { 'content-type': plain }).end('<<< \u0000 no metrics >>>'),
    diagnosis: /not valid exposition text/,
  },
  'answers a page': {
    answer: (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>'),
    diagnosis: /not in a format that Prometheus reads/,
  },
  'answers without a Content-Type': {
    answer: (_, response) => void response.writeHead(200).end(body),
    diagnosis: /not in a format that Prometheus reads/,
  },
  'answers 500': {
    answer: (_, response) => void response.writeHead(500).end('out of order'),
    diagnosis: /the exporter itself fails/,
  },
  'answers 404': {
    answer: (_, response) => void response.writeHead(404).end('not here'),
    diagnosis: /has no page \/metrics/,
  },
  'ends OpenMetrics without # EOF': {
    answer: (_, response) => void response.writeHead(200, { 'content-type': openMetrics }).end(body),
    diagnosis: /ends with a line # EOF/,
  },
  'cuts the body short': {
    answer: (_, response) => {
      response.writeHead(200, { 'content-type': plain, 'content-length': body.length });
      response.write(body.slice(0, 100), () => response.destroy());
    },
    diagnosis: /breaks the connection off/,
  },
  'closes without an answer': {
    answer: (request) => void request.socket.destroy(),
    diagnosis: /breaks the connection off/,
  },
  'resets the connection': {
    answer: (request) => void request.socket.resetAndDestroy(),
    diagnosis: /breaks the connection off/,
  },
  'speaks no HTTP': {
    answer: (request) => void request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
    diagnosis: /not HTTP/,
  },
};

/** The lab's own exporter, which can be made to behave badly, and whose clock can be set. */
export const startBadExporter = async () => {
  let behaviour: Answer | undefined;
  let clockOffset = 0;
  const startedAt = Math.floor(Date.now() / 1_000);
  const clock = () => Date.now() / 1_000 + clockOffset;
  const app = createApp({ signal: 'random', seed: 1, cores: 2, startedAt }, clock);
  const answer: Answer = (request, response) => (behaviour ?? (app as unknown as Answer))(request, response);
  const listening = await listen(answer, '127.0.0.1', 0);
  return {
    ...listening,
    behave: (how?: Answer) => {
      behaviour = how;
    },
    setClock: (offsetSeconds: number) => {
      clockOffset = offsetSeconds;
    },
  };
};
