import { parse } from 'yaml';
import { LabError } from './error.ts';

/** What the native runtime takes from a service of compose.yaml. */
export type Service = {
  name: string;
  environment: Record<string, string>;
  /** how many of it run; 0 stops it */
  scale: number;
  profiles: string[];
  dependsOn: string[];
  port: { bind: string; published: number; target: number } | undefined;
};

export type Project = Record<string, Service>;
export type Settings = Record<string, string | undefined>;
export type ComposeFile = { name: string; text: string };

type Raw = Record<string, unknown>;

/**
 * Reads compose.yaml and the overrides laid over it, as Compose does: interpolated first, then merged.
 * @param files     the base first; an override may change `environment` and `scale` only
 * @param settings  the values of `${…}`: this process's environment over .env
 * @throws LabError for what this runtime does not know
 */
export const readProject = ([base, ...overrides]: ComposeFile[], settings: Settings): Project => {
  const services = servicesOf(base!, settings);
  for (const file of overrides) {
    for (const [name, change] of Object.entries(servicesOf(file, settings))) {
      const service = services[name];
      if (service === undefined) throw new LabError(`${file.name} changes ${name}, which ${base!.name} does not have`);
      const unknown = Object.keys(change).find((key) => key !== 'environment' && key !== 'scale');
      if (unknown !== undefined) {
        throw new LabError(`${file.name} changes ${name}.${unknown}; without Docker only environment and scale can be`);
      }
      const environment = { ...variables(service, settings), ...variables(change, settings) };
      services[name] = { ...service, ...change, environment };
    }
  }
  const read = (name: string, raw: Raw): Service => ({
    name,
    environment: variables(raw, settings),
    scale: Number(raw.scale ?? 1),
    profiles: (raw.profiles as string[] | undefined) ?? [],
    dependsOn: Array.isArray(raw.depends_on) ? raw.depends_on : Object.keys(raw.depends_on ?? {}),
    port: portOf(name, raw.ports as string[] | undefined),
  });
  return Object.fromEntries(Object.entries(services).map(([name, raw]) => [name, read(name, raw)]));
};

const servicesOf = ({ name, text }: ComposeFile, settings: Settings): Record<string, Raw> => {
  const content = parse(text, { merge: true }) as { services: Record<string, Raw> };
  return inEveryText(content.services, (value) => interpolate(value, settings, name)) as Record<string, Raw>;
};

const inEveryText = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => inEveryText(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inEveryText(each, change)]));
};

/**
 * Compose's interpolation, as far as the lab uses it: `$NAME`, `${NAME}`, `${NAME-default}` where it is not set,
 * `${NAME+instead}` where it is, both with a colon where empty counts as not set, and `$$` for one dollar sign.
 */
export const interpolate = (text: string, settings: Settings, file = 'compose.yaml'): string =>
  text.replace(
    /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?)([-+])([^{}$]*))?\}|)/g,
    (found, dollar, plain, braced, colon, rule, word) => {
      if (dollar) return '$';
      const name = plain ?? braced;
      if (name === undefined) {
        throw new LabError(
          `${file}: cannot read "${found}" in "${text}": use \${NAME:-default}, or $$ for a dollar sign`,
        );
      }
      const value = settings[name];
      const isSet = colon ? Boolean(value) : value !== undefined;
      if (rule === '+') return isSet ? word : '';
      return isSet ? value : (word ?? '');
    },
  );

/** A service's environment, written as a map or as a list; a name without a value takes this process's own. */
const variables = ({ environment = {} }: Raw, settings: Settings): Record<string, string> => {
  const pairs: [string, unknown][] = Array.isArray(environment)
    ? environment.map((line: string) => {
        const [, name, value] = /^([^=]*)(?:=(.*))?$/s.exec(line)!;
        return [name!, value];
      })
    : Object.entries(environment as Raw);
  return Object.fromEntries(
    pairs
      .map(([name, value]) => [name, value ?? settings[name]] as const)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
};

const portOf = (service: string, ports: string[] = []): Service['port'] => {
  const [text] = ports;
  if (text === undefined) return undefined;
  const [, bind = '0.0.0.0', published, target] = /^(?:(.*):)?([^:]*):(\d+)$/.exec(text) ?? [];
  const number = Number(published);
  if (!/^\d{1,5}$/.test(published ?? '') || number < 1 || number > 65_535) {
    const got = JSON.stringify(published ?? text);
    throw new LabError(`${portVariable(service)} must be a whole number from 1 to 65535, got ${got}`);
  }
  return { bind: bind.replace(/^\[(.*)\]$/, '$1'), published: number, target: Number(target) };
};

/** The variable that sets a service's published port. */
export const portVariable = (service: string): string => `${service.toUpperCase()}_PORT`;

/** Where this machine reaches a service: its published port. */
export const addressOf = ({ port }: Service): string | undefined => {
  if (port === undefined) return undefined;
  const host = ['0.0.0.0', '::'].includes(port.bind) ? '127.0.0.1' : port.bind;
  return `${host.includes(':') ? `[${host}]` : host}:${port.published}`;
};

/** Replaces the service's name in an address like `exporter:8000`: there is no network of the lab's own here. */
export const withAddresses = (environment: Record<string, string>, project: Project): Record<string, string> => {
  const resolve = (value: string) => {
    const [, name, port] = /^([a-z][\w-]*):(\d+)$/.exec(value) ?? [];
    const service = name === undefined ? undefined : project[name];
    if (service?.port === undefined) return value;
    const published = service.port.target === Number(port) ? service.port.published : Number(port);
    return addressOf({ ...service, port: { ...service.port, published } })!;
  };
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, resolve(value)]));
};
