import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { makeBundle } from '../guide/bundle/bundle.ts';
import { bundleServiceWorker, bundleTab } from './bundle.ts';

/** Who hands the files out: any file server, which sends them as they are, or the guide, which names an encoding. */
export type ServedBy = 'files' | 'guide';

/** The name says the content, so that a browser keeps the file for good. */
const named = (name: string, content: string | Uint8Array): string => {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 8).toUpperCase();
  return name.replace('.', `-${hash}.`);
};

/** Of the engine the best quality, 11, takes 84 s for a sixth less than 5, which takes two; of the page it takes two. */
const [engineQuality, pageQuality] = [5, 11];
const brotli = (content: Uint8Array, quality: number): Uint8Array =>
  brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });

/**
 * The lab in a browser tab.
 * @param engine  the folder that tab/engine/build.sh prints
 * @returns its files by their names
 */
export const makeSite = async (engine: string, servedBy: ServedBy): Promise<Map<string, string | Uint8Array>> => {
  const read = (name: string) => readFileSync(join(engine, name));
  const [wasm, starterText] = [read('promql.wasm'), read('wasm_exec.js')];
  const [program, starter] = [named('promql.wasm', wasm), named('wasm_exec.js', starterText)];
  // Every file server hands out a packed file as it is; few pack one of this size themselves.
  const asked = servedBy === 'files' ? `${program}.gz` : program;
  const page = await bundleTab({ engine: asked, engineBytes: wasm.length, starter });
  const { licences } = await makeBundle();
  // Only where it is needed: it takes seconds.
  const packed = (): [string, Uint8Array][] => [
    ...[...page, [starter, starterText] as const].map(([name, content]): [string, Uint8Array] => [
      `${name}.br`,
      brotli(Buffer.from(content), pageQuality),
    ]),
    [`${program}.br`, brotli(wasm, engineQuality)],
  ];
  return new Map<string, string | Uint8Array>([
    ...page,
    [starter, starterText],
    [`${program}.gz`, gzipSync(wasm, { level: servedBy === 'files' ? 9 : 6 })],
    ...(servedBy === 'guide' ? packed() : []),
    ['service-worker.js', await bundleServiceWorker(page, [starter, asked])],
    ['licences.txt', `${licences}\n${read('licences.txt')}`],
  ]);
};
