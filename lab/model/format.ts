/** How figures are written in findings: short, with their unit. */

export const seconds = (value: number): string => `${round(value, value < 10 ? 1 : 0)} s`;

export const percent = (value: number): string => `${round(value, 1)} %`;

export const round = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** One figure, or the two that it lies between. */
export const between = (least: number, most: number, digits = 0): string =>
  round(least, digits) === round(most, digits)
    ? round(least, digits)
    : `${round(least, digits)} to ${round(most, digits)}`;

/** A large number that can be read: `302,470`; one digit after the point below 1000. */
export const grouped = (value: number): string =>
  value.toLocaleString('en-GB', { maximumFractionDigits: Math.abs(value) < 1_000 ? 1 : 0 });

/** Time of day of an instant, in UTC, such as 14:05:10. */
export const clock = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString().slice(11, 19);

/** Where anyone can read what really happened between two instants, as evidence. */
export const truthBetween = (from: number, to: number): string =>
  `/truth?from=${Math.floor(from)}&to=${Math.floor(to)}`;

/** A number of things: `1 sample`, `4 samples`, `2 series`. */
export const count = (value: number, noun: string): string =>
  `${value} ${value === 1 || noun.endsWith('s') ? noun : `${noun}s`}`;

/** As a sentence or a name begins. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A list in a sentence: `exporter:8000, exporter:8001 and exporter:8002`. */
export const listed = (items: readonly string[]): string => items.join(', ').replace(/, ([^,]*)$/, ' and $1');

/** A duration as PromQL writes it; whole seconds, or milliseconds below one. */
export const duration = (value: number): string =>
  Number.isInteger(value) ? `${value}s` : `${Math.round(value * 1000)}ms`;

/** Where an answer is right: at instants, or in all that is counted. @param compared  all of them right */
export const rightAt = (compared: readonly { where?: string }[]): string => {
  const { length } = compared;
  if (length > 0 && compared.every(({ where }) => where !== undefined)) return `in all ${length} counts`;
  return `at ${count(length, 'instant')}`;
};
