import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeBundle } from '../guide/bundle/bundle.ts';
import { repository } from '../scripts/host/repository.ts';
import { bundleTab } from './bundle.ts';

/**
 * make site: the lab as a folder of files that any file server serves.
 *
 *   build.ts [FOLDER]    .lab/site unless given
 */
const out = resolve(repository, process.argv[2] || '.lab/site');

const isSite = (folder: string): boolean => {
  try {
    const names = readdirSync(folder);
    return names.length === 0 || names.includes('promql.wasm.gz');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
};

const make = async (): Promise<number> => {
  if (!isSite(out)) {
    console.error(`make site: OUT must be a folder that is empty or holds an earlier site, got ${out}`);
    return 1;
  }
  const script = join(import.meta.dirname, 'engine/build.sh');
  const { status, stdout } = spawnSync('sh', [script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) return status ?? 1;
  const engine = stdout.trim();
  const made = `${out}.new`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  for (const [name, text] of await bundleTab()) writeFileSync(join(made, name), text);
  // Every file server hands out a packed file as it is; few pack one of this size themselves.
  writeFileSync(join(made, 'promql.wasm.gz'), gzipSync(readFileSync(join(engine, 'promql.wasm')), { level: 9 }));
  copyFileSync(join(engine, 'wasm_exec.js'), join(made, 'wasm_exec.js'));
  const { licences } = await makeBundle();
  writeFileSync(join(made, 'licences.txt'), `${licences}\n${readFileSync(join(engine, 'licences.txt'), 'utf8')}`);
  rmSync(out, { recursive: true, force: true });
  renameSync(made, out);
  const shown = relative(process.cwd(), out) || '.';
  console.log(`site: ${shown} holds the lab for a browser. Serve it: npx --yes serve ${shown}, or any file server.`);
  return 0;
};

process.exitCode = await make();
