/** What the address holds behind its #, so that a query can be shared and the way back leads to the one before. */

export type View = 'graph' | 'table' | 'samples';
export type Asked = {
  query: string;
  of: string | undefined;
  as: View;
  at: number | undefined;
  seconds: number | undefined;
  step: number | undefined;
};

const views: readonly string[] = ['graph', 'table', 'samples'];

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
  return {
    query,
    of: parameters.get('of') ?? undefined,
    as: views.includes(as) ? (as as View) : 'graph',
    at: number('at'),
    seconds: number('seconds'),
    step: number('step'),
  };
};

export const writeAddress = (asked: Asked) => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) parameters.set(name, String(value));
  const hash = `#${parameters}`;
  if (location.hash !== hash) history.pushState(null, '', hash);
};
