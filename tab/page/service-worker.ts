/**
 * Keeps the page's own files, so that it opens without a network. The page itself is asked for first, so that a new
 * version is there as soon as it can be; its files have other names then. What an older page needs stays until its last
 * tab is closed.
 */
declare const FILES: readonly string[];
declare const VERSION: string;

type Lasting = Event & { waitUntil: (until: Promise<unknown>) => void };
type Fetching = Event & { request: Request; respondWith: (response: Promise<Response>) => void };
type WorkerScope = {
  registration: { scope: string };
  clients: { claim: () => Promise<void> };
  addEventListener: {
    (name: 'install' | 'activate', on: (event: Lasting) => void): void;
    (name: 'fetch', on: (event: Fetching) => void): void;
  };
};
const worker = globalThis as unknown as WorkerScope;

const patienceMilliseconds = 3_000;
/** Other pages of this origin have caches of their own. */
const ours = `lab in a tab ${worker.registration.scope} `;
const current = ours + VERSION;

/** A name that says the content: what is kept under it is right, whatever version has kept it. */
const isLasting = (file: string) => /-[0-9A-Z]{8}\./.test(file);

const keep = async (): Promise<void> => {
  const cache = await caches.open(current);
  for (const file of FILES) {
    const kept = isLasting(file) ? await caches.match(file) : undefined;
    const response = kept ?? (await fetch(file, { cache: isLasting(file) ? 'force-cache' : 'no-cache' }));
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    // What was answered after a redirect no browser takes for a page.
    await cache.put(file, response.redirected ? new Response(response.body, { headers: response.headers }) : response);
  }
};

const forget = async (): Promise<void> => {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(ours) && name !== current).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
};

const fromCache = async (request: Request | string): Promise<Response | undefined> =>
  (await caches.open(current)).match(request);

/**
 * Which page of FILES an address means; undefined where it means none. File servers that leave out `.html` send whoever
 * asks for it to the name without.
 */
const pageAt = (address: string): string | undefined => {
  if (!address.startsWith(worker.registration.scope)) return undefined;
  const name = address.slice(worker.registration.scope.length).replace(/(^index)?(\.html)?$/, '');
  return FILES.find((file) => file === (name === '' ? './' : `${name}.html`));
};

/** A page: the newest one, or without a network the one that is kept. */
const page = async (request: Request, kept: string): Promise<Response> => {
  const asked = fetch(request);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMilliseconds));
  const fresh = await Promise.race([asked.catch(() => undefined), late]);
  return fresh?.ok || fresh?.type === 'opaqueredirect' ? fresh : ((await fromCache(kept)) ?? asked);
};

worker.addEventListener('install', (event) => event.waitUntil(keep()));
worker.addEventListener('activate', (event) => event.waitUntil(forget()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') {
    const kept = pageAt(origin + pathname);
    if (kept !== undefined) event.respondWith(page(request, kept));
    return;
  }
  event.respondWith(fromCache(request).then((kept) => kept ?? fetch(request)));
});
