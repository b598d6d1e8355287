import { fetchDirect } from '../../lab/running/fetch.ts';

/** Grafana's HTTP API, as far as the lab's promises about it go; asked by a viewer who has not logged in. */

/** One answer of /api/ds/query to one query: a table in columns, or an error. */
type Result = { error?: string; status?: number; frames?: { data: { values: unknown[][] } }[] };

type Target = { refId: string; expr: string; datasource?: unknown };
type Panel = { title?: string; datasource?: unknown; targets?: Target[]; panels?: Panel[] };
type Dashboard = { uid: string; title: string; time: { from: string; to: string }; panels?: Panel[] };

export type Grafana = ReturnType<typeof grafanaAt>;

/**
 * @param address  such as http://localhost:3000
 * @throws Error that names the path and the status, from each function, where the answer is none of the expected ones
 */
export const grafanaAt = (address: string) => {
  const ask = async (path: string, body?: unknown, accepted = [200]) => {
    const headers = { 'content-type': 'application/json' };
    const options = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetchDirect(`${address}${path}`, 10_000, options);
    const text = await response.text();
    if (!accepted.includes(response.status)) throw new Error(`${path} answers ${response.status}: ${text}`);
    return JSON.parse(text);
  };

  /** Where a query fails the answer is a 400, and says by refId which one it was. */
  const queries = async (targets: Target[], { from, to }: Dashboard['time']): Promise<Record<string, Result>> => {
    const asked = targets.map((target) => ({ ...target, intervalMs: 5_000, maxDataPoints: 200 }));
    return (await ask('/api/ds/query', { from, to, queries: asked }, [200, 207, 400])).results ?? {};
  };

  const dashboard = (uid: string): Promise<{ dashboard: Dashboard; meta: { provisioned?: boolean } }> =>
    ask(`/api/dashboards/uid/${uid}`);

  /** @returns each query of a dashboard's panels that fails, with its panel and Grafana's own words */
  const failedQueries = async (uid: string): Promise<string[]> => {
    const { time, panels = [] } = (await dashboard(uid)).dashboard;
    // A row that is folded holds its panels itself.
    const asking = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]).filter(({ targets }) => targets?.length);
    const failures = asking.map(async ({ title, datasource, targets = [] }) => {
      const results = await queries(
        targets.map((target) => ({ datasource, ...target })),
        time,
      );
      return targets.flatMap(({ refId, expr }) => {
        const { error, status = 200 } = results[refId] ?? { error: 'no answer' };
        return error || status >= 400 ? [`${title}: ${expr}: ${error ?? status}`] : [];
      });
    });
    return (await Promise.all(failures)).flat();
  };

  return {
    /** @returns version and what it says of its database */
    health: (): Promise<{ database: string; version: string }> => ask('/api/health'),
    /** @returns the uids of the data sources that a dashboard can use, its own built-in ones left out */
    dataSources: async (): Promise<string[]> => {
      const { datasources } = await ask('/api/frontend/settings');
      return (Object.values(datasources) as { uid: string; type: string; meta?: { builtIn?: boolean } }[])
        .filter(({ type, meta }) => !meta?.builtIn && !['grafana', 'datasource', '__expr__'].includes(type))
        .map(({ uid }) => uid);
    },
    /** @returns the value now of a query that has one series, as the data source gives it */
    value: async (uid: string, expr: string): Promise<unknown> => {
      const target = { refId: 'A', expr, datasource: { uid }, instant: true, range: false };
      const { A } = await queries([target], { from: 'now-1m', to: 'now' });
      if (A?.error) throw new Error(`${expr}: ${A.error}`);
      return A?.frames?.[0]?.data.values[1]?.[0];
    },
    /** @returns uid and title of each dashboard, and whether it came from a file */
    dashboards: async () => {
      const found: { uid: string }[] = await ask('/api/search?type=dash-db&limit=5000');
      const all = await Promise.all(found.map(({ uid }) => dashboard(uid)));
      return all.map(({ dashboard: { uid, title }, meta }) => ({ uid, title, provisioned: meta.provisioned === true }));
    },
    /** @returns uid of what opens at / */
    home: async (): Promise<string | undefined> => (await ask('/api/dashboards/home')).dashboard?.uid,
    failedQueries,
  };
};

/** @returns the lines of Grafana's log in which provisioning warns or fails */
export const provisioningWarnings = (log: string): string[] =>
  log
    .split('\n')
    .filter((line) => /\blogger=provisioning\b/.test(line) && /\b(level|lvl)=(warn|eror|error)/.test(line));
