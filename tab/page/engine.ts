import type { StoredSeries } from '../../lab/simulator/store.ts';

/** Prometheus' own engine and rules, compiled for a browser; see tab/engine. */
export type Engine = {
  /** Nothing is stored any more, and no rule is known. */
  reset: () => void;
  /** Takes samples; those of a series come in the order of their times. */
  add: (series: readonly StoredSeries[]) => void;
  /**
   * What Prometheus' HTTP API answers.
   * @param path  what follows /api/v1/, such as `query_range`
   */
  get: (path: string, parameters: URLSearchParams) => Reply;
  /** @param groups  as a rule file has them @throws Error in Prometheus' words where one cannot be read */
  rules: (groups: readonly object[]) => void;
  /** Evaluates every rule once. @param at  unix seconds */
  evaluate: (at: number) => void;
};

/** An answer of Prometheus' HTTP API. */
export type Reply =
  | { status: 'success'; data: unknown; warnings?: string[]; infos?: string[] }
  | { status: 'error'; errorType: string; error: string };

/** What the program hands over; each function returns a text: what was wrong, or for `get` the answer as JSON. */
type Program = {
  reset: () => string;
  add: (labels: string, bytes: Uint8Array) => string;
  get: (path: string, parameters: string) => string;
  rules: (groups: string) => string;
  evaluate: (milliseconds: number) => string;
};

/** What Go's wasm_exec.js makes. */
export type Go = new () => {
  importObject: WebAssembly.Imports;
  run: (instance: WebAssembly.Instance) => Promise<void>;
};

/** The bits of the NaN that is a stale marker. As a JavaScript number it would be any NaN. */
const staleBits = 0x7ff0000000000002n;
const bytesPerSample = 16;

const bytesOf = ({ samples, staleAt }: StoredSeries): Uint8Array => {
  const all = [
    ...samples.map(([at, value]) => ({ at, value })),
    ...staleAt.map((at) => ({ at, value: undefined })),
  ].sort((one, other) => one.at - other.at);
  const view = new DataView(new ArrayBuffer(all.length * bytesPerSample));
  for (const [index, { at, value }] of all.entries()) {
    view.setBigInt64(index * bytesPerSample, BigInt(Math.round(at * 1_000)), true);
    if (value === undefined) view.setBigUint64(index * bytesPerSample + 8, staleBits, true);
    else view.setFloat64(index * bytesPerSample + 8, value, true);
  }
  return new Uint8Array(view.buffer);
};

const orThrow = (words: string): void => {
  if (words !== '') throw new Error(words);
};

/**
 * Starts the program.
 * @param wasm  compiled, of tab/engine
 * @param Go    of the wasm_exec.js that its compiler brings
 */
export const startEngine = async (wasm: WebAssembly.Module, Go: Go): Promise<Engine> => {
  const program = await new Promise<Program>((resolve, reject) => {
    (globalThis as { prometheusIsReady?: (program: Program) => void }).prometheusIsReady = resolve;
    const go = new Go();
    WebAssembly.instantiate(wasm, go.importObject)
      .then((instance) => go.run(instance))
      .then(() => reject(new Error('the engine has ended')), reject);
  });
  return {
    reset: () => orThrow(program.reset()),
    add: (series) => {
      for (const each of series) orThrow(program.add(JSON.stringify(each.labels), bytesOf(each)));
    },
    get: (path, parameters) => JSON.parse(program.get(path, String(parameters))) as Reply,
    rules: (groups) => orThrow(program.rules(JSON.stringify(groups))),
    evaluate: (at) => orThrow(program.evaluate(Math.round(at * 1_000))),
  };
};
