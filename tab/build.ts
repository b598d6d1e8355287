import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../scripts/host/repository.ts';
import { makeSite } from './site.ts';

/**
 * make site: the lab as a folder of files that any file server serves.
 *
 *   build.ts [FOLDER]            .lab/site unless given; compiles the engine where that has not been done
 *   build.ts --guide FOLDER      for the guide, which names encodings; ends with 3 where no engine has been compiled
 */
const { values, positionals } = parseArgs({ options: { guide: { type: 'string' } }, allowPositionals: true });
const out = resolve(repository, values.guide ?? (positionals[0] || '.lab/site'));

const isSite = (folder: string): boolean => {
  try {
    const names = readdirSync(folder);
    return names.length === 0 || names.some((name) => /^promql.*\.wasm\.gz$/.test(name));
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
  const words = values.guide === undefined ? [script] : [script, '--kept'];
  const { status, stdout } = spawnSync('sh', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) return status ?? 1;
  const engine = stdout.trim();
  const made = `${out}.new`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  const files = await makeSite(engine, values.guide === undefined ? 'files' : 'guide');
  for (const [name, content] of files) writeFileSync(join(made, name), content);
  rmSync(out, { recursive: true, force: true });
  renameSync(made, out);
  if (values.guide !== undefined) return 0;
  const shown = relative(process.cwd(), out) || '.';
  console.log(`site: ${shown} holds the lab for a browser. Serve it: npx --yes serve ${shown}, or any file server.`);
  return 0;
};

process.exitCode = await make();
