/** Least squares of relative errors, so that a small size counts as much as a large one. */

/**
 * Fits y = a + b · x.
 * @param points  [x, y], y above 0, at least two different x
 */
export const fitLine = (points: readonly (readonly [x: number, y: number])[]): { base: number; slope: number } => {
  const [base, slope] = fitted(points.map(([x, y]) => [[1, x], y] as const));
  return { base: base!, slope: slope! };
};

/**
 * Fits y = a + b · x + c · z.
 * @param points  [x, z, y], y above 0, at least three that are not on a line
 */
export const fitPlane = (
  points: readonly (readonly [x: number, z: number, y: number])[],
): { base: number; perX: number; perZ: number } => {
  const [base, perX, perZ] = fitted(points.map(([x, z, y]) => [[1, x, z], y] as const));
  return { base: base!, perX: perX!, perZ: perZ! };
};

/** Normal equations of rows that are each divided by their y, solved by elimination. */
const fitted = (rows: readonly (readonly [coefficients: readonly number[], y: number])[]): number[] => {
  const scaled = rows.map(([coefficients, y]) => coefficients.map((each) => each / y));
  const size = scaled[0]!.length;
  const matrix = Array.from({ length: size }, (_, row) => [
    ...Array.from({ length: size }, (_, column) => scaled.reduce((sum, each) => sum + each[row]! * each[column]!, 0)),
    scaled.reduce((sum, each) => sum + each[row]!, 0),
  ]);
  for (let column = 0; column < size; column += 1) {
    const best = matrix
      .slice(column)
      .reduce((most, row) => (Math.abs(row[column]!) > Math.abs(most[column]!) ? row : most));
    const at = matrix.indexOf(best);
    [matrix[column], matrix[at]] = [matrix[at]!, matrix[column]!];
    const pivot = matrix[column]!;
    for (const row of matrix) {
      if (row === pivot) continue;
      const factor = row[column]! / pivot[column]!;
      for (let index = column; index <= size; index += 1) row[index] = row[index]! - factor * pivot[index]!;
    }
  }
  return matrix.map((row, index) => row[size]! / row[index]!);
};
