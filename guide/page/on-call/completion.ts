/** What completion asks of Prometheus' API, answered from the series that a scenario has: there are few. */

type Labels = Readonly<Record<string, string>>;

/** @returns as fetch() would, of a Prometheus that holds these series alone */
export const completionOf = (series: () => readonly Labels[]): typeof fetch => {
  const answer = (address: string): unknown => {
    const url = new URL(address, location.origin);
    const path = url.pathname.replace(/^.*\/api\/v1\//, '');
    const name = nameIn(url.searchParams.get('match[]') ?? '');
    const meant = series().filter((labels) => name === undefined || labels.__name__ === name);
    const [, label] = /^label\/(\w+)\/values$/.exec(path) ?? [];
    if (label !== undefined) return distinct(meant.flatMap((labels) => labels[label] ?? []));
    if (path === 'labels') return distinct(meant.flatMap((labels) => Object.keys(labels)));
    if (path === 'series') return meant;
    // Metadata and flags: there are none.
    return {};
  };
  return async (address) => new Response(JSON.stringify({ status: 'success', data: answer(String(address)) }));
};

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** The metric that a selector names, as in `{__name__="up"}` or `up{job="node"}`. */
const nameIn = (selector: string): string | undefined =>
  /__name__="([^"]+)"/.exec(selector)?.[1] ?? /^[a-zA-Z_:][\w:]*/.exec(selector)?.[0];
