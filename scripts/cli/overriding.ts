import { parse } from 'yaml';

/**
 * What a file that is laid over compose.yaml sets of the settings that a learner has.
 * @param text   of the file
 * @param names  the settings that compose.yaml fills in
 */
export const setsOf = (text: string, names: readonly string[]): Record<string, string> => {
  // !reset and !override are Compose's own.
  const { services = {} } = (parse(text, { logLevel: 'silent' }) ?? {}) as {
    services?: Record<string, { environment?: Record<string, unknown> } | null>;
  };
  const set = Object.values(services).flatMap((service) => Object.entries(service?.environment ?? {}));
  return Object.fromEntries(set.filter(([name]) => names.includes(name)).map(([name, value]) => [name, String(value)]));
};

/**
 * The settings of the learner's that a step sets itself, to another value.
 * @param files  what each file of the step sets
 * @param given  settings that were typed, or stand in the environment or in .env
 * @returns a sentence for each
 */
export const overridden = (
  command: string,
  files: readonly Readonly<Record<string, string>>[],
  given: Readonly<Record<string, string | undefined>>,
): string[] =>
  Object.entries(Object.assign({}, ...files) as Record<string, string>).flatMap(([name, value]) =>
    given[name] && given[name] !== value && !value.includes('$')
      ? [`${name} is set by ${command} itself, to ${JSON.stringify(value)}: leave it out`]
      : [],
  );
