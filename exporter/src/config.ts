import { type SignalName, signalNames } from './signals/cpu.ts';

export type Config = { signal: SignalName; seed: number; cores: number; port: number; host: string };

/** Thrown with every problem of the environment at once. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(['exporter: cannot start', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads the exporter's environment; an empty value counts as not set, as Compose passes it on.
 * @throws ConfigError that names each variable, its value and the choices
 */
export const parseConfig = (environment: Record<string, string | undefined>): Config => {
  const problems: string[] = [];
  const value = (name: string, fallback: string) => environment[name] || fallback;

  const wholeNumber = (name: string, fallback: number, lowest: number, highest: number): number => {
    const text = value(name, String(fallback));
    const number = Number(text);
    const right = /^-?\d{1,16}$/.test(text) && number >= lowest && number <= highest;
    if (!right) problems.push(`${name} must be a whole number from ${lowest} to ${highest}, got ${quoted(text)}`);
    return number;
  };

  const signal = value('SIGNAL', 'random');
  if (!isSignal(signal)) {
    const choices = `${signalNames.slice(0, -1).join(', ')} or ${signalNames.at(-1)}`;
    problems.push(`SIGNAL must be ${choices}, got ${quoted(signal)}`);
  }
  const seed = wholeNumber('SIGNAL_SEED', 1, -(2 ** 31), 2 ** 31 - 1);
  const cores = wholeNumber('CORES', 2, 1, 100_000);
  const port = wholeNumber('PORT', 8000, 1, 65_535);
  const host = value('HOST', '0.0.0.0');
  if (!/^[0-9a-f.:]{2,45}$/i.test(host)) problems.push(`HOST must be an IP address to listen on, got ${quoted(host)}`);

  if (problems.length > 0) throw new ConfigError(problems);
  return { signal: signal as SignalName, seed, cores, port, host };
};

const isSignal = (text: string): text is SignalName => (signalNames as readonly string[]).includes(text);

/** One line, whatever the value holds: control characters escaped, long values cut. */
const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
