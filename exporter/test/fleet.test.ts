import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceOf } from '../src/instance.ts';
import { cpuPercent } from '../src/signals/cpu.ts';
import { targetsOf } from '../src/targets.ts';
import { truth } from '../src/truth.ts';
import type { World } from '../src/world.ts';
import { everything, fleetFrom, start } from './worlds.ts';

const seconds = (count: number) => Array.from({ length: count }, (_, index) => start + index);

test('without a setting there is one instance, and it simulates nothing beside the base signals', () => {
  assert.deepEqual(fleetFrom({ SIGNAL: 'high', SIGNAL_SEED: '7', CORES: '8' }), [
    { signal: 'high', seed: 7, cores: 8, startedAt: start, number: 1 },
  ]);
});

test('each instance has a seed of its own; the first simulates the signal, the others a calm one', () => {
  const fleet = fleetFrom({ INSTANCES: '3', SIGNAL: 'spikes', SIGNAL_SEED: '7', CORES: '100000' });
  assert.deepEqual(
    fleet.map((world) => [instanceOf(world), world.signal, world.seed, world.cores, world.startedAt]),
    [
      ['exporter:8000', 'spikes', 7, 100_000, start],
      ['exporter:8001', 'calm', 8, 2, start],
      ['exporter:8002', 'calm', 9, 2, start],
    ],
  );
});

test('a calm CPU is anywhere from 0 to 79.99, so that HighCPU is about the first instance alone', () => {
  const values = seconds(20_000).map((second) => cpuPercent('calm', second, 8));
  assert.ok(Math.max(...values) < 80 && Math.max(...values) > 79.9);
  assert.ok(Math.min(...values) >= 0 && Math.min(...values) < 0.1);
});

test('the last instance leaves, and those after the first have a past', () => {
  const fleet = fleetFrom({ INSTANCES: '3', LEAVES_AFTER: '45s', COUNTER_START: '100000' });
  assert.deepEqual(
    fleet.map(({ leavesAt, requestsBefore }) => [leavesAt, requestsBefore]),
    [
      [undefined, undefined],
      [undefined, 100_951],
      [start + 45, 100_675],
    ],
  );
});

const named = (world: World[], job: Parameters<typeof targetsOf>[1], since: number, host = 'exporter:8000') =>
  targetsOf(world, job, host, start + since).map(({ targets, labels }) => [targets.join(), labels.instance]);

test('the targets are the fleet without its first instance, next door to where that was reached', () => {
  const fleet = fleetFrom({ INSTANCES: '3' });
  assert.deepEqual(targetsOf(fleet, 'my_app', 'exporter:8000', start), [
    { targets: ['exporter:8001'], labels: { instance: 'exporter:8001' } },
    { targets: ['exporter:8002'], labels: { instance: 'exporter:8002' } },
  ]);
  assert.deepEqual(named(fleet, 'my_app', 0, '127.0.0.1:18000'), [
    ['127.0.0.1:18001', 'exporter:8001'],
    ['127.0.0.1:18002', 'exporter:8002'],
  ]);
  assert.deepEqual(named(fleet, 'my_app', 0, '[::1]:18000')[0], ['[::1]:18001', 'exporter:8001']);
  assert.deepEqual(named(fleetFrom({}), 'my_app', 0), []);
});

test('an instance that has left is named for two minutes more, so that its scrape really fails', () => {
  const fleet = fleetFrom({ INSTANCES: '2', LEAVES_AFTER: '45s' });
  assert.deepEqual(
    [0, 44, 46, 164, 165].map((since) => named(fleet, 'my_app', since).length),
    [1, 1, 1, 1, 0],
  );
});

test('an instance is a target of its own job alone', () => {
  const fleet = fleetFrom({ INSTANCES: '4', JOB_2: 'my_app_stamped', JOB_4: 'my_app_native' });
  assert.deepEqual(named(fleet, 'my_app', 0), [['exporter:8002', 'exporter:8002']]);
  assert.deepEqual(named(fleet, 'my_app_stamped', 0), [['exporter:8001', 'exporter:8001']]);
  assert.deepEqual(named(fleet, 'my_app_native', 0), [['exporter:8003', 'exporter:8003']]);
  assert.deepEqual(named(fleet, 'my_app_limited', 0), []);
});

test('a pod of the job that maps its labels has one that is called job', () => {
  const fleet = fleetFrom({ INSTANCES: '2', JOB_2: 'my_app_labelmap' });
  assert.deepEqual(targetsOf(fleet, 'my_app_labelmap', 'exporter:8000', start), [
    {
      targets: ['exporter:8001'],
      labels: { instance: 'exporter:8001', __meta_kubernetes_pod_label_job: 'shop' },
    },
  ]);
});

