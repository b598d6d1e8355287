/** A wrong request; the message names the parameter and goes to the client as it is. */
export class RequestError extends Error {
  readonly status = 400;
}

/**
 * Reads the one parameter that a request may have, a whole number out of a few.
 * @param query  parsed query string: a value given twice is an array
 * @throws RequestError that names the parameter and the choices
 */
export const choice = (
  query: Record<string, unknown>,
  name: string,
  choices: readonly number[],
): number | undefined => {
  const unknown = Object.keys(query).find((each) => each !== name);
  if (unknown !== undefined) {
    throw new RequestError(`unknown parameter ${JSON.stringify(unknown.slice(0, 60))}: use ${name}`);
  }
  const text = query[name];
  if (text === undefined) return undefined;
  const chosen = choices.find((each) => String(each) === text);
  if (chosen === undefined) {
    const all = `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
    throw new RequestError(`${name} must be ${all}, got ${JSON.stringify(text).slice(0, 60)}`);
  }
  return chosen;
};
