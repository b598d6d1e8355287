/** One stored sample: unix seconds and value. */
export type Sample = readonly [at: number, value: number];

export type Series = { labels: Record<string, string>; samples: Sample[] };

/** What distinguishes two sets of labels: the same for the same labels in any order. */
export const keyOf = (labels: Record<string, string>): string => JSON.stringify(labels, Object.keys(labels).sort());
