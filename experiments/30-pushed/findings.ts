import { between, clock, count, listed, truthBetween } from '../../lab/model/format.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { type DeviceRequest, type Devices, isSame, of, orders, pointsOf, refused } from './pushed.ts';
import type { Recorded } from './rule.ts';
import type { Stopped } from './stopped.ts';
import type { Increase } from './writers.ts';

/** What was stored of each device, and what Prometheus counts itself, at a scrape of its own. */
export type Measured = {
  devices: Devices;
  stored: Readonly<Record<string, readonly Sample[]>>;
  /** undefined where it counts nothing of that kind */
  outOfOrder: number | undefined;
  refused: { counted: number; least: number; most: number };
  increase: Increase;
  stopped: Stopped;
  recorded: Recorded;
};

export const requestsOf = ({ requests }: Devices, ...devices: string[]): DeviceRequest[] =>
  requests.filter(({ device }) => devices.includes(device));
/** How many points are not stored. */
export const lostOf = (all: readonly Sample[], stored: readonly Sample[] = []) => all.length - stored.length;

export const whatHappened = ({ devices }: Measured): Fact => {
  const names = [...new Set(devices.requests.map(({ device }) => device))];
  const each = names.map((name) => `${name} ${pointsOf(requestsOf(devices, name)).length}`);
  const last = devices.requests.at(-1)!.at;
  return {
    fact: `what happened: from ${clock(devices.first)} to ${clock(last)} points were pushed: ${listed(each)}, in ${count(devices.requests.length, 'request')}`,
    evidence: `${truthBetween(devices.first, last)}, devices`,
  };
};

/** The points of a device that are stored are those of the requests that count. */
export const stores = (
  { devices, stored }: Measured,
  names: readonly string[],
  isTaken: (request: DeviceRequest) => boolean,
  words: string,
  holds = true,
): Claim => {
  const rows = names.map((name) => ({
    name,
    own: stored[name] ?? [],
    right: pointsOf(requestsOf(devices, name).filter(isTaken)),
  }));
  return {
    claim: words,
    holds: holds && rows.every(({ own, right }) => isSame(own, right)),
    evidence: `${orders}{job="devices",instance=~"${names.join('|')}"}, beside /truth`,
    expected: listed(rows.map(({ name, right }) => `${right.length} of ${name}`)),
    measured: listed(
      rows.map(({ name, own }) => `${own.length} of ${name}, from ${own[0] ? clock(own[0][0]) : 'never'}`),
    ),
    look: `${of(names[0]!)} in the graph view`,
  };
};

export const wholeWithoutFault = (measured: Measured): Claim =>
  stores(
    measured,
    ['steady', 'stopped'],
    () => true,
    `what is pushed in time and whole is stored: ${count(measured.stored.steady?.length ?? 0, 'point')} of steady, by value`,
  );

export const oneBadPoint = (measured: Measured): Claim => {
  const requests = requestsOf(measured.devices, 'mixed');
  const bad = requests.filter(({ isBad }) => isBad);
  return stores(
    measured,
    ['mixed'],
    ({ isBad }) => !isBad,
    `one bad point loses the whole request: ${count(bad.length, 'request')} of mixed held one beside a good one, and ${lostOf(pointsOf(requests), measured.stored.mixed)} of ${requests.length} good ones are lost`,
    bad.length > 0,
  );
};

export const deltaIsRefused = (measured: Measured): Claim => {
  const requests = requestsOf(measured.devices, 'delta');
  const lost = pointsOf(requests).reduce((sum, [, value]) => sum + value, 0);
  return stores(
    measured,
    ['delta'],
    ({ isBad }) => !isBad,
    `a counter that counts from point to point (delta temporality) is refused: delta pushed ${lost} orders in ${count(requests.length, 'request')}, of which ${measured.stored.delta?.length || 'none'} is stored`,
    lost > 0,
  );
};

export const onlyWitness = ({ refused: { counted, least, most } }: Measured): Claim => ({
  claim: `what says so is the count of refused requests: ${counted} (truth: ${between(least, most)})`,
  holds: counted >= least && counted <= most,
  evidence: `${refused}, at a scrape of Prometheus itself, beside the requests of /truth until then`,
  expected: between(least, most),
  measured: `${counted}`,
  look: `${refused} in the table view`,
});
