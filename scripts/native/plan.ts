import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Listener, type Places, placesOf, reached, withAddress, withAddresses } from './addresses.ts';
import type { Project, Service, Settings } from './compose.ts';
import { LabError } from './error.ts';
import { foldersOf } from './folders.ts';
import type { Native } from './native.ts';
import type { Command } from './processes.ts';
import { natives as ours } from './services.ts';

/** A service that is to run, as this machine starts it. */
export type Plan = Command & {
  service: string;
  /** the published one first */
  listeners: Listener[];
  /** folders that are emptied when it starts */
  scratch: string[];
  /** where each port of its container is on this machine, by its name in Compose */
  at: Record<string, string>;
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

/** The services of a project that do not run on this machine, and why: the profile is off, or a program is missing. */
export const leftOutOf = (
  project: Project,
  settings: Settings,
  natives: Record<string, Native> = ours,
): Map<string, string> => {
  const on = profilesOf(settings);
  const reasonFor = ({ image, profiles }: Service): string | undefined => {
    const isOn = profiles.length === 0 || profiles.some((profile) => on.includes(profile) || on.includes('*'));
    return isOn ? natives[image]!.missing?.(settings) : `COMPOSE_PROFILES is "${settings.COMPOSE_PROFILES ?? ''}"`;
  };
  const reasons = Object.values(project)
    .filter(({ image }) => image in natives)
    .map((service) => [service.name, reasonFor(service)] as const);
  return new Map(reasons.filter((each): each is readonly [string, string] => each[1] !== undefined));
};

/** The settings with the profiles that really run: every service is named those. */
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
  const places = placesOf(project, settings);
  const plan = (service: Service): Plan => {
    const { name, image } = service;
    const native = natives[image]!;
    const { data, scratch, replaceIn } = foldersOf(service, lab);
    const at = (other: string) => {
      const port = project[other]?.port;
      return port ? reached(port.bind, port.published) : `${other}:80`;
    };
    const listening = listeningOf(service, native, places);
    const environment = withAddresses(service.environment, places, settings);
    const own = {
      ...native.defaults({ settings, repository, data, at }),
      ...environment,
      ...native.fixed(listening.bind, listening.port, settings, environment),
    };
    const filledIn = service.command.map((text) => replaceIn(withAddress(text, places, settings, name)));
    const command = [...native.command, ...filledIn];
    const around = Object.fromEntries(inherited.flatMap((key) => (settings[key] ? [[key, settings[key]]] : [])));
    const hash = createHash('sha256').update(JSON.stringify([command, own]));
    for (const path of native.sources.flatMap((source) => pathsOf(repository, source))) addContent(hash, path);
    const address = reached(listening.bind, listening.port);
    const mine = [...places].filter(([, place]) => place.service === name);
    return {
      service: name,
      listeners: mine.map(([, place]) => place),
      scratch,
      at: Object.fromEntries(mine.map(([key, { port, bind }]) => [key, reached(bind, port)])),
      address,
      healthUrl: `http://${address}${native.health}`,
      command,
      folder: repository,
      environment: { ...around, ...own },
      log: join(lab, 'logs', `${name}.log`),
      hash: hash.digest('hex'),
      dependsOn: service.dependsOn,
    };
  };
  // The tools are the lab's own commands: there they run in a container, here in a process of their own.
  const toRun = Object.values(project).filter(
    ({ name, image, scale }) => image !== 'tools' && scale > 0 && !leftOut.has(name),
  );
  for (const service of toRun) requireNative(service, settings, natives);
  return toRun.map(plan);
};

/** Where the service answers for its health: at the port that its image or its command names, or the published one. */
const listeningOf = ({ name, port, command }: Service, native: Native, places: Places): Listener => {
  const named = `${name}:${native.listens?.(command) ?? port?.target}`;
  const place = places.get(named);
  if (place === undefined) throw new LabError(`nothing says ${named}, where ${name} listens`);
  return place;
};

/** @throws LabError, before anything is touched, where this machine cannot run a service */
const requireNative = (
  { name, image, command }: Service,
  settings: Settings,
  natives: Record<string, Native>,
): void => {
  const native = natives[image];
  if (native === undefined) throw new LabError(`${name} is of the image ${image}, which only Docker can run`);
  const missing = native.missing?.(settings) ?? native.wrong?.(name, command);
  if (missing !== undefined) throw new LabError(`${name} cannot run here: ${missing}`);
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
