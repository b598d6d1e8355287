import { fetchDirect } from './fetch.ts';
import { type Service, ServiceError } from './service.ts';

/**
 * Samples for a Prometheus with --web.enable-remote-write-receiver, by remote write 1.0.
 * Source: https://prometheus.io/docs/specs/prw/remote_write_spec/
 */

/** Series to be stored; times are unix seconds. */
export type WrittenSeries = {
  labels: Readonly<Record<string, string>>;
  samples: readonly (readonly [at: number, value: number])[];
  /** when it ends */
  staleAt?: readonly number[];
};

/** A NaN with these bits says that a series has ended. */
const staleMarker = 0x7ff0_0000_0000_0002n;

/** Bytes that grow as they are written. */
class Bytes {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param expected  how many there will be, about */
  constructor(expected = 64) {
    this.#bytes = new Uint8Array(expected);
  }

  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  byte(value: number): this {
    this.#room(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  append(bytes: Uint8Array): this {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A whole number of protobuf, from 0 to 2^53. */
  varint(value: number): this {
    let left = value;
    while (left >= 128) {
      this.byte((left % 128) + 128);
      left = Math.floor(left / 128);
    }
    return this.byte(left);
  }

  /** A field whose content has a length. */
  field(number: number, content: Uint8Array): this {
    return this.varint(8 * number + 2)
      .varint(content.length)
      .append(content);
  }
}

const text = new TextEncoder();

const labelOf = ([name, value]: readonly [string, string]): Uint8Array =>
  new Bytes().field(1, text.encode(name)).field(2, text.encode(value)).written;

const sampleOf = (at: number, value: number | 'stale'): Uint8Array => {
  const eight = new DataView(new ArrayBuffer(8));
  if (value === 'stale') eight.setBigUint64(0, staleMarker, true);
  else eight.setFloat64(0, value, true);
  return new Bytes(16)
    .byte(8 + 1)
    .append(new Uint8Array(eight.buffer))
    .byte(2 * 8)
    .varint(Math.round(at * 1_000)).written;
};

/** The body of a request, before it is compressed. */
const writeRequest = (series: readonly WrittenSeries[]): Uint8Array => {
  const request = new Bytes();
  for (const { labels, samples, staleAt = [] } of series) {
    const one = new Bytes();
    // Prometheus wants the labels in order.
    for (const label of Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))) one.field(1, labelOf(label));
    const ends = staleAt.map((at) => [at, 'stale'] as const);
    for (const [at, value] of [...samples, ...ends].sort(([a], [b]) => a - b)) one.field(2, sampleOf(at, value));
    request.field(1, one.written);
  }
  return request.written;
};

/** Of a literal that says its length in two bytes. */
const literalBytes = 65_536;

/** The format of Snappy, with nothing made shorter: https://github.com/google/snappy/blob/main/format_description.txt */
const snappy = (content: Uint8Array): Uint8Array => {
  const block = new Bytes().varint(content.length);
  for (let from = 0; from < content.length; from += literalBytes) {
    const part = content.subarray(from, from + literalBytes);
    const last = part.length - 1;
    block
      .byte(61 << 2)
      .byte(last % 256)
      .byte(last >> 8)
      .append(part);
  }
  return block.written;
};

const writeMilliseconds = 20_000;

/**
 * Stores series in a Prometheus.
 * @param base  where it is, such as http://127.0.0.1:9090
 * @throws ServiceError with its own words where it refuses them; FetchError where it does not answer
 */
export const remoteWrite = async (service: Service, base: string, series: readonly WrittenSeries[]): Promise<void> => {
  const response = await fetchDirect(`${base}/api/v1/write`, writeMilliseconds, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-protobuf',
      'Content-Encoding': 'snappy',
      'X-Prometheus-Remote-Write-Version': '0.1.0',
    },
    body: snappy(writeRequest(series)),
  });
  if (response.ok) return;
  const words = (await response.text()).trim();
  throw new ServiceError('refused', service, `${service.name} refuses samples: ${words}`, { words });
};
