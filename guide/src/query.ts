import { RequestError, shown } from './errors.ts';

/**
 * Reads the one parameter that a request may have, a whole number out of a few.
 * @param query    parsed query string: a value given twice is an array
 * @param choices  in rising order
 * @throws RequestError that names the parameter and the choices
 */
export const choice = (
  query: Record<string, unknown>,
  name: string,
  choices: readonly number[],
): number | undefined => {
  const unknown = Object.keys(query).find((each) => each !== name);
  if (unknown !== undefined) throw new RequestError(`unknown parameter ${shown(unknown)}: use ${name}`);
  const text = query[name];
  if (text === undefined) return undefined;
  const chosen = choices.find((each) => String(each) === text);
  if (chosen === undefined) throw new RequestError(`${name} must be ${listed(choices)}, got ${shown(text)}`);
  return chosen;
};

const listed = (choices: readonly number[]): string => {
  const isRun = choices.every((each, index) => each === choices[0]! + index);
  return isRun ? `from ${choices[0]} to ${choices.at(-1)}` : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
};
