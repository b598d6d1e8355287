import { type Environment, readerOf } from './environment.ts';
import { type FleetConfig, readFleet } from './fleet-config.ts';
import { oneOf, wholeNumber } from './setting.ts';
import { type SignalName, signalNames } from './world.ts';

export type Config = FleetConfig & {
  signal: SignalName;
  seed: number;
  cores: number;
  port: number;
  host: string;
  clocks: boolean;
};

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
export const parseConfig = (environment: Environment): Config => {
  const reader = readerOf(environment);
  const { read, refuse, problems } = reader;

  const signal = read('SIGNAL', oneOf(signalNames)) ?? 'random';
  const seed = read('SIGNAL_SEED', wholeNumber(-(2 ** 31), 2 ** 31 - 1)) ?? 1;
  const cores = read('CORES', wholeNumber(1, 100_000)) ?? 2;
  const port = read('PORT', wholeNumber(1, 65_535)) ?? 8000;
  const host = environment.HOST || '0.0.0.0';
  if (!/^[0-9a-f.:]{2,45}$/i.test(host)) refuse('HOST', 'an IP address to listen on');
  const clocks = read('CLOCKS', oneOf(['on', 'off'])) === 'on';

  const fleet = readFleet(reader, port);

  if (problems.length > 0) throw new ConfigError(problems);
  return { signal, seed, cores, port, host, clocks, ...fleet };
};
