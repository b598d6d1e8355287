/** How a setting of the exporter is read. */
export type Setting<T> = {
  /** what it must be, to go after "must be" */
  expected: string;
  /** @returns undefined for a text that is not right */
  parse: (text: string) => T | undefined;
};

/** @returns seconds of a duration such as 30s or 1m30s, from 1 s to 1 h; undefined where it is none */
export const durationSeconds = (text: string): number | undefined => {
  const [found, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d)h)?(?:(\d{1,2})m)?(?:(\d{1,4})s)?$/.exec(text) ?? [];
  const total = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return found !== undefined && total >= 1 && total <= 3_600 ? total : undefined;
};

/** @returns thousandths of a percentage such as 90% or 2.5%, from 0 to 1000; undefined where it is none */
export const perMille = (text: string): number | undefined => {
  const [, percent] = /^(\d{1,3}(?:\.\d)?)%$/.exec(text) ?? [];
  const thousandths = percent === undefined ? Number.NaN : Math.round(Number(percent) * 10);
  return thousandths <= 1_000 ? thousandths : undefined;
};

/** @returns seconds above 0, up to 60, such as 0.26; undefined where it is none */
export const fewSeconds = (text: string): number | undefined => {
  const seconds = /^\d{1,2}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  return seconds > 0 && seconds <= 60 ? seconds : undefined;
};

/** @returns every part that stands between commas, read; undefined where one is not right or there are too many */
export const listOf = <T>(
  text: string,
  most: number,
  parse: (part: string) => T | undefined,
  separator = ',',
): T[] | undefined => {
  const parts = text.split(separator).map(parse);
  const right = parts.filter((part) => part !== undefined);
  return right.length === parts.length && parts.length <= most ? right : undefined;
};

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** A whole number, both ends included. */
export const wholeNumber = (lowest: number, highest: number): Setting<number> => ({
  expected: `a whole number from ${lowest} to ${highest}`,
  parse: (text) => {
    const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    return number >= lowest && number <= highest ? number : undefined;
  },
});

/** One of some names. */
export const oneOf = <Name extends string>(names: readonly Name[]): Setting<Name> => ({
  expected: `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
  parse: (text) => names.find((name) => name === text),
});
