import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../lab/settings/reader.ts';
import { parseConfig } from '../src/config.ts';

test('an empty environment gives the defaults', () => {
  const defaults = {
    signal: 'random',
    seed: 1,
    cores: 2,
    port: 8000,
    host: '0.0.0.0',
    hostNames: [],
    instances: 1,
    each: [{}],
  };
  assert.deepEqual(parseConfig({}), defaults);
  assert.deepEqual(parseConfig({ SIGNAL: '', CORES: '' }), defaults);
});

test('every variable is read', () => {
  assert.deepEqual(
    parseConfig({ SIGNAL: 'spikes', SIGNAL_SEED: '-7', CORES: '100000', PORT: '65535', HOST: '127.0.0.1' }),
    {
      signal: 'spikes',
      seed: -7,
      cores: 100_000,
      port: 65_535,
      host: '127.0.0.1',
      hostNames: [],
      instances: 1,
      each: [{}],
    },
  );
});

test('a scrape that is answered wrong on purpose is read', () => {
  assert.deepEqual(parseConfig({ METRICS_DELAY: '15s' }).scrapeAnswer, { afterSeconds: 15 });
  assert.deepEqual(parseConfig({ METRICS_TYPE: 'text/html' }).scrapeAnswer, { contentType: 'text/html' });
});

test('Thanos services are read, with a name or without', () => {
  assert.deepEqual(parseConfig({ THANOS_TARGETS: 'store=127.0.0.1:18350,query:10902' }).thanosTargets, [
    { address: '127.0.0.1:18350', name: 'store' },
    { address: 'query:10902' },
  ]);
});

const bad: [name: string, values: string[]][] = [
  ['SIGNAL', ['spiky', 'SPIKES', 'random ', 'random,high', '__proto__', 'toString', '$(id)', 'high\n']],
  ['SIGNAL_SEED', ['one', '1.5', '2147483648', '1e3', '0x10', ' 1', '1;id', 'NaN']],
  ['CORES', ['0', '-1', '100001', 'two', '2.5', '1e2', '٢', '2 2']],
  ['PORT', ['0', '65536', 'http', '-1', '80a', '8000\n', '`id`', '08000000000000000000']],
  ['INSTANCES', ['0', '-1', '13', '1000', '2.5', 'three', '3 ']],
  ['LEAVES_AFTER', ['45s', '0s']],
  ['COUNTER_START', ['100000']],
  ['TRAFFIC', ['90,10', '99', '101', '100,0', ',', '100/', '100/99', '/100']],
  [
    'LATENCY',
    ['fast', '0', '-1', '61', '0.0000001', '1e3', '90%:0.02,20%:1', '90%:0.02', '90%:0.02,10%', '0%:1,100%:2', '0.26s'],
  ],
  [
    'BUCKETS',
    ['1,0.5', '0.1,0.1', '0', '', '1,', 'a', Array.from({ length: 31 }, (_, index) => index + 1).join()].filter(
      Boolean,
    ),
  ],
  [
    'ERRORS',
    ['-1', '5', '0@30s', '5@0s', '5@30', '0%', '101%', '2', 'a:100%', 'a:90%:1%', 'a:50%:1%,a:50%:2%', 'A:100%:1%'],
  ],
  ['DEPLOY', ['30s', '30s@', '30s@0s', '0s@20s', '30@20', '30s@20s@10s', '2h@1s']],
  ['CHURN', ['0s', '10', '-10s', '1.5s', '500ms', '61m', 's']],
  ['TIMESTAMPS', ['0s', 'on', '60']],
  ['SLOW', ['1', 'on', '11ms', '-1ms', '1.5ms', '1s', '01ms', '1ms ']],
  ['DISK', ['5%', '5%@', '5@6s', '101%@6s', 'nan@6s', '5%@6s,', '5%@6s,9%@6s', '5%@20s,NaN@6s', '5%@6s@9s']],
  ['ORDERS', ['yes', 'fail@3s', 'stop@14s', 'fail@14s,stop@3s', 'fail@3s,stop@3s', 'fail@0s,stop@3s', 'fail@3,stop@9']],
  ['BURSTS', ['100', '0@10s', '100@1s', '100@10', '100@', '@10s', '100000@10s', '-1@10s', '100@2h']],
  [
    'DOWNTIME',
    [
      'search',
      'search:1s',
      'search:0s@12s',
      'a:1s@2s,a:1s@9s',
      ':1s@2s',
      'a:1s@2s,',
      'Search:1s@2s',
      Array(11).fill('a:1s@2s').join(),
    ],
  ],
  ['PODS', ['7', '', '7,', '0,5', '7,5.5', '7,1001', 'a,b', Array(11).fill(1).join()].filter(Boolean)],
  ['CERTIFICATE', ['exporter:8443', 'exporter:8443/0d', 'exporter:8443/3', 'exporter/3d', 'exporter:8443/3651d']],
  ['SHOP', ['blackbox', 'http://blackbox:9115', 'blackbox:99999']],
  ['BATCH', ['pushgateway', 'pushgateway:0', 'http://pushgateway:9091', '$(id):1', 'a:9091/metrics']],
  ['DEVICES', ['prometheus', 'prometheus:0', 'http://prometheus:9090', '$(id):1', 'a:9090/api']],
  ['RACKS', ['30s', '30s@', '0s@12s', '30@12', '30s@12s@1s', 'on', '2h@1s']],
  ['JOB', ['prometheus', 'my_app_', '__proto__', 'my_app_limited']],
  ['JOB_1', ['my_app_limited']],
  ['JOB_2', ['my_app_limited']],
  ['CLOCKS', ['yes', '1', 'On']],
  [
    'THANOS_TARGETS',
    [
      'store',
      'store:0',
      'store:65536',
      'store:010902',
      'store:10902,',
      'store:10902\n',
      ' store:10902',
      '=store:10902',
      'a=b=store:10902',
      'http://store:10902',
      '$(id):1',
      'store:1,store:1',
      'a=store:1,a=store:2',
      'a=store:1,b=store:1',
      Array.from({ length: 13 }, (_, index) => `store:${index + 1}`).join(),
    ],
  ],
  ['METRICS_DELAY', ['15', '0s', '500ms', '2h', 'long']],
  ['METRICS_TYPE', ['html', 'text/', 'text/html; charset=utf-8', 'text/html\n', 'a b/c']],
  ['LATENCY_2', ['0.26']],
  ['ERRORS_0', ['2%']],
  ['HOST_NAMES', ['*', 'a,', 'a:8000', 'http://a', 'a b']],
  ['HOST', ['localhost; id', 'a b', '::g', '/tmp/sock']],
];
for (const [name, values] of bad) {
  for (const value of values) {
    test(`${name}=${JSON.stringify(value)} is refused by name, in one line`, () => {
      assert.throws(
        () => parseConfig({ [name]: value }),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.problems.join('\n'), new RegExp(`^${name} must be .*, got ".*"$`));
          return true;
        },
      );
    });
  }
}

