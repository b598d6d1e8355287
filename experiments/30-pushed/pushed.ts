import type { Truth } from '../../lab/model/lab.ts';
import type { Sample } from '../../lab/promql/sample.ts';

export const orders = 'device_orders_total';
export const visits = 'device_visits_total';
/** Who pushes these; all others push orders. */
export const visitors: readonly string[] = ['patient', 'twins'];
export const refused = 'prometheus_http_requests_total{job="prometheus",handler="/api/v1/otlp/v1/metrics",code!~"2.."}';
export const outOfOrder = 'prometheus_tsdb_out_of_order_samples_total{job="prometheus",type="float"}';

/** So many seconds from the first points on are measured: all that happens once lies in them. */
export const storySeconds = 16;

/** The series of one device. */
export const of = (device: string): string => `${orders}{job="devices",instance="${device}"}`;

/** The series of the device that is two processes. */
export const twins = `${visits}{job="devices",instance="twins"}`;
/** The series of the device that pushes what it has missed before what is new, and what two rules record of it. */
export const patient = `${visits}{job="devices",instance="patient"}`;
export const recorded = 'instance:device_visits:increase10s';
export const recordedLater = `${recorded}_late`;

const all = `${orders}{job="devices"}`;
/** How many devices an instant query shows, and how many of them have a point in the last 5 s. */
export const [counted, pushing] = [`count(${all})`, `count(count_over_time(${all}[5s]))`];
/** 1 where the device that stops has no point in the last 5 s. */
export const absence = `absent_over_time(${of('stopped')}[5s])`;

/** What the devices have sent in those seconds. */
export type Devices = NonNullable<Truth['devices']>;
export type DeviceRequest = Devices['requests'][number];

const isLater = (before: readonly DeviceRequest[], { device, points }: DeviceRequest): boolean =>
  before.every((each) => each.device !== device || each.points.every(([at]) => at < points[0]![0]));

/** A request whose points are older than one that the same device has sent before. */
export const isLate = ({ requests }: Devices, request: DeviceRequest): boolean =>
  !isLater(requests.slice(0, requests.indexOf(request)), request);

/** The points of some requests, in the order of time. */
export const pointsOf = (requests: readonly DeviceRequest[]): Sample[] =>
  requests.flatMap(({ points }) => points).sort(([one], [other]) => one - other);

/** Where both have the same points with the same values. */
export const isSame = (one: readonly Sample[], other: readonly Sample[]): boolean =>
  one.length === other.length &&
  one.every(([at, value], index) => Math.abs(at - other[index]![0]) < 0.001 && value === other[index]![1]);
