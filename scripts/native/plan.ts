import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, type Project, type Service, type Settings, withAddresses } from './compose.ts';
import type { Command } from './processes.ts';
import { type Native, natives as ours } from './services.ts';

/** A service that is to run, as this machine starts it. */
export type Plan = Command & {
  service: string;
  bind: string;
  /** the published one first */
  ports: number[];
  address: string;
  healthUrl: string;
  /** of everything that makes it what it is */
  hash: string;
  dependsOn: string[];
};

/** Variables of this shell that a service may see. All others would reach it here and not in Compose. */
const inherited = ['PATH', 'HOME', 'TMPDIR', 'USER', 'LANG'];

/** The profiles that are on. A profile bears the name of its service. */
const profilesOf = ({ COMPOSE_PROFILES = '' }: Settings): string[] =>
  COMPOSE_PROFILES.split(',').map((name) => name.trim());

/** The services of compose.yaml that do not run on this machine, and why: the profile is off, or a program is missing. */
export const leftOutOf = (
  project: Project,
  settings: Settings,
  natives: Record<string, Native> = ours,
): Map<string, string> => {
  const on = profilesOf(settings);
  const reasonFor = ({ name, profiles }: Service): string | undefined => {
    const isOn = profiles.length === 0 || profiles.some((profile) => on.includes(profile) || on.includes('*'));
    return isOn ? natives[name]!.missing?.(settings) : `COMPOSE_PROFILES is "${settings.COMPOSE_PROFILES ?? ''}"`;
  };
  const reasons = Object.values(project)
    .filter(({ name }) => name in natives)
    .map((service) => [service.name, reasonFor(service)] as const);
  return new Map(reasons.filter((each): each is readonly [string, string] => each[1] !== undefined));
};

/** The settings with the profiles that really run: every service is told of those. */
export const settingsHere = (settings: Settings, leftOut: ReadonlyMap<string, string>): Settings => ({
  ...settings,
  COMPOSE_PROFILES: profilesOf(settings)
    .filter((profile) => !leftOut.has(profile))
    .join(','),
});

/**
 * What is to run: the services of compose.yaml that this machine has, without those at scale 0.
 * @param leftOut  services that do not run here
 * @param lab      the folder for state, data and logs
 */
export const planFor = (
  project: Project,
  settings: Settings,
  leftOut: ReadonlyMap<string, string>,
  repository: string,
  lab = join(repository, '.lab'),
  natives: Record<string, Native> = ours,
): Plan[] => {
  const plan = (service: Service): Plan => {
    const { name, port } = service;
    const native = natives[name]!;
    const data = join(lab, 'data', name);
    const at = (other: string) => (project[other] && addressOf(project[other])) ?? `${other}:80`;
    const given = {
      ...native.defaults({ settings, repository, data, at }),
      ...withAddresses(service.environment, project),
    };
    const own = { ...given, ...native.fixed(port!.bind, port!.published, settings, given) };
    const around = Object.fromEntries(inherited.flatMap((key) => (settings[key] ? [[key, settings[key]]] : [])));
    const hash = createHash('sha256').update(JSON.stringify([native.command, own]));
    for (const path of native.sources.flatMap((source) => pathsOf(repository, source))) addContent(hash, path);
    const address = addressOf(service)!;
    return {
      service: name,
      bind: port!.bind,
      ports: Array.from({ length: native.ports?.(own) ?? 1 }, (_, index) => port!.published + index),
      address,
      healthUrl: `http://${address}${native.health}`,
      command: native.command,
      folder: repository,
      environment: { ...around, ...own },
      log: join(lab, 'logs', `${name}.log`),
      hash: hash.digest('hex'),
      dependsOn: service.dependsOn,
    };
  };
  return Object.values(project)
    .filter(({ name, scale }) => name in natives && scale > 0 && !leftOut.has(name))
    .map(plan);
};

/** The paths that a source stands for. */
const pathsOf = (repository: string, source: string): string[] => {
  const [folder, file] = source.split('/*/') as [string, string | undefined];
  const path = join(repository, folder);
  if (file === undefined) return [path];
  const folders = existsSync(path)
    ? readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  return folders.map(({ name }) => join(path, name, file)).sort();
};

/** Files that no running service reads. */
const apart = new Set(['test', 'tests', 'node_modules', 'Dockerfile']);

const addContent = (hash: Hash, path: string): void => {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) hash.update(path).update(readFileSync(path));
  if (!stats?.isDirectory()) return;
  for (const name of readdirSync(path).sort()) if (!apart.has(name)) addContent(hash, join(path, name));
};
