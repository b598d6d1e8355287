/** Grafana's grid has 24 columns; a row is 30 px high, and 8 px lie between rows and between columns. */
export const columns = 24;
export const rowPixels = 38;
/**
 * A column and the gap beside it, in the narrowest layout that the lab is made for: a window of 1440 px, the menu
 * docked, the side pane of Grafana 13 beside the dashboard, and a scroll bar.
 */
export const columnPixels = 43;
const gapPixels = 8;

export type Size = { width: number; height: number };
export type Place = { x: number; y: number; w: number; h: number };

/** The size of a panel in px. */
export const pixels = ({ width, height }: Size): Size => ({
  width: columnPixels * width - gapPixels,
  height: rowPixels * height - gapPixels,
});

/**
 * Fills rows from the left, in order. A row that is full ends at its highest panel, so nothing overlaps.
 * @throws RangeError for a panel wider than the grid
 */
export const places = (sizes: readonly Size[]): Place[] => {
  let [x, y, rowHeight] = [0, 0, 0];
  return sizes.map(({ width, height }) => {
    if (width < 1 || width > columns) throw new RangeError(`a panel is 1 to ${columns} columns wide, got ${width}`);
    if (x + width > columns) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const place = { x, y, w: width, h: height };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    return place;
  });
};
