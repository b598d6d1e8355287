import { fetchDirect } from './fetch.ts';

/** Where the lab's services are: as the checks reach them, and as a browser on the learner's machine does. */
export type Places = {
  exporter: string;
  prometheus: string;
  alertmanager: string;
  guide: string;
  browser: { exporter: string; prometheus: string; alertmanager: string; guide: string; grafana: string | undefined };
};

/** Reads the addresses from the environment that compose.yaml and the native runtime give to the tools. */
export const placesFrom = (environment: Record<string, string | undefined>): Places => {
  const value = (name: string, fallback: string) => environment[name] || fallback;
  const bind = value('BIND', '127.0.0.1');
  const host = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(bind) ? 'localhost' : bind;
  const browser = (name: string, fallback: string) => `http://${host}:${value(name, fallback)}`;
  const profiles = (environment.PROFILES ?? 'grafana').split(',');
  return {
    exporter: `http://${value('EXPORTER_ADDRESS', 'localhost:8000')}`,
    prometheus: `http://${value('PROMETHEUS_ADDRESS', 'localhost:9090')}`,
    alertmanager: `http://${value('ALERTMANAGER_ADDRESS', 'localhost:9093')}`,
    guide: `http://${value('GUIDE_ADDRESS', 'localhost:8080')}`,
    browser: {
      exporter: browser('EXPORTER_PORT', '8000'),
      prometheus: browser('PROMETHEUS_PORT', '9090'),
      alertmanager: browser('ALERTMANAGER_PORT', '9093'),
      guide: browser('GUIDE_PORT', '8080'),
      grafana: profiles.includes('grafana') ? browser('GRAFANA_PORT', '3000') : undefined,
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

/** A link that opens Prometheus with the query filled in; its API where it has no pages. */
export const queryLink = (prometheus: string, expr: string, pages: boolean): string => {
  const escaped = encodeURIComponent(expr).replaceAll(/[()'!*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return pages
    ? `${prometheus}/query?g0.expr=${escaped}&g0.tab=graph&g0.range_input=5m`
    : `${prometheus}/api/v1/query?query=${escaped}`;
};
