import type { Options } from '../../lab/running/fetch.ts';
import { FetchError } from '../../lab/running/fetch-error.ts';

/** Takes the place of lab/running/fetch.ts in a browser tab. */
export { FetchError };

/** What a service of the simulated lab answers; undefined where there is none of that name. */
export type Service = (path: string, parameters: URLSearchParams) => unknown;

const services = new Map<string, Service>();

/** @param host  by which the service is asked, such as `prometheus` */
export const connect = (host: string, service: Service): void => void services.set(host, service);

/** Asks a service of the simulated lab: nothing leaves the tab. */
export const fetchDirect = async (
  address: string | URL,
  _milliseconds: number,
  { body }: Options = {},
): Promise<Response> => {
  const url = new URL(address);
  const service = services.get(url.host);
  if (service === undefined) throw new FetchError('unreachable', 'it is no part of the lab in a browser tab');
  const answer = service(url.pathname, new URLSearchParams(typeof body === 'string' ? body : url.search));
  if (answer === undefined) return new Response('', { status: 404 });
  return new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } });
};