test('every problem is reported at once', () => {
  assert.throws(() => parseConfig({ SIGNAL: 'spiky', CORES: 'two' }), {
    message: [
      'exporter: cannot start',
      '  SIGNAL must be random, spikes, high or square, got "spiky"',
      '  CORES must be a whole number from 1 to 100000, got "two"',
    ].join('\n'),
  });
});

test('every setting of the fleet is read, and one with a number behind it is of that instance', () => {
  const { instances, leavesAfterSeconds, counterStart, traffic, each } = parseConfig({
    INSTANCES: '3',
    LEAVES_AFTER: '1m5s',
    COUNTER_START: '100000',
    TRAFFIC: '60,30,10',
    CLOCKS: 'on',
    LATENCY: '0.26',
    LATENCY_2: '97.5%:0.02,2.5%:0.9',
    BUCKETS_3: '0.1,0.26,0.5',
    ERRORS: '5@30s',
    ERRORS_2: '2%',
    ERRORS_3: 'light:90%:2%,heavy:10%:20%',
    DEPLOY_2: '30s@20s',
    CHURN_3: '10s',
    TIMESTAMPS: '30s',
    JOB_3: 'my_app_limited',
  });
  assert.deepEqual([instances, leavesAfterSeconds, counterStart, traffic], [3, 65, 100_000, [[60, 30, 10]]]);
  const burst = { count: 5, afterSeconds: 30 };
  assert.deepEqual(each, [
    {
      latency: { usual: [{ perMille: 1000, seconds: 0.26 }] },
      errors: burst,
      timestamps: { afterSeconds: 30 },
      clocks: true,
    },
    {
      latency: {
        usual: [
          { perMille: 975, seconds: 0.02 },
          { perMille: 25, seconds: 0.9 },
        ],
      },
      errors: { routes: [{ route: 'all', perMille: 1000, failingPerMille: 20 }] },
      deploy: { seconds: 30, afterSeconds: 20 },
      timestamps: { afterSeconds: 30 },
    },
    {
      latency: { usual: [{ perMille: 1000, seconds: 0.26 }] },
      buckets: [0.1, 0.26, 0.5],
      errors: {
        routes: [
          { route: 'light', perMille: 900, failingPerMille: 20 },
          { route: 'heavy', perMille: 100, failingPerMille: 200 },
        ],
      },
      churn: { everySeconds: 10 },
      timestamps: { afterSeconds: 30 },
      job: 'my_app_limited',
    },
  ]);
});

test('a setting of an instance that is not there is refused, and a port that leaves no room', () => {
  assert.throws(() => parseConfig({ INSTANCES: '3', LATENCY_4: '0.26', PORT: '65534' }), {
    message: [
      'exporter: cannot start',
      '  PORT must be at most 65533, since INSTANCES is 3, got "65534"',
      '  LATENCY_4 must be of an instance from 1 to 3, since INSTANCES is 3, got "0.26"',
    ].join('\n'),
  });
});

test('the first instance is a static target, so only the others can be put into another job', () => {
  const jobs = (environment: Record<string, string>) => parseConfig(environment).each.map(({ job }) => job);
  assert.deepEqual(jobs({ INSTANCES: '3', JOB: 'my_app_stamped', JOB_3: 'my_app_native' }), [
    undefined,
    'my_app_stamped',
    'my_app_native',
  ]);
  assert.throws(() => jobs({ INSTANCES: '2', JOB_1: 'my_app_native' }), /JOB_1 must be of an instance from 2 to 2/);
});

test('a wrong number of instances is not called wrong twice', () => {
  assert.throws(
    () => parseConfig({ INSTANCES: '1000', TRAFFIC: '90,10', LATENCY: '90%:0.02,20%:1', LEAVES_AFTER: '5s' }),
    {
      message: [
        'exporter: cannot start',
        '  INSTANCES must be a whole number from 1 to 12, got "1000"',
        '  LATENCY must be seconds above 0 and up to 60 such as 0.26, or up to 10 shares of 100 % in all such as 90%:0.02,10%:0.9; otherwise for a while, such as 0.1/0.9/40s@20s, got "90%:0.02,20%:1"',
      ].join('\n'),
    },
  );
});
