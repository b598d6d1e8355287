import { codeWidth, textWidth, type Weight } from './width.ts';

/** Grafana's own styles of a text panel, px. */
const lineHeight = 22;
const gapBelow = 16;
const listIndent = 24;
const cell = { padding: { across: 16, down: 8 }, border: 1 };

/** What text takes once it is written into a box, px. */
type Flow = {
  height: number;
  /** the widest part that cannot wrap: more than the box has, and a scroll bar appears */
  width: number;
};

/**
 * Writes markdown into a box as Grafana's text panel does. Knows paragraphs, lists of one level and tables; in them
 * code, links, bold and italic.
 * @param width  of the box, px
 */
export const flow = (markdown: string, width: number): Flow => {
  const blocks = markdown.split(/\n{2,}/).map((block) => blockFlow(block.split('\n'), width));
  const gaps = gapBelow * (blocks.length - 1);
  return {
    height: blocks.reduce((sum, { height }) => sum + height, gaps),
    width: Math.max(...blocks.map((block) => block.width)),
  };
};

const blockFlow = (lines: string[], width: number): Flow => {
  if (lines[0]!.startsWith('|')) return tableFlow(lines, width);
  const isList = lines[0]!.startsWith('- ');
  const indent = isList ? listIndent : 0;
  const texts = isList ? lines.map((line) => line.replace(/^- /, '')) : [lines.join(' ')];
  const words = texts.map((text) => wordsOf(text));
  return {
    height: lineHeight * words.reduce((sum, each) => sum + linesOf(each, width - indent), 0),
    width: indent + Math.max(...words.flat()),
  };
};

/** Columns share what is left over their longest words in proportion to what each would need to stay on one line. */
const tableFlow = (lines: string[], width: number): Flow => {
  const [head, , ...body] = lines.map(cellsOf);
  const rows = [
    head!.map((text) => wordsOf(text, 'medium')),
    ...body.map((cells) => cells.map((text) => wordsOf(text))),
  ];
  const columns = head!.map((_, column) => {
    const words = rows.map((row) => row[column]!);
    return { least: Math.max(...words.flat()), most: Math.max(...words.map(onOneLine)) };
  });
  const frame = columns.length * (cell.padding.across + cell.border) + cell.border;
  const least = columns.reduce((sum, column) => sum + column.least, 0);
  const most = columns.reduce((sum, column) => sum + column.most, 0);
  const share = most === least ? 1 : Math.min(1, Math.max(0, width - frame - least) / (most - least));
  const widths = columns.map((column) => column.least + share * (column.most - column.least));
  const heights = rows.map(
    (row) => lineHeight * Math.max(...row.map((words, column) => linesOf(words, widths[column]!))),
  );
  return {
    height: heights.reduce((sum, height) => sum + height + cell.padding.down + cell.border, cell.border),
    width: least + frame,
  };
};

const cellsOf = (line: string): string[] =>
  line
    .replace(/^\| | \|$/g, '')
    .split(/(?<!\\)\|/)
    .map((text) => text.trim().replaceAll('\\|', '|'));

const marks = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\([^)]*\)|([^`*[]+|[*[])/g;
const spaceWidth = textWidth(' ');

/** The widths of a text's words: what lies between two spaces, marks left out. A run of code is never broken. */
const wordsOf = (text: string, weight: Weight = 'regular'): number[] => {
  const words = [0];
  for (const [, code, bold, italic, link, plain] of text.matchAll(marks)) {
    if (code !== undefined) {
      words[words.length - 1]! += codeWidth(code);
      continue;
    }
    const pieces = (bold ?? italic ?? link ?? plain ?? '').split(' ');
    pieces.forEach((piece, index) => {
      if (index > 0) words.push(0);
      words[words.length - 1]! += textWidth(piece, bold === undefined ? weight : 'medium');
    });
  }
  return words;
};

const onOneLine = (words: readonly number[]): number =>
  words.reduce((sum, word) => sum + spaceWidth + word, -spaceWidth);

/** Sums of the same widths in another order differ by less, px. */
const rounding = 0.01;

const linesOf = (words: readonly number[], width: number): number => {
  let lines = 1;
  let used = -spaceWidth;
  for (const word of words) {
    used += spaceWidth + word;
    if (used <= width + rounding || used === word) continue;
    lines += 1;
    used = word;
  }
  return lines;
};
