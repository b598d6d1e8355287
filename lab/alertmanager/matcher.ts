/** A matcher of labels, as Alertmanager's API has it; `isEqual` is true where it is left out. */
export type Matcher = { name: string; value: string; isRegex: boolean; isEqual?: boolean };

type Labels = Readonly<Record<string, string>>;

/** @returns whether all of them match; a label that is not there is an empty one */
export const matchesAll = (matchers: readonly Matcher[], labels: Labels): boolean =>
  matchers.every(({ name, value, isRegex, isEqual = true }) => {
    const own = labels[name] ?? '';
    return (isRegex ? new RegExp(`^(?:${value})$`).test(own) : own === value) === isEqual;
  });

/** As Alertmanager's own pages and amtool write it, such as `alertname=~"Errors.+"`. */
export const matcherText = ({ name, value, isRegex, isEqual = true }: Matcher): string =>
  `${name}${{ truetrue: '=~', truefalse: '=', falsetrue: '!~', falsefalse: '!=' }[`${isEqual}${isRegex}`]}${JSON.stringify(value)}`;

/**
 * Reads what a list `matchers` holds, such as `rack="a"` or `rack=~"a|b"`; the quotes may be left out.
 * @returns undefined where it is none
 */
export const parseMatcher = (text: string): Matcher | undefined => {
  const [, name, operator, quoted, plain] =
    /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s{},"\\]*))\s*$/.exec(text) ?? [];
  if (name === undefined || operator === undefined) return undefined;
  const value = quoted?.replaceAll(/\\(["\\])/g, '$1') ?? plain ?? '';
  const isRegex = operator.endsWith('~');
  if (isRegex && !isPattern(value)) return undefined;
  return { name, value, isRegex, isEqual: operator.startsWith('=') };
};

const isPattern = (text: string): boolean => {
  try {
    new RegExp(`^(?:${text})$`);
    return true;
  } catch {
    return false;
  }
};
