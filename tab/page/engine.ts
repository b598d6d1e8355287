/** Prometheus' own engine and rules, compiled for a browser, with what is stored in a memory of its own; see tab/engine. */
export type Engine = {
  /** Nothing is stored any more, and no rule is known. */
  reset: () => void;
  /** Makes series known: samples name them by their place among all that were ever made known, from 0. */
  series: (labels: readonly Readonly<Record<string, string>>[]) => void;
  /** Takes samples as `SampleBytes` writes them; those of a series come in the order of their times. */
  add: (bytes: Uint8Array) => void;
  /**
   * What Prometheus' HTTP API answers.
   * @param path   what follows /api/v1/, such as `query_range`
   * @param until  it answers by what was stored then, unix seconds
   */
  get: (path: string, parameters: URLSearchParams, until: number) => Reply;
  /** Takes the place of the Prometheus that evaluated rules before. @throws Error in Prometheus' words where one cannot be read */
  rules: (all: Rules) => void;
  /** Evaluates every rule at each of these instants, unix seconds, in their order. */
  evaluate: (instants: readonly number[]) => Evaluation;
};

/** An answer of Prometheus' HTTP API. */
export type Reply =
  | { status: 'success'; data: unknown; warnings?: string[]; infos?: string[] }
  | { status: 'error'; errorType: string; error: string };

/** Groups as a rule file has them, and Prometheus' flags about alerts. */
export type Rules = {
  groups: readonly object[];
  graceSeconds: number;
  toleranceSeconds: number;
  resendSeconds: number;
};

/** What some evaluations stored, and sent to Alertmanager. Times are milliseconds since 1970. */
export type Evaluation = {
  /** series that are stored for the first time: samples name them by their place among all since `rules` */
  made: Record<string, string>[];
  /** the samples, those of a series in the order of their times; a value is undefined for a stale marker */
  stored: (take: (series: number, at: number, value: number | undefined) => void) => void;
  sent: { at: number; labels: Record<string, string>; isResolved: boolean; firedAt: number; validUntil: number }[];
};

/** What the program hands over; each function returns a text: what was wrong, or an answer as JSON. */
type Program = {
  reset: () => string;
  series: (labels: string) => string;
  add: (bytes: Uint8Array) => string;
  get: (path: string, parameters: string, milliseconds: number) => string;
  rules: (all: string) => string;
  evaluate: (milliseconds: string) => string;
  stored: (bytes: Uint8Array) => string;
};

/** What Go's wasm_exec.js makes. */
export type Go = new () => {
  importObject: WebAssembly.Imports;
  run: (instance: WebAssembly.Instance) => Promise<void>;
};

/** The bits of the NaN that is a stale marker. As a JavaScript number it would be any NaN. */
const staleBits = 0x7ff0000000000002n;
const numbersOfSample = 4;
const milliseconds = (seconds: number): number => Math.round(seconds * 1_000);

/** Samples as the engine takes them: four numbers of 64 bits each. */
export class SampleBytes {
  readonly #numbers: Float64Array<ArrayBuffer>;
  readonly #bits: BigUint64Array;
  #next = 0;

  /** @param count  of the samples that will be added */
  constructor(count: number) {
    this.#numbers = new Float64Array(count * numbersOfSample);
    this.#bits = new BigUint64Array(this.#numbers.buffer);
  }

  /** @param value  undefined for a stale marker @param at  as `knownAt`, unix seconds */
  add(series: number, at: number, value: number | undefined, knownAt: number): void {
    const from = this.#next;
    this.#numbers[from] = series;
    this.#numbers[from + 1] = milliseconds(at);
    if (value === undefined) this.#bits[from + 2] = staleBits;
    else this.#numbers[from + 2] = value;
    this.#numbers[from + 3] = milliseconds(knownAt);
    this.#next += numbersOfSample;
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#numbers.buffer);
  }
}

/** Samples that rules have stored, as the program writes them: number of the series, milliseconds, value. */
const numbersOfStored = 3;
const storedIn = (program: Program, samples: number): Evaluation['stored'] => {
  const numbers = new Float64Array(samples * numbersOfStored);
  const bits = new BigUint64Array(numbers.buffer);
  orThrow(program.stored(new Uint8Array(numbers.buffer)));
  return (take) => {
    for (let from = 0; from < numbers.length; from += numbersOfStored)
      take(numbers[from]!, numbers[from + 1]!, bits[from + 2] === staleBits ? undefined : numbers[from + 2]!);
  };
};

const orThrow = (words: string): void => {
  if (words !== '') throw new Error(words);
};

/**
 * Starts the program.
 * @param wasm  compiled, of tab/engine
 * @param Go    of the wasm_exec.js that its compiler brings
 * @returns makes an engine
 */
export const startEngine = async (wasm: WebAssembly.Module, Go: Go): Promise<() => Engine> => {
  const make = await new Promise<() => Program>((resolve, reject) => {
    (globalThis as { prometheusIsReady?: (make: () => Program) => void }).prometheusIsReady = resolve;
    const go = new Go();
    WebAssembly.instantiate(wasm, go.importObject)
      .then((instance) => go.run(instance))
      .then(() => reject(new Error('the engine has ended')), reject);
  });
  return () => {
    const program = make();
    return {
      reset: () => orThrow(program.reset()),
      series: (labels) => orThrow(program.series(JSON.stringify(labels))),
      add: (bytes) => orThrow(program.add(bytes)),
      // What is stored at this very millisecond is known at it.
      get: (path, parameters, until) =>
        JSON.parse(program.get(path, String(parameters), Math.floor(until * 1_000 + 0.001))) as Reply,
      rules: (all) => orThrow(program.rules(JSON.stringify(all))),
      evaluate: (instants) => {
        const text = program.evaluate(JSON.stringify(instants.map(milliseconds)));
        const { samples, ...evaluation } = JSON.parse(text) as Omit<Evaluation, 'stored'> & { samples: number };
        return { ...evaluation, stored: storedIn(program, samples) };
      },
    };
  };
};
