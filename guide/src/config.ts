import { isAbsolute } from 'node:path';
import { type Places, placesFrom } from '../../lab/running/places.ts';
import { isPort, listenProblems } from '../../lab/running/settings.ts';
import { ConfigError, shown } from './errors.ts';

/** `dataFolder` keeps what the learner has solved; undefined where nothing is to be written down. */
export type Config = { port: number; host: string; places: Places; dataFolder: string | undefined };

const addresses = ['EXPORTER_ADDRESS', 'PROMETHEUS_ADDRESS', 'ALERTMANAGER_ADDRESS'];

/**
 * Reads the guide's environment; an empty value counts as not set, as Compose passes it on.
 * @throws ConfigError that names each variable, its value and the choices
 */
export const parseConfig = (environment: Record<string, string | undefined>): Config => {
  const problems = listenProblems(environment);
  const refuse = (name: string, rule: string) =>
    problems.push(`${name} must be ${rule}, got ${shown(environment[name])}`);

  if (environment.PORT && !isPort(environment.PORT)) refuse('PORT', 'a whole number from 1 to 65535');
  for (const name of addresses) {
    if (environment[name] && !isAddress(environment[name])) refuse(name, 'host:port, such as localhost:9090');
  }
  if (environment.HOST && !/^[0-9a-f.:]{2,45}$/i.test(environment.HOST)) refuse('HOST', 'an IP address to listen on');
  if (environment.LAB_DATA_DIR && !isAbsolute(environment.LAB_DATA_DIR)) {
    refuse('LAB_DATA_DIR', 'the full path of a folder');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    port: Number(environment.PORT || 8080),
    host: environment.HOST || '0.0.0.0',
    places: placesFrom(environment),
    dataFolder: environment.LAB_DATA_DIR || undefined,
  };
};

const isAddress = (text: string): boolean => {
  const [, port] = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\]):(\d+)$/i.exec(text) ?? [];
  return port !== undefined && !text.endsWith('\n') && isPort(port);
};
