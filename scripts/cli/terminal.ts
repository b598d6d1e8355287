import { inspect } from 'node:util';

const names = ['bold', 'dim', 'green', 'red'] as const;

/** Each marks a text, or leaves it as it is where there are no colours. print() makes of the marks what a terminal reads. */
export type Colours = Readonly<Record<(typeof names)[number], (text: string) => string>>;

/** What stdout is: colours, and whether its cursor can move. A file, TERM=dumb and NO_COLOR have neither. */
type Terminal = { colours: Colours; moves: boolean };

/**
 * Around the number of a colour, in place of a terminal's own command: what a label, a query or an error holds of those
 * can then be distinguished from the lab's. Unicode sets these two aside for a program's own use.
 */
const [begin, end] = ['\u{fdd0}', '\u{fdd1}'];

const mark = (code: number): string => `${begin}${code}${end}`;

const coloured = (name: (typeof names)[number]): ((text: string) => string) => {
  const [on, off] = inspect.colors[name]!;
  return (text) => `${mark(on)}${text}${mark(off)}`;
};

const coloursWhere = (areSeen: boolean): Colours =>
  Object.fromEntries(names.map((name) => [name, areSeen ? coloured(name) : (text: string) => text])) as Colours;

/** @param plain  true where a program reads what is printed, as with --json */
export const terminalFrom = (
  { NO_COLOR, TERM }: Record<string, string | undefined>,
  isTTY: boolean | undefined,
  plain = false,
): Terminal => {
  const moves = isTTY === true && !NO_COLOR && TERM !== 'dumb' && !plain;
  return { colours: coloursWhere(moves), moves };
};

/**
 * What a terminal takes for a command, or what turns the order of what stands around it: control characters (C0 but for
 * the end of a line and the tabulator, DEL, C1), line separators, and the marks that set the direction of text.
 */
const commands = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A text with every such character written out, such as `\u001b`: in JSON that is the same text.
 * What labels, queries and errors of others hold reaches the terminal through this alone.
 */
export const printable = (text: string): string =>
  text.replaceAll(commands, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** As printable(), with the lab's own colours. */
const forTerminal = (text: string): string =>
  printable(text).replaceAll(/\u{fdd0}(\d{1,2})\u{fdd1}/gu, (_, code: string) => `\u001b[${code}m`);

export const print = (text: string): void => console.log(forTerminal(text));

export const printError = (text: string): void => console.error(forTerminal(text));
