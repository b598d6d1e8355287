import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageBundle } from '../bundle/bundle.ts';

const lab = join(import.meta.dirname, '../../LICENSE');

/** The licence of the lab, and those of what it sends to a browser, in full. */
export const licences = async (): Promise<string> =>
  [`— the Prometheus lab\n\n${readFileSync(lab, 'utf8').trim()}\n`, (await pageBundle()).licences].join('\n');
