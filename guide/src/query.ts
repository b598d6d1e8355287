import { quoted } from '../../lab/settings/quoted.ts';
import { RequestError } from './errors.ts';

/**
 * Reads the parameters of a request, each one out of a few.
 * @param query    parsed query string: a value given twice is an array
 * @param choices  what each parameter may be; numbers in rising order
 * @returns what was chosen; a parameter that is not given is not there
 * @throws RequestError that names the parameter and the choices
 */
export const readChoices = <Choices extends Record<string, readonly (string | number)[]>>(
  query: Record<string, unknown>,
  choices: Choices,
): { [name in keyof Choices]?: Choices[name][number] } => {
  const names = Object.keys(choices);
  const unknown = Object.keys(query).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RequestError(`unknown parameter ${quoted(unknown)}: use ${names.join(' and ')}`);
  const given = names.filter((name) => query[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => {
      const chosen = choices[name]!.find((each) => String(each) === query[name]);
      if (chosen === undefined) {
        throw new RequestError(`${name} must be ${listed(choices[name]!)}, got ${quoted(query[name])}`);
      }
      return [name, chosen];
    }),
  ) as { [name in keyof Choices]?: Choices[name][number] };
};

/** Numbers that follow each other are named by the first and the last: `1 to 26, 28 or 30`. */
const listed = (choices: readonly (string | number)[]): string => {
  const runs: (string | number)[][] = [];
  for (const each of choices) {
    const run = runs.at(-1);
    if (run !== undefined && typeof each === 'number' && each === Number(run.at(-1)) + 1) run.push(each);
    else runs.push([each]);
  }
  const named = runs.flatMap((run) => (run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run));
  return named.length === 1 ? `from ${named[0]}` : `${named.slice(0, -1).join(', ')} or ${named.at(-1)}`;
};
