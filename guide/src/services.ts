import { type FetchError, fetchDirect } from '../../lab/running/fetch.ts';
import type { Places } from '../../lab/running/places.ts';

export type Service = {
  name: string;
  answers: boolean;
  /** why it does not, in words for the learner */
  reason?: string;
  /** why it is no part of the lab on this machine */
  leftOut?: string;
  /** undefined where it has no page to look at */
  link: string | undefined;
};

type Asked = { name: string; base: string; path: string; link: string };

const timeoutMilliseconds = 2_000;

/**
 * Asks each service once whether it is ready; never throws.
 * @param leftOut  the services that do not run here, and why: they are not asked
 */
export const askServices = (
  { prometheus, exporter, alertmanager, browser }: Places,
  leftOut: ReadonlyMap<string, string> = new Map(),
): Promise<Service[]> => {
  const asked: Asked[] = [
    { name: 'Exporter', base: exporter, path: '/healthz', link: `${browser.exporter}/metrics` },
    { name: 'Prometheus', base: prometheus, path: '/-/ready', link: browser.prometheus },
    { name: 'Alertmanager', base: alertmanager, path: '/-/ready', link: browser.alertmanager },
  ];
  return Promise.all(
    asked.map((service): Service | Promise<Service> => {
      const { name } = service;
      const reason = leftOut.get(name.toLowerCase());
      return reason === undefined ? ask(service) : { name, answers: false, leftOut: reason, link: undefined };
    }),
  );
};

const ask = async ({ name, base, path, link }: Asked): Promise<Service> => {
  const service = { name, link };
  try {
    const response = await fetchDirect(base + path, timeoutMilliseconds);
    if (response.ok) return { ...service, answers: true };
    const reason =
      response.status === 503 ? 'is not ready yet: it is starting' : `answers ${response.status} to ${path}`;
    return { ...service, answers: false, reason: `${name} ${reason}` };
  } catch (error) {
    const { message } = error as FetchError;
    return { ...service, answers: false, reason: `${name} does not answer at ${new URL(base).host}: ${message}` };
  }
};
