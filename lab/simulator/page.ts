/** A sample of a scraped page: its own labels; when its counter was created, and its own timestamp, unix seconds. */
export type Exposed = { series: string; value: number; createdAt?: number; measuredAt?: number };

/** What the text of a series says, however often it is scraped: its name, and whether it only says when a counter was created. */
type Read = { name: string; isCreated: boolean };
const read = new Map<string, Read>();
const readOf = (series: string): Read => {
  const known = read.get(series);
  if (known !== undefined) return known;
  const [, name = '', created] = /^(\w+?)(_created)?(?:\{.*\})?$/.exec(series) ?? [];
  const made = { name, isCreated: created !== undefined };
  read.set(series, made);
  return made;
};

/** The samples of an OpenMetrics page in the order of the page; the sample that says when a counter was created is put to it. */
export const exposedIn = (page: string): Exposed[] => {
  const exposed: Exposed[] = [];
  const created = new Map<string, number>();
  for (let from = 0; from < page.length; ) {
    const end = page.indexOf('\n', from);
    const line = page.slice(from, end < 0 ? page.length : end);
    from = end < 0 ? page.length : end + 1;
    if (line === '' || line.startsWith('#')) continue;
    // A label's value may hold a space, and no value or timestamp does.
    const space = line.indexOf(' ', line.lastIndexOf('}') + 1);
    const series = line.slice(0, space);
    const stamp = line.indexOf(' ', space + 1);
    const value = numberOf(stamp < 0 ? line.slice(space + 1) : line.slice(space + 1, stamp));
    const { name, isCreated } = readOf(series);
    if (isCreated) created.set(name, value);
    else exposed.push({ series, value, ...(stamp >= 0 && { measuredAt: Number(line.slice(stamp + 1)) }) });
  }
  if (created.size === 0) return exposed;
  return exposed.map((each) => {
    const createdAt = created.get(readOf(each.series).name.replace(/_total$/, ''));
    return createdAt ? { ...each, createdAt } : each;
  });
};

const numberOf = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

/** @param series  as a page writes it, such as `cpu_usage{core="core1"}` */
export const labelsOf = (series: string): Record<string, string> => {
  const pairs = [...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!]);
  return { __name__: /^\w+/.exec(series)![0], ...Object.fromEntries(pairs) };
};
