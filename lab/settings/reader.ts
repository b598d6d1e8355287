import { quoted } from './quoted.ts';
import type { Setting } from './setting.ts';

export type Environment = Record<string, string | undefined>;

/** The settings do not allow a start; the message holds every problem, a line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  /** @param program  who cannot start, such as `exporter` */
  constructor(program: string, problems: readonly string[]) {
    super([`${program}: cannot start`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

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
