import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Registry } from 'prom-client';
import type { Environment } from '../../lab/settings/reader.ts';
import { createMetrics } from '../src/metrics.ts';
import type { Push } from '../src/scenario.ts';
import { wavePercent } from '../src/signals/clocks.ts';
import { cpuPercent } from '../src/signals/cpu.ts';
import { requestsInSecond } from '../src/signals/requests.ts';
import { spread } from '../src/signals/spread.ts';
import { truth } from '../src/truth.ts';
import { simulatedBy } from '../src/world.ts';
import { fleetFrom, start } from './worlds.ts';

const nothing = { metrics: async () => '' } as Registry;

/** The lines of one scrape, so many seconds after the start, that begin with a name. */
const scraped = async (
  environment: Environment,
  since: number,
  name: string,
  format: 'text' | 'openmetrics' = 'text',
) => {
  const text = await createMetrics(fleetFrom(environment)[0], () => start + since, nothing)(format);
  return text.split('\n').filter((line) => line.startsWith(name));
};
const reported = (environment: Environment, from: number, to: number, step = 1) => {
  const fleet = fleetFrom(environment);
  return truth(fleet[0], fleet, { from: start + from, to: start + to, step }, 0);
};

test('the square wave is 95 for 20 s of the clock and 5 for the next 20 s', () => {
  assert.deepEqual(
    [0, 19.9, 20, 39.9, 40].map((since) => cpuPercent('square', start + since, 1)),
    [95, 95, 5, 5, 95],
  );
});

test('the wave of the clocks has a period of 24 s', () => {
  assert.deepEqual(
    [0, 6, 12, 18, 24].map((since) => wavePercent(start + since)),
    [50, 100, 50, 0, 50],
  );
});

test('shared traffic comes evenly, exactly in its shares', () => {
  const fleet = fleetFrom({ INSTANCES: '2', TRAFFIC: '90,10' });
  const sums = (from: number, to: number) =>
    fleet.map((world) =>
      Array.from({ length: to - from }, (_, index) => requestsInSecond(world, start + from + index)).reduce(
        (sum, count) => sum + count,
      ),
    );
  assert.deepEqual(sums(0, 10), [72, 8]);
  assert.deepEqual(sums(3, 8), [36, 4]);
  assert.deepEqual(sums(900, 910), [216, 24]);
});

test('shares that take turns are active for a minute each', () => {
  const fleet = fleetFrom({ INSTANCES: '2', TRAFFIC: '90,10/70,30' });
  const sums = (minute: number) =>
    fleet.map((world) =>
      Array.from({ length: 60 }, (_, second) => requestsInSecond(world, start + 60 * minute + second)).reduce(
        (sum, count) => sum + count,
      ),
    );
  assert.deepEqual([0, 1, 2].map(sums), [
    [432, 48],
    [336, 144],
    [432, 48],
  ]);
});

test('of a thousand in a row each class gets its share exactly, and no count ever falls', () => {
  const classes = spread([900, 75, 25]);
  for (const from of [0, 1, 999, 123_456]) {
    const [before, after] = [classes(from), classes(from + 1_000)];
    assert.deepEqual(
      after.map((count, index) => count - before[index]!),
      [900, 75, 25],
    );
  }
  for (let count = 0; count < 3_000; count += 1) {
    const grown = classes(count + 1).map((each, index) => each - classes(count)[index]!);
    assert.deepEqual([...grown].sort(), [0, 0, 1]);
  }
  assert.deepEqual(classes(100), [90, 7, 3]);
});

const latency = { INSTANCES: '1', TRAFFIC: '100', LATENCY: '90%:0.02,10%:0.9', BUCKETS: '0.01,0.02,0.5' };

