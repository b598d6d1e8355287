/** What the address holds behind its #, so that a query can be shared and the way back leads to the one before. */

export type View = 'graph' | 'table' | 'samples' | 'parts';

/** A query, and who is asked; the lab's own Prometheus by default. */
export type Addressed = { query: string; of: string | undefined };

export type Asked = Addressed & {
  as: View;
  /** the instant, or the end of the range, unix seconds; now by default */
  at: number | undefined;
  /** the length of the range; as the picture's by default */
  seconds: number | undefined;
  step: number | undefined;
  isStacked: boolean;
  /** queries that are drawn in the same graph */
  also: readonly Addressed[];
};

const views: readonly string[] = ['graph', 'table', 'samples', 'parts'];

/** @returns undefined where the address holds no query */
export const readAddress = (): Asked | undefined => {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const query = parameters.get('query');
  if (query === null || query.trim() === '') return undefined;
  const as = parameters.get('as') ?? '';
  const number = (name: string) => {
    const value = Number(parameters.get(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const ofAlso = parameters.getAll('also-of');
  return {
    query,
    of: parameters.get('of') ?? undefined,
    as: views.includes(as) ? (as as View) : 'graph',
    at: number('at'),
    seconds: number('seconds'),
    step: number('step'),
    isStacked: parameters.has('stacked'),
    also: parameters.getAll('also').map((each, index) => ({ query: each, of: ofAlso[index] || undefined })),
  };
};

export const writeAddress = ({ query, of, as, at, seconds, step, isStacked, also }: Asked): void => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ query, of, as, at, seconds, step }))
    if (value !== undefined) parameters.set(name, String(value));
  if (isStacked) parameters.set('stacked', '1');
  for (const each of also) parameters.append('also', each.query);
  if (also.some((each) => each.of !== undefined)) for (const each of also) parameters.append('also-of', each.of ?? '');
  const hash = `#${parameters}`;
  if (location.hash !== hash) history.pushState(null, '', hash);
};
