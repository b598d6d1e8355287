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

/** What is otherwise for a while: from so long after the start of the process, for so long. */
export type Episode = { afterSeconds: number; seconds: number };

/** @returns an episode such as 30s@20s (for 30 s, from 20 s after the start on); undefined where it is none */
export const episode = (text: string): Episode | undefined => {
  const [lasts = '', after = '', ...rest] = text.split('@');
  const [seconds, afterSeconds] = [wholeSeconds(lasts), wholeSeconds(after)];
  return seconds && afterSeconds && rest.length === 0 ? { seconds, afterSeconds } : undefined;
};

/** @returns unix seconds, whole: the first second of an episode, and the first one after it */
export const boundsOf = (
  { startedAt, episodesFrom = startedAt }: { startedAt: number; episodesFrom?: number },
  { afterSeconds, seconds }: Episode,
) => ({ from: episodesFrom + afterSeconds, to: episodesFrom + afterSeconds + seconds });
