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

const listed = (choices: readonly (string | number)[]): string => {
  const isRun = choices.every((each, index) => typeof each === 'number' && each === Number(choices[0]) + index);
  return isRun ? `from ${choices[0]} to ${choices.at(-1)}` : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
};
