import { hostNames as hostNamesSetting } from '../../lab/http/guard.ts';
import { ConfigError, type Environment, readerOf } from '../../lab/settings/reader.ts';
import { sealed } from '../../lab/settings/sealed.ts';
import { ipAddress, oneOf, port as portSetting, type Setting, wholeNumber } from '../../lab/settings/setting.ts';
import { type FleetConfig, readFleet } from './fleet-config.ts';
import { type ScrapeAnswer, type SignalName, signalNames } from './instance.ts';
import { wholeSeconds } from './setting.ts';
import { type ThanosTarget, thanosTargetsSetting } from './thanos-targets.ts';

export type Config = FleetConfig & {
  signal: SignalName;
  seed: number;
  cores: number;
  port: number;
  host: string;
  /** names by which the exporter is called, beside its own */
  hostNames: readonly string[];
  thanosTargets?: readonly ThanosTarget[];
  scrapeAnswer?: ScrapeAnswer;
  /** settings that nobody is to read by accident, as make incident hands them over; they are in force */
  incident?: string;
  /** which lab it belongs to: `/truth` repeats it, so that nobody takes this exporter for another lab's */
  labId?: string;
};

const delay: Setting<number> = {
  expected: 'a duration from 1s to 1h such as 15s, after which a scrape is answered',
  parse: wholeSeconds,
};

const identity: Setting<string> = {
  expected: '16 hexadecimal digits',
  parse: (text) => (/^[0-9a-f]{16}$/.test(text) ? text : undefined),
};

const mediaType: Setting<string> = {
  expected: 'a media type such as text/html',
  parse: (text) => (/^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,60}$/i.test(text) ? text : undefined),
};

/**
 * Reads the exporter's environment; an empty value counts as not set, as Compose passes it on.
 * @throws ConfigError that names each variable, its value and the choices
 */
export const parseConfig = (given: Environment): Config => {
  const uncovered = sealed.parse(given.INCIDENT ?? '');
  const reader = readerOf(uncovered ? { ...given, ...uncovered } : given);
  const { read, problems } = reader;

  read('INCIDENT', sealed);
  const incident = given.INCIDENT || undefined;

  const signal = read('SIGNAL', oneOf(signalNames)) ?? 'random';
  const seed = read('SIGNAL_SEED', wholeNumber(-(2 ** 31), 2 ** 31 - 1)) ?? 1;
  const cores = read('CORES', wholeNumber(1, 100_000)) ?? 2;
  const port = read('PORT', portSetting) ?? 8000;
  const host = read('HOST', ipAddress) ?? '0.0.0.0';
  const hostNames = read('HOST_NAMES', hostNamesSetting) ?? [];
  const thanosTargets = read('THANOS_TARGETS', thanosTargetsSetting);

  const labId = read('LAB_ID', identity);
  const afterSeconds = read('METRICS_DELAY', delay);
  const contentType = read('METRICS_TYPE', mediaType);
  const fleet = readFleet(reader, port);

  if (problems.length > 0) throw new ConfigError('exporter', problems);
  const isWrong = afterSeconds !== undefined || contentType !== undefined;
  const scrapeAnswer = { ...(afterSeconds && { afterSeconds }), ...(contentType && { contentType }) };
  return {
    signal,
    seed,
    cores,
    port,
    host,
    hostNames,
    ...fleet,
    ...(thanosTargets && { thanosTargets }),
    ...(isWrong && { scrapeAnswer }),
    ...(incident && { incident }),
    ...(labId && { labId }),
  };
};
