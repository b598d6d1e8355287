import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { repository } from '../../scripts/host/repository.ts';
import { temporaryFolder } from './folder.ts';

/** Where promtool may be: as reported, in PATH, or unpacked for this lab. */
const candidates = (): string[] => [
  ...(process.env.PROMTOOL === undefined ? [] : [process.env.PROMTOOL]),
  ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'promtool')),
  join(repository, '.lab/debian/root/usr/bin/promtool'),
];

/** @throws Error that says how to get it */
/** @returns its path @throws Error that says how to get it */
export const promtool = (): string => {
  const found = candidates().find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Error(
    'no promtool in PATH or $PROMTOOL; get it by: packaging/debian-packages.sh .lab/debian prometheus promtool prometheus-alertmanager',
  );
};

/**
 * Complaints about these expressions, each after its expression. One promtool reads them all, as rules of one file:
 * the parser and the checks of types are those of a query, and a whole file costs no more than one expression.
 * @throws Error where promtool says anything that is no complaint about one of them
 */
export const complaints = async (expressions: readonly string[]): Promise<string[]> => {
  const rules = expressions.map((expr, index) => ({ record: `expression_${index}`, expr }));
  const { folder, remove } = temporaryFolder();
  try {
    const file = join(folder, 'rules.yml');
    // JSON is YAML, too.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'expressions', rules }] }));
    const { status, stderr } = spawnSync(promtool(), ['check', 'rules', '--lint=none', file], { encoding: 'utf8' });
    if (status === 0) return [];
    const said = [
      ...stderr.matchAll(/"expression_(\d+)": (?:could not parse expression: )?([\s\S]*?)(?=\n\S*rules\.yml: |\n*$)/g),
    ];
    if (said.length === 0) throw new Error(`promtool refuses the file of expressions: ${stderr}`);
    return said.map(([, index, words]) => `${expressions[Number(index)]}: ${words}`);
  } finally {
    remove();
  }
};
