/** One stored sample: unix seconds and value. */
export type Sample = readonly [at: number, value: number];

export type Series = { labels: Record<string, string>; samples: Sample[] };
