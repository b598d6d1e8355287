import type { TypedRule } from '../../../lab/running/on-call.ts';

/** What the address holds behind its #, so that a rule can be shared, and the way back leads to the one before. */
export type Asked = TypedRule & { scenario: string | undefined };

export const readAsked = (): Asked => {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const text = (name: string) => parameters.get(name) ?? '';
  return {
    scenario: parameters.get('scenario') ?? undefined,
    expr: text('expr'),
    for: text('for'),
    keep: text('keep'),
  };
};

export const writeAsked = (asked: Asked): void => {
  const given = Object.entries(asked).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const hash = `#${new URLSearchParams(given)}`;
  if (location.hash !== hash) history.pushState(null, '', hash);
};
