import { type Figure, spread } from './arithmetic.ts';

/** Columns as wide as their widest cell, the first to the left and the others to the right. */
export const table = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const layOut = (line: readonly string[]) =>
    `  ${head.map((_, column) => pad(line[column] ?? '', widths[column]!, column)).join('  ')}`.trimEnd();
  const rule = `  ${widths.map((width) => '─'.repeat(width)).join('  ')}`;
  return [title, layOut(head), rule, ...rows.map(layOut), ''].join('\n');
};

const pad = (cell: string, width: number, column: number) => (column === 0 ? cell.padEnd(width) : cell.padStart(width));

const thousandsApart = (digits: string): string => digits.replaceAll(/\B(?=(\d{3})+(?!\d)(?<!\.\d*))/g, ' ');

/** A whole number as it is: 100 000. */
export const whole = (value: number): string => thousandsApart(String(value));

/** Three significant digits, thousands apart: 0.0123, 1.23, 12.3, 12 300. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(3));
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded))));
  return thousandsApart(rounded.toFixed(digits));
};

/** Median and spread: `1.23 ±4%`. */
export const withSpread = (figure: Figure): string => `${short(figure.median)} ±${Math.round(100 * spread(figure))}%`;
