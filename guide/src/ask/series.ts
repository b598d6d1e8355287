/** A sample as Prometheus writes it: unix seconds, and a value that may be NaN or +Inf. */
export type TextSample = [at: number, value: string];

export type AnsweredSeries = { labels: Record<string, string>; samples: TextSample[] };
