import { quoted } from '../settings/quoted.ts';
import { fetchDirect } from './fetch.ts';
import type { Places } from './places.ts';
import { prometheusApi, toAnswer } from './prometheus.ts';
import { type Service, ServiceError } from './service.ts';

/** A backend that is asked in place of the lab's Prometheus: whatever answers Prometheus' queries. */
export type Backend = {
  /** what comes before /api/v1, as it is asked from here */
  url: string;
  /** as the reader knows it, without a password */
  name: string;
  /** the host that a container asks in place of localhost */
  askedAs?: string;
};

/** QUERY_URL cannot be used; the message names it and says what would be right. */
export class QueryUrlError extends Error {}

/** What is sent to a backend by remote write is there some seconds later: it is asked so far back. */
export const behindSeconds = 20;

const second = 'the second backend';

/** A backend as a service that is asked: where it fails, that is not the lab's fault. */
export const serviceOf = ({ name }: Pick<Backend, 'name'>): Service =>
  name === second ? { name, of: 'step' } : { name: `the backend of QUERY_URL (${name})`, of: 'backend' };

type Environment = Record<string, string | undefined>;

/**
 * The backend that QUERY_URL names; undefined where it is not set.
 * @throws QueryUrlError where it is no URL of an API
 */
export const backendFrom = (environment: Environment): Backend | undefined => {
  const given = environment.QUERY_URL;
  if (!given) return undefined;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash) {
    throw new QueryUrlError(
      `QUERY_URL must be an http or https URL such as http://localhost:8428, got ${quoted(given.replace(/^[^/\s]*@/, '…@'))}`,
    );
  }
  const name = withoutPassword(url);
  if (/\/api\/v1\b/.test(url.pathname)) {
    const right = name.slice(0, name.indexOf('/api/v1'));
    throw new QueryUrlError(`QUERY_URL must be what comes before /api/v1, such as ${right}, got "${name}"`);
  }
  const asked = fromHere(url, environment);
  const backend = { url: withoutSlash(asked.href), name };
  return asked.hostname === url.hostname ? backend : { ...backend, askedAs: asked.hostname };
};

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const withoutPassword = (url: URL): string => {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return withoutSlash(shown.href);
};

/** The lab's services that a reader may name by their published port. */
const published = ['PROMETHEUS', 'QUERY'];

/** In a container localhost is the container itself: LOCALHOST is the machine then. */
const fromHere = (url: URL, environment: Environment): URL => {
  const isLocal = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'].includes(url.hostname);
  const machine = environment.LOCALHOST;
  if (!isLocal || !machine) return url;
  const service = published.find((each) => environment[`${each}_PORT`] === url.port && environment[`${each}_ADDRESS`]);
  const asked = new URL(url);
  if (service) asked.host = environment[`${service}_ADDRESS`]!;
  else asked.hostname = machine;
  return asked;
};

/**
 * The one that make compare has started beside the lab.
 * @throws QueryUrlError where there is none
 */
export const secondBackend = ({ reach }: Pick<Places, 'reach'>): Backend => {
  const url = reach('victoriametrics:8428');
  if (url === undefined) throw new QueryUrlError('no second backend runs beside the lab: make compare starts one');
  return { url, name: second };
};

/** VictoriaMetrics says what it is; what does not is known by its URL. */
export const describedAs = async ({ url, name }: Backend): Promise<string> => {
  try {
    const text = await (await fetchDirect(`${url}/metrics`, 3_000, { mostBytes: 10_000_000 })).text();
    const version = /^vm_app_version\{[^}]*short_version="v([^"]+)"/m.exec(text)?.[1];
    return version === undefined ? name : `VictoriaMetrics ${version}`;
  } catch {
    return name;
  }
};

/**
 * Makes sure that a backend answers as Prometheus does.
 * @throws QueryUrlError that says what does not
 */
export const probe = async (backend: Backend): Promise<void> => {
  const { url, name, askedAs } = backend;
  try {
    const service = serviceOf(backend);
    const answer = toAnswer(await prometheusApi(url, service)('query', { query: 'vector(1)' }), url, service);
    if (answer.series[0]?.samples[0]?.[1] !== 1)
      throw new QueryUrlError(`QUERY_URL: ${name} says that vector(1) is not 1`);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.kind !== 'unreachable') {
      throw new QueryUrlError(`QUERY_URL must be a Prometheus-compatible API: ${error.message}`);
    }
    const why =
      askedAs === undefined
        ? ''
        : `; the lab's containers ask it as ${askedAs}, so it has to listen there and not on localhost alone`;
    throw new QueryUrlError(`${name === second ? '' : 'QUERY_URL: '}nothing answers at ${name}${why}`);
  }
};
