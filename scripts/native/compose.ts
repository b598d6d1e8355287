import { LabError } from './error.ts';
import { type ComposeFile, laidOver, type Open, type Raw, servicesIn } from './merge.ts';

/** What the native runtime takes from a service, whichever file it stands in. */
export type Service = {
  name: string;
  environment: Record<string, string>;
  /** how many of it run; 0 stops it */
  scale: number;
  profiles: string[];
  dependsOn: string[];
  port: { bind: string; published: number; target: number } | undefined;
  /** without its registry and its tag, such as `thanos` */
  image: string;
  command: string[];
  /** where a named volume is mounted, and its name */
  volumes: Record<string, string>;
  /** folders of its own that are empty whenever it starts, beside /tmp */
  scratch: string[];
};

export type Project = Record<string, Service>;
export type Settings = Record<string, string | undefined>;

/** What an override may say of a service that it brings; the rest of these is for containers. */
const known = [
  ...['environment', 'command', 'ports', 'volumes', 'depends_on', 'scale', 'image', 'profiles'],
  ...['build', 'restart', 'read_only', 'tmpfs', 'cap_drop', 'security_opt', 'mem_limit', 'healthcheck', 'extra_hosts'],
];

/**
 * Reads compose.yaml and the overrides laid over it, as Compose does: interpolated first, then merged.
 * @param files     the base first; an override may change `environment` and `scale`, and bring whole services
 * @param settings  the values of `${…}`: this process's environment over .env
 * @param open      reads a file that one of them extends
 * @throws LabError for what this runtime does not know
 */
export const readProject = (
  [base, ...overrides]: ComposeFile[],
  settings: Settings,
  open: Open = nothingToExtend,
): Project => {
  const servicesOf = (file: ComposeFile) =>
    inEveryText(servicesIn(file, open), (text) => interpolate(text, settings, file.name)) as Record<string, Raw>;
  const services = servicesOf(base!);
  for (const file of overrides) {
    for (const [name, change] of Object.entries(servicesOf(file))) {
      const service = services[name];
      if (service === undefined) requireKnown(file.name, name, change);
      else requireChangeable(file.name, name, change);
      const environment = { ...variables(service ?? {}), ...variables(change) };
      services[name] = { ...laidOver(service ?? {}, change), environment };
    }
  }
  const read = (name: string, raw: Raw): Service => ({
    name,
    environment: variables(raw),
    scale: Number(raw.scale ?? 1),
    profiles: (raw.profiles as string[] | undefined) ?? [],
    dependsOn: Object.keys(raw.depends_on ?? {}),
    port: portOf(raw.ports as string[] | undefined),
    image: String(raw.image ?? name)
      .replace(/^.*\//, '')
      .replace(/:.*$/, ''),
    command: (raw.command as string[] | undefined) ?? [],
    volumes: Object.fromEntries(((raw.volumes as string[] | undefined) ?? []).map((text) => text.split(':').reverse())),
    scratch: ((raw.tmpfs as string[] | undefined) ?? [])
      .map((text) => text.split(':')[0]!)
      .filter((path) => path !== '/tmp'),
  });
  return Object.fromEntries(Object.entries(services).map(([name, raw]) => [name, read(name, raw)]));
};

const nothingToExtend = (name: string): string => {
  throw new LabError(`${name} cannot be read`);
};

const requireChangeable = (file: string, name: string, change: Raw): void => {
  const unknown = Object.keys(change).find((key) => key !== 'environment' && key !== 'scale');
  if (unknown === undefined) return;
  throw new LabError(`${file} changes ${name}.${unknown}; without Docker only environment and scale can be`);
};

/** @throws LabError for what a service that is brought says and this runtime does not know */
const requireKnown = (file: string, name: string, raw: Raw): void => {
  const unknown = Object.keys(raw).find((key) => !known.includes(key));
  const { image, command = [], ports = [] } = raw as { image?: string; command?: unknown; ports?: string[] };
  if (image === undefined) throw new LabError(`${file} changes ${name}, which compose.yaml does not have`);
  if (unknown !== undefined) throw new LabError(`${file} says ${name}.${unknown}, which means nothing without Docker`);
  if (!Array.isArray(command)) throw new LabError(`${file}: write the command of ${name} as a list`);
  if (ports.length > 1) throw new LabError(`${file}: without Docker ${name} can publish one port`);
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

/** `BIND:PUBLISHED:TARGET`; what BIND and PUBLISHED may be is in lab/running/settings.ts. */
const portOf = ([text]: string[] = []): Service['port'] => {
  if (text === undefined) return undefined;
  const [bind, published, target] = text.split(':');
  return { bind: bind!, published: Number(published), target: Number(target) };
};
