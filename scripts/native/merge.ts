import { dirname, join, normalize } from 'node:path';
import { isMap, isPair, isScalar, parseDocument, visit } from 'yaml';
import { LabError } from './error.ts';

/** A service as a compose file writes it. */
export type Raw = Record<string, unknown>;
export type ComposeFile = { name: string; text: string };
/** Reads a compose file that another one extends, by its path from the repository's top folder. */
export type Open = (name: string) => string;

/**
 * The services of a compose file, each with what it extends. As in Compose, a file that is laid over another one names
 * the file that it extends from the top folder, and that one names its own from where it lies.
 * @throws LabError where a file extends a service that is not there
 */
export const servicesIn = ({ name, text }: ComposeFile, open: Open, folder = '.'): Record<string, Raw> => {
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error !== undefined) throw new LabError(`${name}: ${error.message}`);
  // A key that is reset takes nothing from what is extended.
  const resets = new Set<string>();
  visit(document, {
    Pair: (_, pair, path) => {
      if (!isPair(pair) || !isScalar(pair.key) || (pair.value as { tag?: string } | null)?.tag !== '!reset') return;
      const above = path.filter(isPair).map(({ key }) => String(key));
      resets.add([...above, pair.key.value].join('.'));
    },
  });
  if (!isMap(document.contents)) throw new LabError(`${name} holds no services`);
  const { services = {} } = document.toJS() as { services?: Record<string, Raw> };
  return Object.fromEntries(
    Object.entries(services).map(([service, { extends: from, ...own }]) => {
      if (from === undefined) return [service, own];
      const base = extended(name, from as { file: string; service: string }, open, folder);
      const kept = Object.entries(base).filter(([key]) => !resets.has(`services.${service}.${key}`));
      const added = Object.entries(own).filter(([key]) => !resets.has(`services.${service}.${key}`));
      return [service, laidOver(Object.fromEntries(kept), Object.fromEntries(added))];
    }),
  );
};

const extended = (
  name: string,
  { file, service }: { file: string; service: string },
  open: Open,
  folder: string,
): Raw => {
  const path = normalize(join(folder, file));
  const found = servicesIn({ name: path, text: open(path) }, open, dirname(path))[service];
  if (found === undefined) throw new LabError(`${name} extends ${service}, which ${path} does not have`);
  return found;
};

/** One service over another, as Compose does it for what the lab uses: maps by key, volumes by target, ports added. */
export const laidOver = (base: Raw, change: Raw): Raw => {
  const map = (key: string) => ({ ...(base[key] as Raw), ...(change[key] as Raw) });
  const list = (key: string) => [...((base[key] as string[]) ?? []), ...((change[key] as string[]) ?? [])];
  const merged = { ...base, ...change };
  for (const key of ['environment', 'depends_on']) if (base[key] && change[key]) merged[key] = map(key);
  if (base.ports && change.ports) merged.ports = list('ports');
  if (base.volumes && change.volumes) {
    merged.volumes = Object.values(Object.fromEntries(list('volumes').map((volume) => [volume.split(':')[1], volume])));
  }
  return merged;
};