test('the histogram holds what the truth reports, bucket by bucket', async () => {
  assert.deepEqual(await scraped(latency, 100, 'http_request_duration'), [
    'http_request_duration_seconds_bucket{le="0.01"} 0',
    'http_request_duration_seconds_bucket{le="0.02"} 360',
    'http_request_duration_seconds_bucket{le="0.5"} 360',
    'http_request_duration_seconds_bucket{le="+Inf"} 400',
    'http_request_duration_seconds_sum 43.199999999999896',
    'http_request_duration_seconds_count 400',
  ]);
  const { latency: truth, requestsTotal } = reported(latency, 0, 100, 50);
  assert.deepEqual(requestsTotal, [0, 200, 400]);
  assert.deepEqual(truth?.buckets, [0.01, 0.02, 0.5]);
  assert.deepEqual(truth?.cumulative, [
    [0, 0, 0],
    [0, 180, 360],
    [0, 180, 360],
    [0, 200, 400],
  ]);
  assert.deepEqual(
    truth?.sumSeconds.map((sum) => sum.toFixed(9)),
    ['0.000000000', '21.600000000', '43.200000000'],
  );
  assert.deepEqual(truth?.durations, [
    { seconds: 0.02, requests: 360 },
    { seconds: 0.9, requests: 40 },
  ]);
});

test('a histogram that is read often holds what one that is read once does', async () => {
  let now = start;
  const scrape = createMetrics(fleetFrom(latency)[0], () => now, nothing);
  for (; now < start + 100; now += 0.7) await scrape('text');
  now = start + 100;
  const lines = (await scrape('text')).split('\n').filter((line) => /_(bucket|count)/.test(line));
  assert.deepEqual(
    lines,
    (await scraped(latency, 100, 'http_')).filter((line) => !line.includes('_sum')),
  );
});

const burst = { ERRORS: '5@30s' };

test('a burst is created with its first error; the twin was there before, the third reports when it was created', async () => {
  assert.deepEqual(await scraped(burst, 30.9, 'errors_', 'openmetrics'), ['errors_zeroed_total{code="500"} 0']);
  assert.deepEqual(await scraped(burst, 31, 'errors_', 'openmetrics'), [
    'errors_total{code="500"} 5',
    'errors_zeroed_total{code="500"} 5',
    'errors_dated_total{code="500"} 5',
    `errors_dated_created{code="500"} ${start + 30}`,
  ]);
  assert.deepEqual(await scraped(burst, 1_000, 'errors_'), [
    'errors_total{code="500"} 5',
    'errors_zeroed_total{code="500"} 5',
    'errors_dated_total{code="500"} 5',
  ]);
  assert.deepEqual(await scraped(burst, 31, 'http_requests_total'), []);
  assert.deepEqual(reported(burst, 29, 32).errors, {
    total: [0, 0, 5, 5],
    bornAt: start + 30,
    burst: { count: 5, at: start + 30 },
    routes: [],
  });
  assert.deepEqual(reported(burst, 0, 30).errors, {
    total: Array(31).fill(0),
    bornAt: null,
    burst: { count: 5, at: start + 30 },
    routes: [],
  });
});

const routes = { TRAFFIC: '100', ERRORS: 'light:90%:2%,heavy:10%:20%' };

test('shares of errors: each route has its own, exactly', async () => {
  assert.deepEqual(await scraped(routes, 250, 'http_requests_total'), [
    'http_requests_total{route="light",code="200"} 882',
    'http_requests_total{route="light",code="500"} 18',
    'http_requests_total{route="heavy",code="200"} 80',
    'http_requests_total{route="heavy",code="500"} 20',
  ]);
  const { errors } = reported(routes, 0, 250, 250);
  assert.deepEqual(errors?.total, [0, 38]);
  assert.deepEqual(errors?.routes, [
    { route: 'light', requests: [0, 900], errors: [0, 18] },
    { route: 'heavy', requests: [0, 100], errors: [0, 20] },
  ]);
  assert.equal(errors?.bornAt, start + 6);
});

test('for so long one instance shows two versions', async () => {
  const deploy = { DEPLOY: '30s@20s' };
  const [old, next] = ['build_info{version="1.0.0"} 1', 'build_info{version="1.1.0"} 1'];
  assert.deepEqual(await scraped(deploy, 19.9, 'build_info'), [old]);
  assert.deepEqual(await scraped(deploy, 20, 'build_info'), [old, next]);
  assert.deepEqual(await scraped(deploy, 49.9, 'build_info'), [old, next]);
  assert.deepEqual(await scraped(deploy, 50, 'build_info'), [next]);
  assert.deepEqual(reported(deploy, 10, 60, 20).deploy, {
    from: start + 20,
    to: start + 50,
    versions: [['1.0.0'], ['1.0.0', '1.1.0'], ['1.1.0']],
  });
});

