/** What came of one fault. */
export type Row = { fault: string; lost: string; recovery: string; outcome: 'held' | 'failed' | 'skipped' };

const marks = { held: '✓', failed: '✗', skipped: '–' };

/** The table "fault · what was lost · time to recover", as wide as its cells. */
export const faultTable = (rows: readonly Row[]): string => {
  const lines = [
    ['', 'fault', 'what was lost', 'time to recover'],
    ...rows.map(({ fault, lost, recovery, outcome }) => [marks[outcome], fault, lost, recovery]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => `  ${line.map((cell, at) => cell.padEnd(widths[at]!)).join('  ')}`.trimEnd()).join('\n');
};

/** Seconds for a reader: 0.4 s, 12 s. */
export const inSeconds = (seconds: number): string => `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
