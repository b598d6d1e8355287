import { quoted } from '../settings/quoted.ts';
import { listOf, type Setting } from '../settings/setting.ts';

/** Headers of a request, by their names in lower case. */
type Headers = Record<string, string | string[] | undefined>;

/** Why a request is not answered, and with which status. */
export type Refusal = { status: 400 | 403; sentence: string };

const hostName = /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?$/i;

/** `HOST_NAMES`: the names, beside those that everybody has, by which the lab's pages may be called. */
export const hostNames: Setting<readonly string[]> = {
  expected: '1 to 20 names of hosts, such as lab.example.org, by which the lab is called as well',
  parse: (text) => listOf(text, 20, (name) => (hostName.test(name) ? name.toLowerCase() : undefined)),
};

/**
 * Names that always mean this machine. An address is one as well, whichever it is: only who calls the lab by a name can
 * have been sent here by the owner of the name, who lets it point at his page first and then at this machine.
 */
const isOwn = (name: string): boolean =>
  /(^|\.)localhost$/.test(name) || /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name);

/**
 * Whether a server of the lab answers a request. A page of another origin is refused whatever it asks; so is who calls
 * the lab by a name that is not its own.
 * @param names  the service's own name on the lab's network, and what HOST_NAMES adds
 * @returns undefined where it does. A request without Host is no browser's: HTTP/1.0, such as the health check's
 */
export const refusalOf = ({ host, origin }: Headers, names: readonly string[]): Refusal | undefined => {
  const called = host === undefined ? undefined : partsOf(String(host));
  if (host !== undefined && called === undefined) {
    return { status: 400, sentence: `Host must be a host and a port, got ${quoted(host)}` };
  }
  if (called && !isOwn(called.name) && !names.includes(called.name)) {
    return {
      status: 403,
      sentence: `Host must be localhost, an address, ${names.join(', ')} or one of HOST_NAMES, got ${quoted(host)}`,
    };
  }
  if (origin === undefined) return undefined;
  const from = /^https?:\/\/([^/]*)$/.exec(String(origin));
  const asking = from ? partsOf(from[1]!) : undefined;
  if (asking && (asking.authority === called?.authority || names.includes(asking.name))) return undefined;
  return {
    status: 403,
    sentence: `Origin must be the page's own, got ${quoted(origin)}: other pages are not answered`,
  };
};

/** @returns the name without its last dot, and with its port, as a browser writes both; undefined where it is none */
const partsOf = (host: string): { name: string; authority: string } | undefined => {
  const [, name = '', port = ''] = /^(\[[0-9a-f:.]+\]|[\w.-]+?)\.?(?::(\d{1,5}))?$/i.exec(host) ?? [];
  if (name === '') return undefined;
  return { name: name.toLowerCase(), authority: `${name.toLowerCase()}:${port || 80}` };
};

type Request = { headers: Headers };
type Response = {
  status: (code: number) => Response;
  type: (name: string) => Response;
  send: (text: string) => unknown;
};

/** Refuses what no server of the lab answers, in a sentence. */
export const guard =
  (names: readonly string[]) =>
  (request: Request, response: Response, next: () => void): void => {
    const refusal = refusalOf(request.headers, names);
    if (refusal) {
      response.status(refusal.status).type('text/plain').send(`${refusal.sentence}\n`);
      return;
    }
    // "Whatever you have is new enough": Express would say 304 to it, and a scrape would get nothing.
    if (request.headers['if-none-match'] === '*') delete request.headers['if-none-match'];
    next();
  };
