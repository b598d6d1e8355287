import { hostAndPort } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import { type Push, scenario } from '../scenario.ts';

/** Devices that push what they count by OTLP, as JSON: a point each second, in a request of its own. */
type Devices = { devices: string };

/** So long after the start the first point is pushed: by then a receiver that is started with the exporter takes it. */
const firstSeconds = 12;
/** The shares of what follows, in seconds after the first point. */
const story = { goneFrom: 6, offlineFrom: 4, backAt: 12, backlogAt: 13.5 };
/** Every fourth request of one device holds a point that no Prometheus takes. */
const badEvery = 4;
const perSecond = 10;

/** Who pushes: one without a fault, one with bad points, two that are offline for a while, and one that stops. */
const names = ['steady', 'mixed', 'north', 'south', 'gone'] as const;
type Device = (typeof names)[number];

/** A request of a device: when it is sent, its points, and whether a bad one is beside them. Unix seconds. */
type DeviceRequest = { device: Device; at: number; points: [at: number, value: number][]; isBad: boolean };

const secondsOf = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** What is sent in one second, so many seconds after the first. */
const requestsIn = ({ startedAt }: Pick<Instance, 'startedAt'>, second: number): DeviceRequest[] => {
  const first = startedAt + firstSeconds;
  const point = (at: number): [number, number] => [first + at, perSecond * at];
  const isOffline = second >= story.offlineFrom && second < story.backAt;
  const pushes = (device: Device) =>
    device === 'gone' ? second < story.goneFrom : !(isOffline && (device === 'north' || device === 'south'));
  const live = names.filter(pushes).map((device): DeviceRequest => {
    const isBad = device === 'mixed' && second % badEvery === badEvery - 1;
    return { device, at: first + second, points: [point(second)], isBad };
  });
  if (second !== Math.floor(story.backlogAt)) return live;
  const backlog = (['north', 'south'] as const).map((device): DeviceRequest => {
    const points = secondsOf(story.offlineFrom, story.backAt).map(point);
    return { device, at: first + story.backlogAt, points, isBad: false };
  });
  return [...live, ...backlog];
};

const milliseconds = (at: number): string => `${Math.round(at * 1_000)}000000`;
const attributes = (each: Record<string, string>) =>
  Object.entries(each).map(([key, stringValue]) => ({ key, value: { stringValue } }));
/** A monotonic sum; numbers of 64 bit are text in OTLP's JSON. */
const sum = (name: string, points: DeviceRequest['points'], aggregationTemporality: number) => ({
  name,
  sum: {
    aggregationTemporality,
    isMonotonic: true,
    dataPoints: points.map(([at, asDouble]) => ({ timeUnixNano: milliseconds(at), asDouble })),
  },
});
const [delta, cumulative] = [1, 2];

const pushOf = (receiver: string, { device, at, points, isBad }: DeviceRequest): Push => ({
  at,
  method: 'POST',
  url: `http://${receiver}/api/v1/otlp/v1/metrics`,
  contentType: 'application/json',
  body: JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: attributes({ 'service.name': 'devices', 'service.instance.id': device }) },
        scopeMetrics: [
          {
            metrics: [
              sum('device_orders', points, cumulative!),
              // What has happened since the last point: Prometheus takes only what has since the start.
              ...(isBad ? [sum('device_errors', points, delta!)] : []),
            ],
          },
        ],
      },
    ],
  }),
});

function* pushesOf(instance: Pick<Instance, 'startedAt'> & Devices): Generator<Push> {
  for (let second = 0; ; second += 1)
    for (const request of requestsIn(instance, second)) yield pushOf(instance.devices, request);
}

/** What `/truth` reports of the devices: their requests by an instant, and the second of the first of all points. */
type DevicesTruth = { first: number; requests: DeviceRequest[] };

export const devices = scenario({
  settings: {
    devices: {
      variable: 'DEVICES',
      expected: hostAndPort.expected,
      parse: hostAndPort.parse,
      suchAs: '`prometheus:9090`',
      simulates:
        'five devices that push `device_orders_total` to this receiver by OTLP, a point a second: each fourth request of one holds a bad point as well, two are offline for 8 s and then send what they have missed, one stops after 6 s',
    },
  },
  isOfFirst: true,
  simulated: ({ devices }: Partial<Devices>) => devices && 'devices',
  pushes: pushesOf,
  truth: (instance, _, { from, to }): { devices: DevicesTruth } => {
    const first = instance.startedAt + firstSeconds;
    const requests = secondsOf(Math.max(0, Math.floor(from) - first), Math.max(0, Math.floor(to) - first + 1));
    return { devices: { first, requests: requests.flatMap((second) => requestsIn(instance, second)) } };
  },
  points: () => 2 * names.length,
  reports: {
    devices:
      '`first`, the second of the first points, and all `requests` in the seconds of the range, each with its points and whether a bad one is beside them',
  },
});
