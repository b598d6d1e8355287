import { fetchDirect } from './fetch.ts';

/** Where the lab's services are: as the checks reach them, and as a browser on the learner's machine does. */
export type Places = {
  exporter: string;
  prometheus: string;
  alertmanager: string;
  guide: string;
  browser: { exporter: string; prometheus: string; alertmanager: string; guide: string; grafana: string | undefined };
};

const ports = { exporter: '8000', prometheus: '9090', alertmanager: '9093', guide: '8080', grafana: '3000' };

/**
 * Reads the addresses from the environment that compose.yaml and the native runtime give to the tools.
 * A service without an address of its own is on this machine, at its published port.
 */
export const placesFrom = (environment: Record<string, string | undefined>): Places => {
  const value = (name: string, fallback: string) => environment[name] || fallback;
  const portOf = (service: keyof typeof ports) => value(`${service.toUpperCase()}_PORT`, ports[service]);
  const inside = (service: keyof typeof ports) =>
    `http://${value(`${service.toUpperCase()}_ADDRESS`, `localhost:${portOf(service)}`)}`;
  const bind = value('BIND', '127.0.0.1');
  const host = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(bind) ? 'localhost' : bind;
  const browser = (service: keyof typeof ports) => `http://${host}:${portOf(service)}`;
  const profiles = (environment.PROFILES ?? 'grafana').split(',');
  return {
    exporter: inside('exporter'),
    prometheus: inside('prometheus'),
    alertmanager: inside('alertmanager'),
    guide: inside('guide'),
    browser: {
      exporter: browser('exporter'),
      prometheus: browser('prometheus'),
      alertmanager: browser('alertmanager'),
      guide: browser('guide'),
      grafana: profiles.includes('grafana') ? browser('grafana') : undefined,
    },
  };
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
