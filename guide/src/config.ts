import { isAbsolute } from 'node:path';
import { hostNames as hostNamesSetting } from '../../lab/http/guard.ts';
import { type Places, placesFrom } from '../../lab/running/places.ts';
import { listenProblems } from '../../lab/running/settings.ts';
import { ConfigError, type Environment, readerOf } from '../../lab/settings/reader.ts';
import { hostAndPort, ipAddress, port as portSetting, type Setting } from '../../lab/settings/setting.ts';

/** `dataFolder` keeps what the learner has solved; undefined where nothing is to be written down. */
export type Config = {
  port: number;
  host: string;
  /** names by which the guide is called, beside its own */
  hostNames: readonly string[];
  places: Places;
  dataFolder: string | undefined;
};

const folder: Setting<string> = {
  expected: 'the full path of a folder',
  parse: (text) => (isAbsolute(text) ? text : undefined),
};

/**
 * Reads the guide's environment; an empty value counts as not set, as Compose passes it on.
 * @throws ConfigError that names each variable, its value and the choices
 */
export const parseConfig = (environment: Environment): Config => {
  const { read, problems } = readerOf(environment);
  problems.push(...listenProblems(environment));

  const port = read('PORT', portSetting) ?? 8080;
  for (const name of ['EXPORTER_ADDRESS', 'PROMETHEUS_ADDRESS', 'ALERTMANAGER_ADDRESS']) read(name, hostAndPort);
  const host = read('HOST', ipAddress) ?? '0.0.0.0';
  const hostNames = read('HOST_NAMES', hostNamesSetting) ?? [];
  const dataFolder = read('LAB_DATA_DIR', folder);
  if (problems.length > 0) throw new ConfigError('guide', problems);
  return { port, host, hostNames, places: placesFrom(environment), dataFolder };
};
