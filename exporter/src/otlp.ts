import type { Push } from './scenario.ts';

/** What a metric's points count: what has happened since the point before, or since the start. */
const temporalities = { delta: 1, cumulative: 2 };

/** A counter in a request: its name without `_total`, its points in unix seconds, and what they count. */
export type Sum = {
  name: string;
  temporality: keyof typeof temporalities;
  points: readonly (readonly [at: number, value: number])[];
};

const nanoseconds = (at: number): string => `${Math.round(at * 1_000)}000000`;
const attributesOf = (each: Record<string, string>) =>
  Object.entries(each).map(([key, stringValue]) => ({ key, value: { stringValue } }));
/** Numbers of 64 bit are text in OTLP's JSON. */
const metricOf = ({ name, temporality, points }: Sum) => ({
  name,
  sum: {
    aggregationTemporality: temporalities[temporality],
    isMonotonic: true,
    dataPoints: points.map(([at, asDouble]) => ({ timeUnixNano: nanoseconds(at), asDouble })),
  },
});

/**
 * A request with some counters, as OTLP's JSON.
 * @param receiver  host and port of a Prometheus that receives OTLP
 * @param of        the job and the instance that Prometheus stores with them
 * @param at        when it is sent, unix seconds
 */
export const otlpPush = (
  receiver: string,
  { job, instance }: { job: string; instance: string },
  at: number,
  sums: readonly Sum[],
): Push => ({
  at,
  method: 'POST',
  url: `http://${receiver}/api/v1/otlp/v1/metrics`,
  contentType: 'application/json',
  body: JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: attributesOf({ 'service.name': job, 'service.instance.id': instance }) },
        scopeMetrics: [{ metrics: sums.map(metricOf) }],
      },
    ],
  }),
});
