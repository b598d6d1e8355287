/**
 * A table for the terminal: columns as wide as their widest cell, missing cells empty.
 * @param align  of all columns but the first, which is aligned left: `right` suits numbers
 */
export const table = (
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: 'left' | 'right' = 'right',
): string => {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => (row[at] ?? '').length)));
  const pad = (cell: string, at: number) =>
    at === 0 || align === 'left' ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!);
  const line = (row: readonly string[]) => `  ${head.map((_, at) => pad(row[at] ?? '', at)).join('  ')}`.trimEnd();
  const rule = `  ${widths.map((width) => '─'.repeat(width)).join('  ')}`;
  return [title, line(head), rule, ...rows.map(line), ''].join('\n');
};

const thousandsApart = (digits: string): string => digits.replaceAll(/\B(?=(\d{3})+(?!\d)(?<!\.\d*))/g, ' ');

/** A whole number, thousands apart: 100 000. */
export const whole = (value: number): string => thousandsApart(String(value));

/** Significant digits, thousands apart; of three: 0.0123, 1.23, 12.3, 12 300; – for what is no number. */
export const short = (value: number, digits = 3): string => {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return thousandsApart(rounded.toFixed(decimals));
};
