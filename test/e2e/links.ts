import { fetchDirect } from '../../lab/running/fetch.ts';

const unitSeconds = { s: 1, m: 60, h: 3_600 };

/** @param duration  such as 15m, one unit */
const secondsOf = (duration: string): number =>
  Number.parseInt(duration, 10) * unitSeconds[duration.at(-1) as keyof typeof unitSeconds];

/**
 * Asks Prometheus what its page asks when it opens a link to a query: a range of 250 steps for a graph, an instant
 * for a table. A Prometheus without pages of its own has the same API.
 * @returns undefined where it answers, else its own words
 */
export const refusal = async (link: string): Promise<string | undefined> => {
  const { origin, searchParams: wanted } = new URL(link);
  const query = wanted.get('g0.expr') ?? '';
  const end = Date.now() / 1_000;
  const rangeSeconds = secondsOf(wanted.get('g0.range_input') ?? '1h');
  const [path, times] =
    wanted.get('g0.tab') === 'graph'
      ? ['query_range', { start: end - rangeSeconds, end, step: Math.max(1, Math.floor(rangeSeconds / 250)) }]
      : ['query', { time: end }];
  const form = Object.entries({ query, ...times }).map(([name, value]): [string, string] => [name, String(value)]);
  const response = await fetchDirect(`${origin}/api/v1/${path}?${new URLSearchParams(form)}`, 10_000);
  const { status, error } = (await response.json()) as { status: string; error?: string };
  return status === 'success' ? undefined : `${query}: ${error}`;
};