test('the database is down all the time, the cache for so long after the start', async () => {
  const down = { OUTAGE: '15s' };
  const page = (cache: number) => [
    'dependency_up{dependency="database"} 0',
    `dependency_up{dependency="cache"} ${cache}`,
  ];
  assert.deepEqual(await scraped(down, 14.9, 'dependency_up'), page(0));
  assert.deepEqual(await scraped(down, 15, 'dependency_up'), page(1));
  assert.deepEqual(reported(down, 14, 15).outage, { database: [0, 0], cache: [0, 1] });
});

test('a label has fifty new values every so often, and stops after a hundred generations', async () => {
  const churn = { CHURN: '10s' };
  const sessions = async (since: number) => {
    const lines = await scraped(churn, since, 'session_active');
    return [lines.length, lines[0], lines.at(-1)];
  };
  const generation = (number: number) => [
    50,
    `session_active{session="${number}-1"} 1`,
    `session_active{session="${number}-50"} 1`,
  ];
  assert.deepEqual(await sessions(9.9), generation(0));
  assert.deepEqual(await sessions(10), generation(1));
  assert.deepEqual(await sessions(989), generation(98));
  assert.deepEqual(await sessions(990), generation(99));
  assert.deepEqual(await sessions(100_000), generation(99));
  assert.deepEqual(reported(churn, 0, 1_000, 500).churn, {
    everySeconds: 10,
    series: 50,
    generations: 100,
    generation: [0, 50, 99],
    lastBeginsAt: start + 990,
  });
});

test('one of two equal gauges has a timestamp of its own, and both stop', async () => {
  const stamped = { TIMESTAMPS: '60s' };
  assert.deepEqual(await scraped(stamped, 30.7, 'temperature_'), [
    'temperature_celsius 24.75',
    `temperature_stamped_celsius 24.75 ${(start + 30) * 1_000}`,
  ]);
  assert.equal(
    (await scraped(stamped, 30.7, 'temperature_', 'openmetrics'))[1],
    `temperature_stamped_celsius 24.75 ${start + 30}`,
  );
  assert.equal((await scraped(stamped, 59.9, 'temperature_')).length, 2);
  assert.deepEqual(await scraped(stamped, 60, 'temperature_'), []);
  assert.deepEqual(reported(stamped, 30.7, 60.7, 30).timestamps, {
    stopsAt: start + 60,
    celsius: [24.75, null],
    measuredAt: [start + 30, null],
  });
});

test('a disk fills up, is emptied, or cannot be read any more while it is as full as before', async () => {
  const emptied = { DISK: '5%@6s,50%@20s' };
  const unread = { DISK: '5%@6s,NaN@20s' };
  const shown = (environment: Environment) =>
    Promise.all([5.9, 6, 19.9, 20].map(async (since) => (await scraped(environment, since, 'disk_free_ratio'))[0]));
  const ratio = (value: string) => `disk_free_ratio ${value}`;
  assert.deepEqual(await shown(emptied), ['0.5', '0.05', '0.05', '0.5'].map(ratio));
  assert.deepEqual(await shown(unread), ['0.5', '0.05', '0.05', 'Nan'].map(ratio));
  assert.deepEqual(reported(emptied, 5, 20, 5).disk, { free: [0.5, 0.05, 0.05, 0.5], exposed: [0.5, 0.05, 0.05, 0.5] });
  assert.deepEqual(reported(unread, 5, 20, 5).disk, {
    free: [0.5, 0.05, 0.05, 0.05],
    exposed: [0.5, 0.05, 0.05, null],
  });
});

test('orders fail from a second on and then come no more, and the first failure makes the series', async () => {
  const orders = { ORDERS: 'fail@3s,stop@14s' };
  const at = (since: number) => scraped(orders, since, 'orders_');
  assert.deepEqual(await at(3.9), ['orders_total 30']);
  assert.deepEqual(await at(4), ['orders_total 40', 'orders_failed_total 10']);
  assert.deepEqual(await at(99), ['orders_total 140', 'orders_failed_total 110']);
  assert.deepEqual(await scraped({ ORDERS: 'on' }, 99, 'orders_'), ['orders_total 990']);
  assert.deepEqual(reported(orders, 3, 15, 6).orders, {
    total: [30, 90, 140],
    failed: [0, 60, 110],
    failsFrom: start + 3,
    stopsAt: start + 14,
  });
  assert.deepEqual(reported({ ORDERS: 'on' }, 9, 9).orders, {
    total: [90],
    failed: [0],
    failsFrom: null,
    stopsAt: null,
  });
});

