import { Agent, request } from 'node:http';

export type Encoding = 'plain' | 'gzip';

/** The text format: the one that every client library speaks. */
const headers: Record<Encoding, Record<string, string>> = {
  plain: { accept: 'text/plain;version=0.0.4', 'accept-encoding': 'identity' },
  gzip: { accept: 'text/plain;version=0.0.4', 'accept-encoding': 'gzip' },
};

export type Answer = { status: number; encoding: Encoding; body: Buffer };

/** One scrape, read to its end. A connection stays open where the server keeps it, as Prometheus does. */
export const scrape = (agent: Agent, port: number, encoding: Encoding): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/metrics', agent, headers: headers[encoding], timeout: 30_000 };
    const call = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const given = response.headers['content-encoding'] === 'gzip' ? 'gzip' : 'plain';
        resolve({ status: response.statusCode ?? 0, encoding: given, body: Buffer.concat(chunks) });
      });
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 30 s')));
    call.on('error', reject);
    call.end();
  });

/**
 * Scrapes over and over, `connections` at a time, for about `seconds` and at least `atLeast` scrapes.
 * @returns each scrape's milliseconds, and the seconds that all took together
 */
export const scrapeFor = async (
  port: number,
  encoding: Encoding,
  { connections, seconds, atLeast }: { connections: number; seconds: number; atLeast: number },
): Promise<{ milliseconds: number[]; seconds: number }> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const milliseconds: number[] = [];
  const begin = performance.now();
  let begun = 0;
  const loop = async () => {
    while (begun < atLeast || performance.now() - begin < seconds * 1_000) {
      begun += 1;
      const before = performance.now();
      const { status } = await scrape(agent, port, encoding);
      if (status !== 200) throw new Error(`a scrape was answered ${status}`);
      milliseconds.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  agent.destroy();
  return { milliseconds, seconds: (performance.now() - begin) / 1_000 };
};
