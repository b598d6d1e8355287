import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { mostInstances } from '../../exporter/src/fleet-config.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { createReader } from '../../lab/running/api.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort, freePortRow } from '../support/ports.ts';

export type Runtime = 'native' | 'compose';

/**
 * A lab of its own: a copy of this one with ports and a name of its own, so that neither the
 * learner's lab nor its data is touched. It is deleted when the bench ends, however that happens.
 */
export type Copy = {
  folder: string;
  ports: Record<'exporter' | 'prometheus' | 'guide', number>;
  read: Reader;
  /** @returns seconds @throws with what make said, where it failed */
  make: (...words: string[]) => Promise<number>;
  remove: () => void;
};

const name = 'bench';
/** Its Compose project. */
export const project = `prometheus-lab-${name}`;

const own = ['.git', '.lab', '.artefacts'];

export const copyLab = async (repository: string, runtime: Runtime): Promise<Copy> => {
  const { folder, remove: removeFolder } = temporaryFolder();
  // File times are kept: npm would install the packages again if they were newer.
  cpSync(repository, folder, {
    recursive: true,
    preserveTimestamps: true,
    verbatimSymlinks: true,
    filter: (source) => !own.some((name) => source === join(repository, name)),
  });
  // What was unpacked once is part of a prepared machine.
  mkdirSync(join(folder, '.lab'));
  for (const part of ['bin', 'debian', 'images-debian', 'images-module']) {
    const path = join(repository, '.lab', part);
    if (existsSync(path)) symlinkSync(path, join(folder, '.lab', part));
  }
  const services = ['exporter', 'prometheus', 'alertmanager', 'grafana', 'guide'] as const;
  const ports: Record<string, number> = {};
  for (const service of services)
    ports[service] = await (service === 'exporter' ? freePortRow(mostInstances) : freePort());
  const environment = {
    ...process.env,
    RUNTIME: runtime,
    LAB_NAME: name,
    ...Object.fromEntries(services.map((service) => [`${service.toUpperCase()}_PORT`, String(ports[service])])),
    // These belong to the make that runs the bench; this one is not a part of it.
    MAKEFLAGS: '',
    MAKELEVEL: '',
  };

  const make = async (...words: string[]): Promise<number> => {
    const begin = performance.now();
    const child = spawn('make', words, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    const [code] = await once(child, 'exit');
    if (code !== 0)
      throw new Error(`make ${words.join(' ')}, RUNTIME=${runtime}, ended with ${code}\n${said.slice(-2_000)}`);
    return (performance.now() - begin) / 1_000;
  };
  const remove = () => {
    process.off('exit', remove);
    if (existsSync(folder)) execFileSync('make', ['clean'], { cwd: folder, env: environment, stdio: 'ignore' });
    removeFolder();
  };
  process.on('exit', remove);
  const read = createReader(placesFrom(environment));
  return { folder, ports: ports as Copy['ports'], read, make, remove };
};
