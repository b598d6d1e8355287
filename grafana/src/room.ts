import { pixels, rowPixels, type Size } from './grid.ts';

/** Around the content of a panel: border and padding on both sides, px. */
const frame = 2 * (1 + 8);
const header = 40;
/** Beside a title: the panel's frame, its indent, the menu's button, and the gaps between them, px. */
const besideTitle = frame + 4 + 24 + 2 * 8;
/** The ⓘ of a description and the gap before it, px. */
const infoMark = 32 + 8;

/** What a title may take, px. */
export const titleRoom = (width: number, hasDescription: boolean): number =>
  pixels({ width, height: 1 }).width - besideTitle - (hasDescription ? infoMark : 0);

/** What a panel leaves for its content, px. */
export const contentRoom = (size: Size, hasTitle = true): { width: number; height: number } => {
  const { width, height } = pixels(size);
  return { width: width - frame, height: height - frame - (hasTitle ? header : 0) };
};

/** Kept free below words, so that a pixel that a browser rounds up brings no scroll bar. */
const reserve = 4;

/** The rows of the grid that a panel needs for words of this height, px. */
export const rowsFor = (wordsHeight: number, hasTitle = true): number =>
  Math.ceil((wordsHeight + reserve + rowPixels - contentRoom({ width: 1, height: 1 }, hasTitle).height) / rowPixels);
