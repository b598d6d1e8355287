import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Encoding = 'plain' | 'gzip';

/** The text format: the one that every client library speaks. */
const accept = 'text/plain;version=0.0.4';
const acceptEncoding: Record<Encoding, string> = { plain: 'identity', gzip: 'gzip' };

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** One scrape with Node's own client, whole, to look at. */
export const scrape = (port: number, encoding: Encoding, path = '/metrics'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { accept, 'accept-encoding': acceptEncoding[encoding], connection: 'close' };
    const call = request({ host: '127.0.0.1', port, path, headers, timeout: 30_000 }, async (response) => {
      const chunks = await response.toArray().catch(reject);
      if (chunks) resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 30 s')));
    call.on('error', reject);
    call.end();
  });

/**
 * Scrapes over and over, `connections` at a time, for about `seconds` and at least `atLeast` scrapes, with a
 * rest after each if asked for.
 * Node's client takes longer for a small answer than some exporters do, and would be what is measured:
 * so this one only finds where an answer ends.
 * @returns each scrape's milliseconds, and the seconds that all took together
 */
export const scrapeFor = async (
  port: number,
  encoding: Encoding,
  load: { connections: number; seconds: number; atLeast: number; restMilliseconds?: number },
): Promise<{ milliseconds: number[]; seconds: number }> => {
  const { connections, seconds, atLeast, restMilliseconds } = load;
  const milliseconds: number[] = [];
  const begin = performance.now();
  let begun = 0;
  const loop = async () => {
    const connection = new Connection(port, encoding);
    while (begun < atLeast || performance.now() - begin < seconds * 1_000) {
      begun += 1;
      const before = performance.now();
      await connection.scrape();
      milliseconds.push(performance.now() - before);
      if (restMilliseconds) await sleep(restMilliseconds);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return { milliseconds, seconds: (performance.now() - begin) / 1_000 };
};

/** A connection that stays open where the server keeps it, as Prometheus' does. */
class Connection {
  #socket: Socket | undefined;
  readonly #port: number;
  readonly #request: string;

  constructor(port: number, encoding: Encoding) {
    this.#port = port;
    const lines = [
      'GET /metrics HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Accept: ${accept}`,
      `Accept-Encoding: ${acceptEncoding[encoding]}`,
    ];
    this.#request = `${lines.join('\r\n')}\r\n\r\n`;
  }

  async scrape(): Promise<void> {
    this.#socket ??= await this.#open();
    const socket = this.#socket;
    const state = answerReader();
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error) => {
        socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error');
        if (error) reject(error);
        else resolve();
      };
      socket.on('data', (chunk: Buffer) => {
        try {
          if (state.push(chunk)) done();
        } catch (error) {
          done(error as Error);
        }
      });
      socket.on('error', done);
      socket.on('close', () => done(state.endedByClose() ? undefined : new Error('an answer was cut short')));
      socket.write(this.#request);
    });
    if (state.closes()) this.close();
  }

  close(): void {
    this.#socket?.on('error', () => {}).destroy();
    this.#socket = undefined;
  }

  async #open(): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    await once(socket, 'connect');
    return socket;
  }
}

/** Finds the end of one HTTP/1 answer: by its length, by its last chunk, or by the connection's close. */
export const answerReader = () => {
  let head: string | undefined;
  let buffered: Buffer = Buffer.alloc(0);
  let remaining = 0;
  let framing: 'length' | 'chunks' | 'close' = 'close';

  const readHead = (): boolean => {
    const end = buffered.indexOf('\r\n\r\n');
    if (end < 0) return false;
    head = buffered.toString('latin1', 0, end).toLowerCase();
    if (!/^http\/1\.[01] 200 /.test(head)) throw new Error(`a scrape was answered: ${head.split('\r\n')[0]}`);
    buffered = buffered.subarray(end + 4);
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    framing = length ? 'length' : head.includes('\r\ntransfer-encoding: chunked') ? 'chunks' : 'close';
    remaining = Number(length ?? 0);
    return true;
  };

  /** Skips what is left of a chunk with its line break, then reads the next size. */
  const readChunks = (): boolean => {
    while (true) {
      const skipped = Math.min(remaining, buffered.length);
      remaining -= skipped;
      buffered = buffered.subarray(skipped);
      if (remaining > 0) return false;
      const lineEnd = buffered.indexOf('\r\n');
      if (lineEnd < 0) return false;
      const size = Number.parseInt(buffered.toString('latin1', 0, lineEnd), 16);
      if (Number.isNaN(size)) throw new Error('a chunk without a size');
      if (size === 0) return buffered.length >= lineEnd + 4;
      buffered = buffered.subarray(lineEnd + 2);
      remaining = size + 2;
    }
  };

  return {
    /** @returns whether the answer is whole */
    push: (chunk: Buffer): boolean => {
      buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
      if (head === undefined && !readHead()) return false;
      if (framing === 'chunks') return readChunks();
      remaining -= buffered.length;
      buffered = buffered.subarray(buffered.length);
      return framing === 'length' && remaining <= 0;
    },
    endedByClose: () => head !== undefined && framing === 'close',
    /** @returns whether the connection must not be used again */
    closes: () => framing === 'close' || /^http\/1\.0|\r\nconnection: *close/.test(head ?? ''),
  };
};
