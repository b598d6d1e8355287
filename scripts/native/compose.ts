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
type ComposeFile = { name: string; text: string };

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
      const environment = { ...variables(service), ...variables(change) };
      services[name] = { ...service, ...change, environment };
    }
  }
  const read = (name: string, raw: Raw): Service => ({
    name,
    environment: variables(raw),
    scale: Number(raw.scale ?? 1),
    profiles: (raw.profiles as string[] | undefined) ?? [],
    dependsOn: Object.keys(raw.depends_on ?? {}),
    port: portOf(raw.ports as string[] | undefined),
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
 * Compose's interpolation, as far as the lab uses it: `${NAME}`, `${NAME-default}` where it is not set,
 * `${NAME:+word}` where it is, `-` with a colon where empty counts as not set, and `$$` for one dollar sign.
 */
export const interpolate = (text: string, settings: Settings, file = 'compose.yaml'): string =>
  text.replace(/\$(?:(\$)|\{(\w+)(?:(:?-|:\+)([^{}$]*))?\}|)/g, (found, dollar, name, rule, word = '') => {
    if (dollar) return '$';
    if (name === undefined) {
      throw new LabError(
        `${file}: cannot read "${found}" in "${text}": use \${NAME:-default}, or $$ for a dollar sign`,
      );
    }
    const value = settings[name];
    if (rule === ':+') return value ? word : '';
    return (rule === '-' ? value : value || undefined) ?? word;
  });

/** @throws LabError for an environment that is a list, or that takes a value of this process */
const variables = ({ environment = {} }: Raw): Record<string, string> => {
  if (Array.isArray(environment)) throw new LabError('write an environment as a map: NAME: value');
  return Object.fromEntries(Object.entries(environment as Raw).map(([name, value]) => [name, String(value)]));
};

/** `BIND:PUBLISHED:TARGET`; what BIND and PUBLISHED may be is in lab/settings.ts. */
const portOf = ([text]: string[] = []): Service['port'] => {
  if (text === undefined) return undefined;
  const [bind, published, target] = text.split(':');
  return { bind: bind!, published: Number(published), target: Number(target) };
};

/** The variable that sets a service's published port. */
export const portVariable = (service: string): string => `${service.toUpperCase()}_PORT`;

/** Where this machine reaches a service: its published port. */
export const addressOf = ({ port }: Service): string | undefined => {
  if (port === undefined) return undefined;
  return `${port.bind === '0.0.0.0' ? '127.0.0.1' : port.bind}:${port.published}`;
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
