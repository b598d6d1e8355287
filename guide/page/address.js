/** What the address holds behind its #, so that a query can be shared and the way back leads to the one before. */

/**
 * @typedef {'graph' | 'table' | 'samples'} View
 * @typedef {{ query: string, of: string | undefined, as: View, at: number | undefined, seconds: number | undefined, step: number | undefined }} Asked
 */

/** @type {readonly string[]} */
const views = ['graph', 'table', 'samples'];

/** @returns {Asked | undefined} undefined where the address holds no query */
export const readAddress = () => {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const query = parameters.get('query');
  if (query === null || query.trim() === '') return undefined;
  const as = parameters.get('as') ?? '';
  /** @param {string} name */
  const number = (name) => {
    const value = Number(parameters.get(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  return {
    query,
    of: parameters.get('of') ?? undefined,
    as: views.includes(as) ? /** @type {View} */ (as) : 'graph',
    at: number('at'),
    seconds: number('seconds'),
    step: number('step'),
  };
};

/** @param {Asked} asked */
export const writeAddress = (asked) => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) parameters.set(name, String(value));
  const hash = `#${parameters}`;
  if (location.hash !== hash) history.pushState(null, '', hash);
};
