import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The packages whose code the page sends to a browser. */
const shipped = ['uplot'];

const lab = fileURLToPath(new URL('../../LICENSE', import.meta.url));
// A package's main file lies in its folder dist.
const ofPackage = (name: string): string =>
  join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'LICENSE');

/** The licence of the lab, and those of what it sends to a browser, in full. */
export const licences = [['the Prometheus lab', lab], ...shipped.map((name) => [name, ofPackage(name)])]
  .map(([name, file]) => `— ${name}\n\n${readFileSync(file!, 'utf8').trim()}\n`)
  .join('\n');
