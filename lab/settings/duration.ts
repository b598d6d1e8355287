const unitSeconds = [31_536_000, 604_800, 86_400, 3_600, 60, 1, 0.001];

const grammar = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Prometheus' own grammar of durations, such as `1m30s`: each unit once at most, the largest first.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations
 * @returns seconds, 0 or more; undefined where it is none
 */
export const durationSeconds = (text: string): number | undefined => {
  const [, ...amounts] = (text !== '' && grammar.exec(text)) || [];
  if (amounts.length === 0) return undefined;
  return amounts.reduce((sum, amount, index) => sum + Number(amount ?? 0) * unitSeconds[index]!, 0);
};
