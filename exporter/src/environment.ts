import type { Setting } from './setting.ts';

export type Environment = Record<string, string | undefined>;

/** Reads settings from an environment and remembers everything that is wrong with them. */
export type Reader = {
  problems: string[];
  /** every variable that is set; an empty value counts as not set, as Compose passes it on */
  names: readonly string[];
  /** @returns undefined where the variable is not set, or wrong */
  read: <T>(name: string, setting: Setting<T>) => T | undefined;
  /** @param expected  what the variable must be, to go after "must be" */
  refuse: (name: string, expected: string, text?: string) => void;
};

export const readerOf = (environment: Environment): Reader => {
  const problems: string[] = [];
  const refuse: Reader['refuse'] = (name, expected, text = environment[name] ?? '') => {
    problems.push(`${name} must be ${expected}, got ${quoted(text)}`);
  };
  return {
    problems,
    names: Object.keys(environment).filter((name) => environment[name]),
    read: (name, { expected, parse }) => {
      const text = environment[name];
      if (!text) return undefined;
      const value = parse(text);
      if (value === undefined) refuse(name, expected);
      return value;
    },
    refuse,
  };
};

/** One line, whatever the value holds: control characters escaped, long values cut. */
const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
