import { type Engine, type Go, startEngine } from './engine.ts';

/**
 * Fetches the engine and starts it.
 * @param say  what is under way, in words
 * @returns makes an engine
 * @throws Error the end of a sentence
 */
export const loadEngine = async (say: (words: string) => void): Promise<() => Engine> => {
  if (typeof WebAssembly !== 'object' || typeof DecompressionStream !== 'function')
    throw new Error('it has no WebAssembly, which Prometheus’ own engine is compiled to');
  const response = await fetch('promql.wasm.gz');
  if (!response.ok || response.body === null) throw new Error('the engine could not be fetched');
  const all = Number(response.headers.get('content-length') ?? 0);
  let loaded = 0;
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, controller) => {
      loaded += chunk.length;
      const part = all > 0 ? ` of ${(all / 1e6).toFixed(1)}` : '';
      say(`Loading Prometheus’ own engine: ${(loaded / 1e6).toFixed(1)}${part} MB.`);
      controller.enqueue(chunk);
    },
  });
  const unpacked = response.body.pipeThrough(counted).pipeThrough(new DecompressionStream('gzip'));
  const headers = { 'content-type': 'application/wasm' };
  const module = await WebAssembly.compileStreaming(new Response(unpacked, { headers }));
  return startEngine(module, (globalThis as unknown as { Go: Go }).Go);
};
