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

/**
 * Grafana's list of names below a picture, px. Source: VizLegendList and VizLayout of @grafana/ui; the height of a row is
 * measured: five of them and the padding are 125 px. Beyond its share of the picture it scrolls.
 */
const legend = { row: 23.4, padding: 8, share: 0.35 };

/** How high so many rows of names are, px. */
export const legendHeight = (rows: number): number => legend.row * rows + legend.padding;

/** How high they may be below a picture of this size, px. */
export const legendRoom = (size: Size): number => legend.share * contentRoom(size).height;

/** Kept free below words, so that a pixel that a browser rounds up brings no scroll bar. */
const reserve = 4;

/** The rows of the grid that a panel needs for words of this height, px. */
export const rowsFor = (wordsHeight: number, hasTitle = true): number =>
  Math.ceil((wordsHeight + reserve + rowPixels - contentRoom({ width: 1, height: 1 }, hasTitle).height) / rowPixels);
