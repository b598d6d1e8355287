import { readFileSync } from 'node:fs';
import { globalQuerier } from '../model/sources.ts';
import { fetchDirect } from './fetch.ts';
import { ports } from './settings.ts';

/** Where the lab's services are: as the checks reach them, and as a browser on the learner's machine does. */
export type Places = {
  exporter: string;
  prometheus: string;
  alertmanager: string;
  guide: string;
  /** the global querier of a step that brings one; in the base lab nothing answers there */
  query: string;
  /** what its services on this machine are known by; undefined on a network of its own, and of a lab of before */
  labId: string | undefined;
  /**
   * @param address  a service of the step that is on, by its name and port in Compose, such as `shard-a:9090`
   * @returns where it is reached; undefined where it does not run
   */
  reach: (address: string) => string | undefined;
  browser: {
    exporter: string;
    prometheus: string;
    alertmanager: string;
    guide: string;
    query: string;
    grafana: string | undefined;
  };
};

type Published = 'exporter' | 'prometheus' | 'alertmanager' | 'guide' | 'grafana' | 'query';

/**
 * Reads the addresses from the environment that compose.yaml and the native runtime give to the tools.
 * A service without an address of its own is on this machine, at its published port.
 */
export const placesFrom = (environment: Record<string, string | undefined>): Places => {
  const value = (name: string, fallback: string) => environment[name] || fallback;
  const portOf = (service: Published) => {
    const name = `${service.toUpperCase() as Uppercase<Published>}_PORT` as const;
    return value(name, ports[name]);
  };
  const inside = (service: Published) =>
    `http://${value(`${service.toUpperCase()}_ADDRESS`, `localhost:${portOf(service)}`)}`;
  const bind = value('BIND', '127.0.0.1');
  const host = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(bind) ? 'localhost' : bind;
  const browser = (service: Published) => `http://${host}:${portOf(service)}`;
  const profiles = (environment.PROFILES ?? 'grafana').split(',');
  return {
    exporter: inside('exporter'),
    prometheus: inside('prometheus'),
    alertmanager: inside('alertmanager'),
    guide: inside('guide'),
    query: inside('query'),
    labId: environment.LAB_ID || undefined,
    // The querier is the one that a browser, or a test on this machine, reaches as well.
    reach: (address) =>
      address === globalQuerier.address ? inside('query') : reachFrom(environment.ADDRESSES_FILE)(address),
    browser: {
      exporter: browser('exporter'),
      prometheus: browser('prometheus'),
      alertmanager: browser('alertmanager'),
      guide: browser('guide'),
      query: browser('query'),
      grafana: profiles.includes('grafana') ? browser('grafana') : undefined,
    },
  };
};

/**
 * On the lab's network a service is reached by its name. Without one, the file in which the native runtime writes down
 * what it has started says where each is: it changes with every step, and the guide goes on.
 */
const reachFrom =
  (file: string | undefined): Places['reach'] =>
  (address) => {
    if (!file) return `http://${address}`;
    const [service = ''] = address.split(':');
    const found = startedIn(file)[service]?.at?.[address];
    return found && `http://${found}`;
  };

const startedIn = (file: string): Record<string, { at?: Record<string, string> }> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
};

/** Debian's Prometheus has the API but no pages; upstream's page holds its root element. */
export const hasPages = async (prometheus: string): Promise<boolean> => {
  try {
    const response = await fetchDirect(`${prometheus}/query`, 3_000);
    return (await response.text()).includes('id="root"');
  } catch {
    return false;
  }
};
