import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { editorBundle } from '../editor/bundle.ts';

const lab = join(import.meta.dirname, '../../LICENSE');
// Its main file lies in its folder dist.
const uplot = join(dirname(createRequire(import.meta.url).resolve('uplot')), '../LICENSE');

/** The licence of the lab, and those of what it sends to a browser, in full. */
export const licences = async (): Promise<string> => {
  const own = [
    ['the Prometheus lab', lab],
    ['uplot', uplot],
  ].map(([name, file]) => `— ${name}\n\n${readFileSync(file!, 'utf8').trim()}\n`);
  return [...own, (await editorBundle()).licences].join('\n');
};