test('a slow page is to be answered within a second, whatever the scrape interval is', () => {
  const [slow, usual] = targetsOf(fleetFrom({ INSTANCES: '3', SLOW_2: '1ms' }), 'my_app', 'exporter:8000', start);
  assert.deepEqual(slow!.labels, { instance: 'exporter:8001', __scrape_timeout__: '1s' });
  assert.deepEqual(usual!.labels, { instance: 'exporter:8002' });
});

test('three clocks look at the wave of the first instance', () => {
  const [first, ...others] = targetsOf(fleetFrom({ CLOCKS: 'on' }), 'my_app', 'exporter:8000', start);
  assert.deepEqual(first, {
    targets: ['exporter:8000'],
    labels: {
      job: 'clock_1s',
      instance: 'exporter:8000',
      __metrics_path__: '/wave',
      __scrape_interval__: '1s',
      __scrape_timeout__: '1s',
    },
  });
  assert.deepEqual(
    others.map(({ labels }) => [labels.job, labels.__scrape_interval__, labels.__scrape_timeout__]),
    [
      ['clock_5s', '5s', '5s'],
      ['clock_30s', '30s', '10s'],
    ],
  );
});

test('a prober is a target once for each of its modules, and is told what to probe', () => {
  const targets = targetsOf(fleetFrom({ SHOP: 'blackbox:9115' }), 'my_app', '127.0.0.1:18000', start);
  assert.deepEqual(targets.at(-1), {
    targets: ['blackbox:9115'],
    labels: {
      job: 'probe',
      instance: 'shop',
      module: 'shop',
      __metrics_path__: '/probe',
      __param_module: 'shop',
      __param_target: 'http://127.0.0.1:18000/shop',
      __scrape_timeout__: '1s',
    },
  });
  assert.deepEqual(
    targets.map(({ labels }) => [labels.module, labels.__param_target]),
    [
      ['tcp', '127.0.0.1:18000'],
      ['http_2xx', 'http://127.0.0.1:18000/shop'],
      ['shop', 'http://127.0.0.1:18000/shop'],
    ],
  );
});

test('Thanos services are targets of a job of their own, and named nowhere else', () => {
  const settings = { INSTANCES: '2', THANOS_TARGETS: 'store=127.0.0.1:18350,query:10902' };
  const fleet = fleetFrom(settings);
  assert.deepEqual(targetsOf(fleet, 'my_app', 'exporter:8000', start).slice(1), [
    { targets: ['127.0.0.1:18350'], labels: { job: 'thanos', instance: 'store' } },
    { targets: ['query:10902'], labels: { job: 'thanos', instance: 'query:10902' } },
  ]);
  assert.deepEqual(targetsOf(fleet, 'my_app_native', 'exporter:8000', start), []);
  const range = { from: start, to: start + 10, step: 5 };
  const without = fleetFrom({ INSTANCES: '2' });
  assert.deepEqual(truth(fleet[0]!, fleet, range, 2), truth(without[0]!, without, range, 2));
});

test('the truth of an instance names the fleet, and nothing arrives at one that is gone', () => {
  const fleet = fleetFrom({
    INSTANCES: '2',
    LEAVES_AFTER: '45s',
    JOB_2: 'my_app_native',
    TRAFFIC: '50,50',
    ERRORS_1: '5@30s',
    ERRORS_2: '2%',
    DEPLOY_2: '30s@20s',
    CLOCKS: 'on',
  });
  const reported = truth(fleet[1]!, fleet, { from: start + 43, to: start + 47, step: 1 }, 0);
  assert.equal(reported.instance, 'exporter:8001');
  assert.deepEqual(reported.fleet, [
    { instance: 'exporter:8000', job: 'my_app', seed: 1, simulates: ['burst', 'clocks'] },
    {
      instance: 'exporter:8001',
      job: 'my_app_native',
      seed: 2,
      simulates: ['errors', 'deploy'],
      leavesAt: start + 45,
      listedUntil: start + 165,
    },
  ]);
  assert.deepEqual(reported.requestsPerSecond, [4, 4, 0, 0, 0]);
  assert.deepEqual(reported.requestsTotal, [172, 176, 180, 180, 180]);
});

test('without a setting the truth reports no scenario', () => {
  const fleet = fleetFrom({});
  const reported = JSON.parse(JSON.stringify(truth(fleet[0], fleet, { from: start, to: start, step: 1 }, 0)));
  assert.deepEqual(Object.keys(reported), [
    'instance',
    'signal',
    'seed',
    'startedAt',
    'from',
    'to',
    'step',
    'fleet',
    'instants',
    'cpuPercent',
    'memoryPercent',
    'requestsPerSecond',
    'requestsTotal',
    'coreCount',
    'cores',
    'totals',
  ]);
  const [all] = fleetFrom(everything);
  const full = truth(all, [all], { from: start, to: start, step: 1 }, 0);
  assert.ok(Object.values(full).every((part) => part !== undefined));
});
