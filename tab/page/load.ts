import { type Engine, type Go, startEngine } from './engine.ts';

/** What the page says of its engine: the file, and how large it is when it is unpacked. */
const named = () => {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="engine"]')!;
  return { file: meta.content, bytes: Number(meta.dataset.bytes) };
};

/**
 * Fetches the engine and starts it.
 * @param say  what is under way, in words
 * @returns makes an engine
 * @throws Error the end of a sentence
 */
export const loadEngine = async (say: (words: string) => void): Promise<() => Engine> => {
  if (typeof WebAssembly !== 'object' || typeof DecompressionStream !== 'function')
    throw new Error('it has no WebAssembly, which Prometheus’ own engine is compiled to');
  const { file, bytes } = named();
  const response = await fetch(file);
  if (!response.ok || response.body === null) throw new Error('the engine could not be fetched');
  // A server that packs files itself has them unpacked by the browser.
  const isPacked = file.endsWith('.gz');
  const unpacked = isPacked ? response.body.pipeThrough(new DecompressionStream('gzip')) : response.body;
  let loaded = 0;
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, controller) => {
      loaded += chunk.length;
      say(`Loading Prometheus’ own engine: ${Math.floor((100 * loaded) / bytes)} %.`);
      controller.enqueue(chunk);
    },
  });
  const headers = { 'content-type': 'application/wasm' };
  const module = await WebAssembly.compileStreaming(new Response(unpacked.pipeThrough(counted), { headers }));
  const engine = await startEngine(module, (globalThis as unknown as { Go: Go }).Go);
  // For make bench.
  performance.mark('engine');
  return engine;
};