test('pods have connections, and a page says of them what relabeling drops, joins or renames', async () => {
  const pods = { PODS: '7,5' };
  assert.deepEqual(await scraped(pods, 3, 'open_c'), ['open_connections{pod="a"} 7', 'open_connections{pod="b"} 5']);
  assert.equal((await scraped(pods, 3, 'debug_')).length, 3);
  assert.deepEqual(await scraped(pods, 3, 'database_up'), ['database_up{instance="db:5432"} 1']);
  assert.deepEqual(reported(pods, 3, 4).pods, {
    open: [
      { pod: 'a', connections: 7 },
      { pod: 'b', connections: 5 },
    ],
    total: [12, 12],
    debugSeries: 3,
    database: 'db:5432',
  });
});

test('jobs wait, never near 1000, and the page says so whether it is slow or not', async () => {
  const fleet = fleetFrom({ INSTANCES: '3', SLOW_2: '2ms', SLOW_3: '0ms' });
  const first = Math.ceil(start / 18) * 18 - start;
  const shown = async (number: number, since: number, name: string) => {
    const text = await createMetrics(fleet[number - 1]!, () => start + since, nothing)('text');
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)![1]);
  };
  for (const number of [2, 3]) {
    const waiting = [0, 4, 5, 9, 13, 14, 18].map((since) => shown(number, first + since, 'jobs_waiting'));
    assert.deepEqual(await Promise.all(waiting), [100, 500, 1_300, 1_700, 1_300, 500, 100]);
  }
  assert.equal(await shown(2, 60.5, 'jobs_done_total'), 3_000);
  const range = { from: start + first + 4, to: start + first + 5, step: 1 };
  assert.deepEqual(truth(fleet[1]!, fleet, range, 0).jobs, {
    waiting: [500, 1_300],
    done: [50 * (first + 4), 50 * (first + 5)],
    secondsPerJob: 0.002,
    timeoutSeconds: 1,
  });
});

test('a hundred requests come in the first second of every ten, and one in each other', async () => {
  const bursts = { BURSTS: '100@10s' };
  const total = async (since: number) => (await scraped(bursts, since, 'burst_requests_total'))[0];
  assert.equal(await total(0.9), 'burst_requests_total 0');
  assert.equal(await total(1), 'burst_requests_total 100');
  assert.equal(await total(10.9), 'burst_requests_total 109');
  assert.equal(await total(11), 'burst_requests_total 209');
  assert.deepEqual(reported(bursts, 9, 11).bursts, { total: [108, 109, 209], requests: 100, everySeconds: 10 });
});

test('twelve workers take turns', async () => {
  const top = async (since: number) => {
    const loads = (await scraped({ BURSTS: '100@10s' }, since, 'worker_load_percent')).map((line) => line.split(' '));
    return loads.sort((one, other) => Number(other[1]) - Number(one[1]))[0]![0]!.slice(-4, -2);
  };
  const found = new Set(await Promise.all(Array.from({ length: 14 }, (_, since) => top(since))));
  assert.ok(found.size >= 8, [...found].join());
});

test('a service is down once, and its downtime is counted from 0 on', async () => {
  const down = { DOWNTIME: 'search:1s@12s,checkout:12s@7s' };
  const shown = async (since: number) =>
    (await scraped(down, since, 'downtime_seconds_total')).map((line) => Number(line.split(' ')[1]));
  const each = await Promise.all([0.5, 7.9, 8, 12.9, 13.5, 18.9, 19, 60].map(shown));
  assert.deepEqual(each, [
    [0, 0],
    [0, 0],
    [0, 1],
    [0, 5],
    [1, 6],
    [1, 11],
    [1, 12],
    [1, 12],
  ]);
  assert.deepEqual(reported(down, 12, 14).downtime, {
    search: { from: start + 12, to: start + 13, seconds: [0, 1, 1] },
    checkout: { from: start + 7, to: start + 19, seconds: [5, 6, 7] },
  });
});

