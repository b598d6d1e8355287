/** Stretches of time that the picture and the graph of a query can show. */
export const windowsSeconds: readonly number[] = [60, 120, 300, 900, 3_600];
