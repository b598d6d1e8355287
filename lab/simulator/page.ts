/** A sample of a scraped page: its own labels; when its counter was created, and its own timestamp, unix seconds. */
export type Exposed = { series: string; value: number; createdAt?: number; measuredAt?: number };

/** The samples of an OpenMetrics page in the order of the page; the sample that says when a counter was created is put to it. */
export const exposedIn = (page: string): Exposed[] => {
  const created = new Map(
    [...page.matchAll(/^(\w+)_created\{.*\} (\S+)$/gm)].map(([, name, at]) => [name!, Number(at)]),
  );
  return [...page.matchAll(/^((\w+?)(_created)?(?:\{.*\})?) (\S+)(?: (\S+))?$/gm)].flatMap(
    ([, series, name, isCreated, value, stamp]) => {
      if (isCreated) return [];
      const createdAt = created.get(name!.replace(/_total$/, ''));
      const times = { ...(createdAt && { createdAt }), ...(stamp && { measuredAt: Number(stamp) }) };
      return [{ series: series!, value: numberOf(value!), ...times }];
    },
  );
};

const numberOf = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

/** @param series  as a page writes it, such as `cpu_usage{core="core1"}` */
export const labelsOf = (series: string): Record<string, string> => {
  const pairs = [...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!]);
  return { __name__: /^\w+/.exec(series)![0], ...Object.fromEntries(pairs) };
};
