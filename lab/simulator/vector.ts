/** Prometheus refuses the query. */
export class RefusedError extends Error {}

/** Prometheus may answer it; the simulated one does not know how. */
export class NotSimulatedError extends Error {}

/** One element of an instant vector; `sampledAt` is the time of the sample that it is. */
export type Element = { labels: Record<string, string>; value: number; sampledAt?: number };

/** Without the name of a metric, which what is computed has none of. */
export const nameless = <Labelled extends { labels: Record<string, string> }>(element: Labelled): Labelled => {
  const { __name__, ...labels } = element.labels;
  return { ...element, labels };
};

/** Only these labels, or all but these; an empty value is none. */
export const kept = (labels: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (labels[name] ? [[name, labels[name]]] : [])));
export const without = (labels: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
