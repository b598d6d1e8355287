import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types.ts';

/** What stdout is: colours, and whether its cursor can move. A file, TERM=dumb and NO_COLOR have neither. */
type Terminal = { colours: Colors; moves: boolean };

/** @param plain  true where a program reads what is printed, as with --json */
export const terminalFrom = (
  { NO_COLOR, TERM }: Record<string, string | undefined>,
  isTTY: boolean | undefined,
  plain = false,
): Terminal => {
  const moves = isTTY === true && !NO_COLOR && TERM !== 'dumb' && !plain;
  return { colours: picocolors.createColors(moves), moves };
};
