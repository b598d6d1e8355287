import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** What goes over the wire, byte for byte. */
export type Bytes = {
  chunks: readonly Buffer[];
  /** between two chunks */
  pauseMilliseconds: number;
  /** the sender says that nothing more comes, as where the request is not whole */
  isHalfClosed: boolean;
};

/** Undefined where the connection was closed without an answer; `isLate` where nothing came in time. */
export type Answer =
  | { status: number; headers: Record<string, string>; body: string; isLate: false }
  | { status: undefined; isLate: boolean };

/** Sends bytes over a connection of their own and reads until the other side closes it. Never throws. */
export const exchange = (port: number, { chunks, pauseMilliseconds, isHalfClosed }: Bytes): Promise<Answer> =>
  new Promise((resolve) => {
    const received: Buffer[] = [];
    let isLate = false;
    let timer: NodeJS.Timeout | undefined;
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.setTimeout(20_000, () => {
      isLate = true;
      socket.destroy();
    });
    const send = (index: number) => {
      if (socket.destroyed) return;
      if (index === chunks.length) {
        if (isHalfClosed) socket.end();
        return;
      }
      socket.write(chunks[index]!);
      if (pauseMilliseconds > 0) timer = setTimeout(send, pauseMilliseconds, index + 1);
      else send(index + 1);
    };
    socket.on('connect', () => send(0));
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('end', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(parseAnswer(Buffer.concat(received)) ?? { status: undefined, isLate });
    });
  });

/** Reads the first answer in what came; undefined where that is none. */
const parseAnswer = (bytes: Buffer): Answer | undefined => {
  let text = bytes.toString('latin1');
  while (/^HTTP\/1\.1 1\d\d /.test(text)) text = text.slice(text.indexOf('\r\n\r\n') + 4);
  const end = text.indexOf('\r\n\r\n');
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(text) ?? [];
  if (status === undefined || end === -1) return undefined;
  const lines = text.slice(0, end).split('\r\n').slice(1);
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const rest = text.slice(end + 4);
  const isChunked = headers['transfer-encoding'] === 'chunked';
  const body = isChunked ? joinChunks(rest) : rest.slice(0, Number(headers['content-length'] ?? rest.length));
  const unpack = unpackers[headers['content-encoding'] ?? ''] ?? ((packed: Buffer) => packed);
  const sent = Buffer.from(body, 'latin1');
  const content = sent.length > 0 ? unpack(sent).toString('utf8') : '';
  return { status: Number(status), headers, body: content, isLate: false };
};

const unpackers: Record<string, (packed: Buffer) => Buffer> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  deflate: inflateSync,
};

const joinChunks = (text: string): string => {
  let joined = '';
  for (let at = 0; ; ) {
    const end = text.indexOf('\r\n', at);
    const length = Number.parseInt(text.slice(at, end), 16);
    if (end === -1 || !(length > 0)) return joined;
    joined += text.slice(end + 2, end + 2 + length);
    at = end + 2 + length + 2;
  }
};
