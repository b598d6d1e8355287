/** The settings do not allow a start; the message holds every problem, a line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(['guide: cannot start', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

/** A wrong request; the message names what is wrong in it and goes to the client as it is. */
export class RequestError extends Error {
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** A value in a message: on one line, control characters escaped, 60 characters at most. */
export const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  const text = JSON.stringify(shallow(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** A value with its nesting cut: a body may be nested deeper than the stack, where JSON.stringify would fail. */
const shallow = (value: unknown, levels = 4): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, 60).map((each) => shallow(each, levels - 1));
  const entries = Object.entries(value).slice(0, 60);
  return Object.fromEntries(entries.map(([name, each]) => [name, shallow(each, levels - 1)]));
};
