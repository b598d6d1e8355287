/** Control characters that JSON leaves as they are, and those that turn the direction of what follows. */
const invisible = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const longest = 60;

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

const visible = (text: string): string =>
  text.replaceAll(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** What stands before the host of a URL may be a password. */
const withoutLogin = (text: string): string => text.replaceAll(/(:\/\/)[^\s"']*@/g, '$1…@');

/**
 * A value in a message: on one line, control characters escaped, cut at 60 characters; `nothing` for undefined. A URL
 * comes without its password.
 */
export const quoted = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  return visible(
    typeof value === 'string' ? JSON.stringify(cut(withoutLogin(value))) : cut(JSON.stringify(shallow(value))),
  );
};

/** A value with its nesting cut: a body may be nested deeper than the stack, where JSON.stringify would fail. */
const shallow = (value: unknown, levels = 4): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, longest).map((each) => shallow(each, levels - 1));
  const entries = Object.entries(value).slice(0, longest);
  return Object.fromEntries(entries.map(([name, each]) => [name, shallow(each, levels - 1)]));
};
