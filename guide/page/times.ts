/** Times and durations as they are typed. */

const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** @returns seconds of `90`, `90s`, `1m30s`, `1.5h`; undefined for anything else */
export const durationIn = (text: string): number | undefined => {
  const typed = text.trim();
  if (/^\d+(\.\d+)?$/.test(typed)) return Number(typed);
  if (!/^(\d+(\.\d+)?\s*(ms|s|m|h)\s*)+$/.test(typed)) return undefined;
  return [...typed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h)/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * units[unit!]!,
    0,
  );
};

/** @returns such as 90, 2m, 1h: what `durationIn` reads */
export const duration = (seconds: number): string => {
  if (seconds >= 3_600 && seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60}m`;
  return `${Number(seconds.toFixed(1))}s`;
};

/**
 * The last time of day that is no later than now.
 * @param text  such as 14:05 or 14:05:10.5, UTC
 * @param now   unix seconds
 * @returns unix seconds; undefined for anything else
 */
export const instantIn = (text: string, now: number): number | undefined => {
  const [, hours, minutes, rest = '0'] = /^\s*(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const at = Math.floor(now / 86_400) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
  return at > now ? at - 86_400 : at;
};
