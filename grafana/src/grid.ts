/** Grafana's grid has 24 columns; a row is 30 px high, and 8 px lie between rows. */
export const columns = 24;

export type Size = { width: number; height: number };
export type Place = { x: number; y: number; w: number; h: number };

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
