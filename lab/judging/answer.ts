import type { Compared, Expected, Range } from '../model/exercise.ts';
import type { Answer } from '../model/reader.ts';
import type { Series } from '../promql/sample.ts';

/** What a query gave at one instant, beside what is right there. */

export const seriesOf = (answer: Answer): Series[] => ('refused' in answer || !isInstant(answer) ? [] : answer.series);
/** One value at the instant: neither the samples of a window nor a text. */
export const isInstant = (answer: Answer): boolean =>
  !('refused' in answer) && (answer.type === 'vector' || answer.type === 'scalar');
export const numberIn = ({ samples }: Series): number => samples[0]?.[1] ?? Number.NaN;

/** Two ways to compute the same number differ in their last digits. An infinite one has none. */
export const slack = (value: number): number => (Number.isFinite(value) ? 1e-9 * Math.max(1, Math.abs(value)) : 0);
const within = ([low, high]: Range, value: number, mayBeRounded: boolean): boolean =>
  (value >= low - slack(low) && value <= high + slack(high)) ||
  (mayBeRounded && digits.some((parts) => isRounded(value * parts, low * parts, high * parts)));

/** Rounded to a whole number, to tenths or to hundredths. */
const digits = [1, 10, 100];
const isRounded = (value: number, low: number, high: number): boolean =>
  Math.abs(value - Math.round(value)) <= slack(value) &&
  Math.round(value) >= Math.round(low) &&
  Math.round(value) <= Math.round(high);

/**
 * Whether an answer is what is expected at its instant.
 * @param mayBeRounded  to a whole number, or to one or two digits after it
 */
export const isRight = (expected: Expected, answer: Answer, mayBeRounded = false): boolean => {
  const series = seriesOf(answer);
  if ('fires' in expected) return isInstant(answer) && series.length > 0 === expected.fires;
  if ('number' in expected) return series.length === 1 && within(expected.number, numberIn(series[0]!), mayBeRounded);
  const names = Object.keys(expected.each);
  return (
    series.length === names.length &&
    names.every((name) => {
      const own = series.filter(({ labels }) => labels[expected.label] === name);
      return own.length === 1 && within(expected.each[name]!, numberIn(own[0]!), mayBeRounded);
    })
  );
};

/** Puts both into words, beside each other. */
export const compare = (expected: Expected, answer: Answer, mayBeRounded = false): Compared => ({
  at: expected.at,
  ...(expected.where !== undefined && { where: expected.where }),
  expected: expectedWords(expected),
  given: givenWords(expected, answer),
  isRight: isRight(expected, answer, mayBeRounded),
});

/** The same values, whatever they are called; NaN is like NaN, and infinity like nothing else. */
export const isSame = (one: Answer, other: Answer): boolean => {
  const [values, others] = [one, other].map((answer) =>
    seriesOf(answer)
      .map(numberIn)
      .sort((a, b) => a - b),
  ) as [number[], number[]];
  return (
    isInstant(one) === isInstant(other) &&
    values.length === others.length &&
    values.every((value, index) => Object.is(value, others[index]) || Math.abs(value - others[index]!) <= slack(value))
  );
};

/** Whether there is a number in any of the answers: to be empty, infinite or NaN is no sign of having the same cause. */
export const hasNumbers = (answers: readonly Answer[]): boolean =>
  answers.some((answer) => seriesOf(answer).some((series) => Number.isFinite(numberIn(series))));

/** What is judged as 0 is shown as 0: in a world what is right there has a little room on both sides. */
const figure = (value: number): string => (Math.abs(value) <= slack(0) ? '0' : String(Number(value.toPrecision(6))));
const rangeWords = ([low, high]: Range): string =>
  figure(low) === figure(high) ? figure(low) : `${figure(low)} to ${figure(high)}`;

const shown = 3;
const listed = (parts: string[]): string =>
  parts.slice(0, shown).join(', ') + (parts.length > shown ? ` and ${parts.length - shown} more` : '');

const expectedWords = (expected: Expected): string => {
  if ('fires' in expected) return expected.fires ? 'true' : 'not true';
  if ('number' in expected) return rangeWords(expected.number);
  return listed(Object.entries(expected.each).map(([name, range]) => `${name} ${rangeWords(range)}`));
};

const givenWords = (expected: Expected, answer: Answer): string => {
  const series = seriesOf(answer);
  if ('fires' in expected) return series.length > 0 ? 'true' : 'not true';
  if ('refused' in answer) return 'refused';
  if (series.length === 0) return isInstant(answer) ? 'nothing' : 'no single value';
  const label = 'label' in expected ? expected.label : undefined;
  const name = ({ labels }: Series) => (label && labels[label] ? `${labels[label]} ` : '');
  return listed(series.map((each) => `${name(each)}${figure(numberIn(each))}`));
};