test('two switches fail with their hosts, one comes back, and a host fails by itself', async () => {
  const racks = { RACKS: '30s@12s' };
  const down = async (metric: string, since: number) =>
    (await scraped(racks, since, metric))
      .filter((line) => line.endsWith(' 0'))
      .map((line) => /rack="(.)"/.exec(line)![1])
      .join('');
  const of = (...each: number[]) =>
    'abc'
      .split('')
      .map((rack, index) => rack.repeat(each[index]!))
      .join('');
  assert.deepEqual(await Promise.all([11.9, 12, 41.9, 42].map((since) => down('switch_up', since))), [
    '',
    'ab',
    'ab',
    'b',
  ]);
  assert.deepEqual(await Promise.all([11.9, 12, 41.9, 42].map((since) => down('host_reachable', since))), [
    of(0, 0, 0),
    of(12, 12, 1),
    of(12, 12, 1),
    of(0, 12, 1),
  ]);
  const { a, b, c } = reported(racks, 11, 13).racks!;
  assert.deepEqual(a, { from: start + 12, to: start + 42, hosts: 12, switchFails: true, unreachable: [0, 12, 12] });
  assert.deepEqual([b.to, c.to, c.switchFails, c.unreachable], [null, null, false, [0, 1, 1]]);
});

test('devices push a point a second; bad points, what was missed and a stop come at their times', () => {
  const [world] = fleetFrom({ DEVICES: 'prometheus:9090' });
  const { pushes } = simulatedBy(world).find(({ name }) => name === 'devices')!.scenario;
  const sent: Push[] = [];
  for (const push of pushes!(world)) {
    if (push.at >= start + 12 + 16) break;
    sent.push(push);
  }
  const { requests } = reported({ DEVICES: 'prometheus:9090' }, 12, 27).devices!;
  assert.deepEqual(
    sent.map(({ at }) => at),
    requests.map(({ at }) => at),
  );
  const metricsOf = ({ body }: Push) => JSON.parse(body!).resourceMetrics[0].scopeMetrics[0].metrics;
  assert.deepEqual(
    sent.map((push) => metricsOf(push).length),
    requests.map(({ device, isBad }) => (isBad && device !== 'delta' ? 2 : 1)),
  );
  const backlog = sent.filter((push) => metricsOf(push)[0].sum.dataPoints.length > 1);
  assert.deepEqual(
    backlog.map((push) => [push.at - start, metricsOf(push)[0].sum.dataPoints.length]),
    [
      [24, 9],
      [25.5, 8],
      [25.5, 8],
    ],
  );
  assert.deepEqual(metricsOf(backlog[1]!)[0].sum.dataPoints[0], {
    timeUnixNano: `${start + 16}000000000`,
    asDouble: 40,
  });
  const seconds = (device: string) =>
    requests.filter((each) => each.device === device).map(({ at }) => at - start - 12);
  assert.deepEqual(seconds('stopped'), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(seconds('north'), [0, 1, 2, 3, 12, 13, 13.5, 14, 15]);
  const badOf = (device: string) =>
    requests.flatMap((each) => (each.isBad && each.device === device ? [each.at - start - 12] : []));
  assert.deepEqual([seconds('delta'), badOf('delta'), badOf('mixed')], Array(3).fill([3, 7, 11, 15]));
  assert.equal(requests.filter(({ isBad }) => isBad).length, 8);
  const pointsOf = (device: string) => requests.flatMap((each) => (each.device === device ? each.points : []));
  assert.deepEqual(
    pointsOf('patient'),
    Array.from({ length: 16 }, (_, second) => [start + 12 + second, 10 * second]),
  );
  assert.deepEqual(
    pointsOf('delta').map(([, value]) => value),
    [40, 40, 40, 40],
  );
  assert.deepEqual(
    pointsOf('twins').map(([, value]) => value),
    [0, 1010, 20, 1030, 40, 1050, 60, 1070, 80, 1090, 100, 1110, 120, 1130, 140, 1150],
  );
  const { aggregationTemporality } = metricsOf(sent.find(({ body }) => body!.includes('"delta"'))!)[0].sum;
  assert.equal(aggregationTemporality, 1);
});
