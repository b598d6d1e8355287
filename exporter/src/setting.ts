import { durationSeconds } from '../../lab/settings/duration.ts';

/** @returns whole seconds of a duration such as 30s or 1m30s, from 1 s to 1 h; undefined where it is none */
export const wholeSeconds = (text: string): number | undefined => {
  const seconds = durationSeconds(text);
  return seconds !== undefined && Number.isInteger(seconds) && seconds >= 1 && seconds <= 3_600 ? seconds : undefined;
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

export const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
