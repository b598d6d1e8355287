import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { repository } from '../../lab/repository.ts';

/** Where promtool may be: as told, in PATH, or unpacked for this lab. */
const candidates = (): string[] => [
  ...(process.env.PROMTOOL === undefined ? [] : [process.env.PROMTOOL]),
  ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'promtool')),
  join(repository, '.lab/debian/root/usr/bin/promtool'),
];

/** @throws Error that says how to get it */
const promtool = (): string => {
  const found = candidates().find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Error(
    'no promtool in PATH or $PROMTOOL; get it by: scripts/debian-packages.sh .lab/debian prometheus promtool prometheus-alertmanager',
  );
};

/** What promtool has to say against an expression; undefined where nothing. */
const complaint = (program: string, expr: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    execFile(program, ['--experimental', 'promql', 'format', expr], (error, _, stderr) => {
      resolve(error === null ? undefined : `${expr}: ${stderr.trim() || error.message}`);
    });
  });

/** Complaints about these expressions. Few processes at a time: each takes a while to start. */
export const complaints = async (expressions: readonly string[]): Promise<string[]> => {
  const program = promtool();
  const left = [...expressions];
  const found: string[] = [];
  const worker = async (): Promise<void> => {
    for (let expr = left.shift(); expr !== undefined; expr = left.shift()) {
      const said = await complaint(program, expr);
      if (said !== undefined) found.push(said);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return found;
};
