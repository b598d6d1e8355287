import { hostAndPort } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import { otlpPush, type Sum } from '../otlp.ts';
import { type Push, scenario } from '../scenario.ts';

/** Devices that push what they count by OTLP, as JSON: a point each second, in a request of its own. One is slower. */
type Devices = { devices: string };

/** So long after the start the first point is pushed: by then a receiver that is started with the exporter takes it. */
const firstSeconds = 12;
/** The shares of what follows, in seconds after the first point. */
const story = { stoppedFrom: 6, offlineFrom: 4, backAt: 12, backlogAt: 13.5 };
/** Every fourth second one device has a point that no Prometheus takes, and another one pushes what it counted since. */
const badEvery = 4;
const perSecond = 10;
/** What the second process of a device has counted before the first points. */
const countedBefore = 1_000;

/**
 * Who pushes: one without a fault, one with bad points, one that counts from point to point, two that are offline for a
 * while and then push what is new first, one that pushes what it has missed first, one that stops, and one of two
 * processes, which push in turn under its one name.
 */
const names = ['steady', 'mixed', 'delta', 'north', 'south', 'patient', 'stopped', 'twins'] as const;
type Device = (typeof names)[number];

/**
 * A request of a device: when it is sent, its points, and whether one that Prometheus does not take is among or beside
 * them. Unix seconds.
 */
type DeviceRequest = {
  device: Device;
  /** which of its processes pushes */
  process: 1 | 2;
  at: number;
  points: [at: number, value: number][];
  isBad: boolean;
};

const secondsOf = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** What is sent in one second, so many seconds after the first. */
const requestsIn = ({ startedAt }: Pick<Instance, 'startedAt'>, second: number): DeviceRequest[] => {
  const first = startedAt + firstSeconds;
  const point = (at: number): [number, number] => [first + at, perSecond * at];
  const isFourth = second % badEvery === badEvery - 1;
  const isOffline = second >= story.offlineFrom && second < story.backAt;
  const pushes: Partial<Record<Device, boolean>> = {
    delta: isFourth,
    north: !isOffline,
    south: !isOffline,
    patient: !isOffline,
    stopped: second < story.stoppedFrom,
  };
  const live = names
    .filter((device) => pushes[device] ?? true)
    .map((device): DeviceRequest => {
      const process = device === 'twins' && second % 2 === 1 ? 2 : 1;
      const since = device === 'patient' && second === story.backAt ? story.offlineFrom : second;
      const before = process === 2 ? countedBefore : 0;
      const points = secondsOf(since, second + 1).map((each): [number, number] => {
        const [at, value] = point(each);
        return [at, device === 'delta' ? perSecond * badEvery : value + before];
      });
      const isBad = isFourth && (device === 'mixed' || device === 'delta');
      return { device, process, at: first + second, points, isBad };
    });
  if (second !== Math.floor(story.backlogAt)) return live;
  const backlog = (['north', 'south'] as const).map((device): DeviceRequest => {
    const points = secondsOf(story.offlineFrom, story.backAt).map(point);
    return { device, process: 1, at: first + story.backlogAt, points, isBad: false };
  });
  return [...live, ...backlog];
};

/** What a request holds. Prometheus takes what has been counted since the start, and not what has since the last point. */
const sumsOf = ({ device, points, isBad }: DeviceRequest): Sum[] => {
  if (device === 'delta') return [{ name: 'device_orders', temporality: 'delta', points }];
  const name = device === 'twins' || device === 'patient' ? 'device_visits' : 'device_orders';
  const bad: Sum = { name: 'device_errors', temporality: 'delta', points };
  return [{ name, temporality: 'cumulative', points }, ...(isBad ? [bad] : [])];
};

function* pushesOf(instance: Pick<Instance, 'startedAt'> & Devices): Generator<Push> {
  for (let second = 0; ; second += 1)
    for (const request of requestsIn(instance, second)) {
      const { device, at } = request;
      yield otlpPush(instance.devices, { job: 'devices', instance: device }, at, sumsOf(request));
    }
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
        'eight devices that push `device_orders_total` to this receiver by OTLP, a point a second: each fourth request of one holds a bad point as well, one pushes every 4 s what it has counted since its last point (delta temporality), two are offline for 8 s and then send what they have missed, one stops after 6 s; of `device_visits_total`, two processes push in turn under one name, and one device sends what it has missed before what is new',
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
      '`first`, the second of the first points, and all `requests` in the seconds of the range, each with its points, which process of the device sends it, and whether a point that Prometheus does not take is among or beside them',
  },
});
