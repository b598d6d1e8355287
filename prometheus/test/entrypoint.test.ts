import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { durationSeconds } from '../../lab/settings/duration.ts';
import { promtool } from '../../test/support/promtool.ts';
import { filesIn, findShells, sandboxFor } from './run-entrypoint.ts';
import { testValues, type Values } from './values.ts';

const source = join(import.meta.dirname, '..');
const entrypoint = join(source, 'entrypoint.sh');
const base = { LAB_CONFIG_DIR: source, HISTORY_SECONDS: '0' };
const programs = ['prometheus', 'promtool'];
const sandboxOf = (t: TestContext) => sandboxFor(t, programs);
const shells = findShells();

const table: Values[] = [
  {
    name: 'SCRAPE_INTERVAL',
    good: ['5s', '500ms', '1m30s', '4m59s999ms', '0h0m1s', '299s', '100ms', '999ms', '0s100ms'],
    bad: [
      '1ms',
      '10ms',
      '99ms',
      '0s99ms',
      '0.5s',
      '0',
      '0s',
      '5',
      's',
      '5S',
      '1.5s',
      '-5s',
      '+5s',
      '5 s',
      '30s1m',
      '5s5s',
      '5sec',
      '5m',
      '300s',
      '6m',
      '1h',
      '1d',
      '1y',
    ],
  },
  {
    name: 'EVALUATION_INTERVAL',
    good: ['1s', '100ms'],
    bad: ['1ms', '99ms', '0ms', 'often', '99999999999999999999y', `${'0'.repeat(40)}5s`],
  },
  {
    name: 'FOR_GRACE_PERIOD',
    good: ['10m', '1s', '23h59m59s'],
    bad: ['0s', '999ms', '1d', '24h', '10', 'never', '1.5m', '-1m'],
  },
  { name: 'METRICS_PATH', good: ['/metrics', '/a/b.c_d-1'], bad: ['metrics', '/a?b=c', '/%2e', `/${'a'.repeat(100)}`] },
  { name: 'SCRAPE_SCHEME', good: ['https', 'http'], bad: ['HTTP', 'ftp', 'https:', 'http https'] },
  { name: 'OTLP_RECEIVER', good: ['on', 'off'], bad: ['On', 'yes', '1'] },
  { name: 'RELABEL', good: ['none', 'rename', 'drop'], bad: ['Drop', 'keep', 'none drop'] },
  { name: 'SHIFTS', good: ['off'], bad: ['yes', 'On', 'off on'] },
  {
    name: 'SHARD',
    good: ['0/2', '1/2', '0/1', '999/1000'],
    bad: ['2/2', '0', '/2', '0/', '0/0', '-1/2', '1/02', '01/2', '0/2/2', 'a/b', '0/1001', '0 / 2'],
  },
  { name: 'REPLICA', good: ['a', 'eu-west_1'], bad: ['a b', '-a', 'a:1', 'a'.repeat(31), "a'"] },
  { name: 'TARGET_ADDRESS', good: ['exporter:8001'], bad: ['8001', 'exporter'] },
  {
    name: 'EXPORTER_ADDRESS',
    good: ['exporter:8000', '127.0.0.1:1', 'a_b.c-d:65535'],
    bad: [
      'exporter',
      ':8000',
      'exporter:',
      'a:0',
      'a:65536',
      'a:080',
      'a:b',
      'a:b:1',
      'http://a:1',
      'a/b:1',
      '-a:1',
      'a-:1',
    ],
  },
  { name: 'ALERTMANAGER_ADDRESS', good: ['localhost:9093'], bad: ['alertmanager', 'a@b:1', `${'a'.repeat(254)}:1`] },
  { name: 'PROMETHEUS_ADDRESS', good: ['localhost:1'], bad: ['9090', 'a:99999999999999999999'] },
  { name: 'PROMETHEUS_LISTEN', good: ['127.0.0.1:9090'], bad: [':9090', '0.0.0.0', '[::]'] },
  {
    name: 'PROMETHEUS_URL',
    good: ['http://localhost:9090', 'https://x-9090.example.org/'],
    bad: [
      'localhost:9090',
      'ftp://a',
      'http://',
      'http://a/b',
      'http://a:0',
      'http://u:p@a',
      'HTTP://a',
      'javascript:1',
    ],
  },
  {
    name: 'REMOTE_WRITE_URL',
    good: [
      'http://store:19291/api/v1/receive',
      'https://mimir.example.org/api/v1/push',
      'http://127.0.0.1:8428/insert/0/prometheus/api/v1/write',
    ],
    bad: [
      'store:19291/api/v1/receive',
      'http://store:19291',
      'http:///api/v1/write',
      'http://store:0/a',
      'ftp://store/a',
      'http://user:secret@store/api/v1/write',
      'http://store/write?db=a',
    ],
  },
  {
    name: 'OWN_TARGET',
    good: ['localhost:9100', '192.168.1.7:80', 'node_1.example.org:9100'],
    bad: ['localhost', ':9100', 'http://localhost:9100', 'localhost:9100/metrics', 'a:0', 'a:1,b:1', "a':1", '[::1]:1'],
  },
  { name: 'LOCALHOST', good: ['host.docker.internal'], bad: ['-', 'a:1'] },
  { name: 'HISTORY_SECONDS', good: ['0'], bad: ['1e3', '-1', '3600.5', '86401', '007', '0x10', '1h', '9'.repeat(30)] },
];

test('the intervals are read alike here and where TypeScript reads a duration', () => {
  const isInterval = (text: string) => {
    const seconds = durationSeconds(text) ?? 0;
    return seconds >= 0.1 && seconds < 300;
  };
  const { good, bad } = table[0]!;
  assert.deepEqual(good.filter(isInterval), good);
  assert.deepEqual(bad.filter(isInterval), []);
});

/** The jobs of experiment 21, in their order. */
const relabeled = ['labeldrop', 'wrong_stage', 'unanchored', 'drop', 'two_keeps', 'labelmap', 'honor_labels'].map(
  (name) => `my_app_${name}`,
);

for (const shell of shells) {
  testValues(shell, { server: 'prometheus', file: entrypoint, programs, base }, table);

  test(`${shell.name}: a Prometheus that does not know the hidden flag starts without it`, async (t) => {
    const sandbox = sandboxOf(t);
    sandbox.standIn('prometheus', 'case $* in *--version) exit 1 ;; esac; printf "%s\\n" "$@"');
    const run = await sandbox.run(shell, entrypoint, base);
    assert.equal(run.exitCode, 0);
    assert.equal(
      run.started?.some((argument) => argument.startsWith('--scrape.')),
      false,
    );
  });

  test(`${shell.name}: without any setting the defaults are rendered`, async (t) => {
    const sandbox = sandboxOf(t);
    const run = await sandbox.run(shell, entrypoint, base, ['--log.level=warn']);
    const config = join(sandbox.dataFolder, 'lab-config', 'prometheus.yml');
    assert.deepEqual(run.started, [
      '--scrape.discovery-reload-interval=100ms',
      `--config.file=${config}`,
      `--storage.tsdb.path=${sandbox.dataFolder}`,
      '--web.listen-address=0.0.0.0:9090',
      '--web.external-url=http://localhost:9090',
      '--web.cors.origin=none',
      '--rules.alert.resend-delay=5s',
      '--rules.alert.for-grace-period=1m',
      '--storage.remote.flush-deadline=1s',
      '--enable-feature=created-timestamp-zero-ingestion,promql-extended-range-selectors',
      '--log.level=warn',
    ]);
    const rendered = readFileSync(config, 'utf8').replace(/^\s*#.*\n/gm, '');
    assert.match(rendered, /scrape_interval: 5s\n {2}evaluation_interval: 5s\n/);
    assert.match(rendered, /targets: \['exporter:8000'\]\n {8}labels:\n {10}instance: exporter:8000\n/);
    assert.match(
      rendered,
      /scheme: http\n {4}metrics_path: '\/metrics'\n {4}relabel_configs: \[\]\n {4}metric_relabel_configs: \[\]\n/,
    );
    assert.match(rendered, /external_labels: \{\}\n/);
    assert.match(rendered, /instance: prometheus:9090\n/);
    assert.match(rendered, /targets: \['alertmanager:9093'\]\n/);
    assert.match(rendered, /targets: \['localhost:9090'\]\n/);
    assert.doesNotMatch(rendered, /@/);
    assert.deepEqual(filesIn(join(sandbox.dataFolder, 'lab-config', 'rules')), ['alerts.yml', 'recording.yml']);
  });

  test(`${shell.name}: one that holds shifts begins empty, scrapes nothing and takes what is written to it`, async (t) => {
    const sandbox = sandboxOf(t);
    mkdirSync(join(sandbox.dataFolder, 'shifts'), { recursive: true });
    const { exitCode, started } = await sandbox.run(shell, entrypoint, {
      ...base,
      SHIFTS: 'on',
      PROMETHEUS_LISTEN: '127.0.0.1:9',
    });
    assert.equal(exitCode, 0);
    const folder = join(sandbox.dataFolder, 'shifts');
    for (const flag of [
      '--config.file=/dev/null',
      `--storage.tsdb.path=${folder}`,
      '--web.listen-address=127.0.0.1:9',
      '--web.enable-remote-write-receiver',
      '--web.cors.origin=none',
    ])
      assert.ok(started?.includes(flag), `${flag} is not among ${started?.join(' ')}`);
    assert.deepEqual(filesIn(sandbox.dataFolder), []);
  });

  test(`${shell.name}: a fault changes one line of the job, and not where targets and history come from`, async (t) => {
    const job = async (settings: Record<string, string>) => {
      const sandbox = sandboxOf(t);
      await sandbox.run(shell, entrypoint, { ...base, ...settings });
      const config = readFileSync(join(sandbox.dataFolder, 'lab-config', 'prometheus.yml'), 'utf8');
      return /job_name: my_app\n[\s\S]*?\n\n/
        .exec(config)![0]
        .replaceAll(/^ *#.*\n/gm, '')
        .split('\n');
    };
    const usual = await job({});
    const changed = async (settings: Record<string, string>) =>
      (await job(settings)).filter((line, index) => line !== usual[index]).map((line) => line.trim());
    assert.deepEqual(await changed({ SCRAPE_SCHEME: 'https' }), ['scheme: https']);
    assert.deepEqual(await changed({ METRICS_PATH: '/metric' }), ["metrics_path: '/metric'"]);
    assert.deepEqual(await changed({ TARGET_ADDRESS: 'exporter:8001' }), ["- targets: ['exporter:8001']"]);
    assert.deepEqual(await changed({ RELABEL: 'drop' }), [
      'metric_relabel_configs: [{ source_labels: [__name__], regex: cpu_usage_simulated, action: drop }]',
    ]);
    assert.deepEqual(await changed({ RELABEL: 'rename' }), [
      'metric_relabel_configs: [{ source_labels: [__name__], regex: cpu_usage_simulated, ' +
        'target_label: __name__, replacement: cpu_usage_simulated_percent }]',
    ]);
  });

  test(`${shell.name}: a shard keeps its targets in every job, a replica all; both say who they are`, async (t) => {
    const rendered = async (settings: Record<string, string>) => {
      const sandbox = sandboxOf(t);
      await sandbox.run(shell, entrypoint, { ...base, ...settings });
      const config = readFileSync(join(sandbox.dataFolder, 'lab-config', 'prometheus.yml'), 'utf8');
      const found = (line: RegExp) => [...config.matchAll(line)].map(([, value]) => value);
      return {
        labels: found(/external_labels: (.*)/g),
        // Two jobs of experiment 21 relabel their targets themselves, and no shard scrapes them.
        rules: found(/ relabel_configs: (.*)/g).filter((rules) => !/debug_|labelmap/.test(rules!)),
        own: found(/instance: (.*:9090)/g),
      };
    };
    const noThanos = '{ source_labels: [job], regex: thanos, action: drop }';
    const keeps = (modulus: number, number: number) =>
      `[${noThanos}, { source_labels: [instance], modulus: ${modulus}, target_label: __tmp_shard, action: hashmod }, ` +
      `{ source_labels: [__tmp_shard], regex: '${number}', action: keep }]`;
    assert.deepEqual(await rendered({ SHARD: '1/3' }), {
      labels: ["{ shard: '1' }"],
      rules: Array(9).fill(keeps(3, 1)),
      own: ['shard-1:9090'],
    });
    assert.deepEqual(await rendered({ REPLICA: 'b' }), {
      labels: ["{ replica: 'b' }"],
      rules: Array(9).fill(`[${noThanos}]`),
      own: ['replica-b:9090'],
    });
    const both = await rendered({ SHARD: '0/2', REPLICA: 'b' });
    assert.deepEqual([both.labels, both.own], [["{ shard: '0', replica: 'b' }"], ['shard-0-replica-b:9090']]);
  });

  test(`${shell.name}: a Prometheus that is too old goes without what it cannot do, and says so`, async (t) => {
    const rendered = async (version: string) => {
      const sandbox = sandboxOf(t);
      sandbox.standIn(
        'prometheus',
        `case $* in *--version) echo "prometheus, version ${version}"; exit ;; esac; echo "$@"`,
      );
      const { stderr, started } = await sandbox.run(shell, entrypoint, base);
      const config = readFileSync(join(sandbox.dataFolder, 'lab-config', 'prometheus.yml'), 'utf8');
      const jobs = [...config.matchAll(/job_name: (\w+)/g)].map(([, job]) => job);
      return { stderr, jobs, features: /--enable-feature=(\S*)/.exec(started![0]!)![1] };
    };
    assert.deepEqual(await rendered('3.5.3+ds1 (branch: debian/sid)'), {
      stderr:
        'prometheus: version 3.5.3 leaves out the job my_app_native: ' +
        'it cannot have native histograms and creation times at once\n',
      jobs: ['my_app', 'my_app_limited', 'my_app_stamped', ...relabeled, 'prometheus', 'own'],
      features: 'created-timestamp-zero-ingestion',
    });
    assert.equal(
      (await rendered('3.8.9')).features,
      'created-timestamp-zero-ingestion,promql-extended-range-selectors',
    );
    for (const version of ['3.9.0', '3.13.5', '4.0.0']) {
      assert.deepEqual(await rendered(version), {
        stderr: '',
        jobs: ['my_app', 'my_app_limited', 'my_app_native', 'my_app_stamped', ...relabeled, 'prometheus', 'own'],
        features: 'created-timestamp-zero-ingestion,promql-extended-range-selectors',
      });
    }
  });

  test(`${shell.name}: what is stored is also sent where the settings say, and localhost is this machine`, async (t) => {
    const sandbox = sandboxOf(t);
    const password = join(sandbox.folder, "pass 'word' & |file");
    writeFileSync(password, 'secret');
    const rendered = async (settings: Record<string, string>) => {
      const run = await sandbox.run(shell, entrypoint, { ...base, ...settings });
      assert.equal(run.stderr, '');
      const config = readFileSync(join(sandbox.dataFolder, 'lab-config', 'prometheus.yml'), 'utf8');
      return /^remote_write: (.*)$/m.exec(config)![1];
    };
    const login = { REMOTE_WRITE_USER: 'an.n@example.org', REMOTE_WRITE_PASSWORD_FILE: password };
    const local = { REMOTE_WRITE_URL: 'http://localhost:8428/api/v1/write' };
    assert.equal(await rendered({}), '[]');
    assert.equal(
      await rendered(local),
      "[{ name: lab, url: 'http://localhost:8428/api/v1/write', queue_config: { max_shards: 1 } }]",
    );
    for (const host of ['localhost', '127.0.0.1']) {
      assert.equal(
        await rendered({ REMOTE_WRITE_URL: `https://${host}/a/localhost`, LOCALHOST: 'host.docker.internal' }),
        "[{ name: lab, url: 'https://host.docker.internal/a/localhost', queue_config: { max_shards: 1 } }]",
      );
    }
    assert.equal(
      await rendered({ REMOTE_WRITE_URL: 'http://localhost.example.org/a', LOCALHOST: 'host.docker.internal' }),
      "[{ name: lab, url: 'http://localhost.example.org/a', queue_config: { max_shards: 1 } }]",
    );
    const link = join(sandbox.dataFolder, 'lab-config', 'remote-write-password');
    assert.equal(
      await rendered({ ...local, ...login }),
      "[{ name: lab, url: 'http://localhost:8428/api/v1/write', queue_config: { max_shards: 1 }, " +
        "basic_auth: { username: 'an.n@example.org', password_file: remote-write-password } }]",
    );
    assert.equal(readFileSync(link, 'utf8'), 'secret');
    await rendered(local);
    assert.ok(!existsSync(link));
  });

  test(`${shell.name}: a target of the learner's own is a job under the address that was typed`, async (t) => {
    const sandbox = sandboxOf(t);
    const rendered = async (settings: Record<string, string>) => {
      const run = await sandbox.run(shell, entrypoint, { ...base, ...settings });
      assert.equal(run.stderr, '');
      const config = join(sandbox.dataFolder, 'lab-config', 'prometheus.yml');
      const { status, stdout, stderr } = spawnSync(promtool(), ['check', 'config', config], { encoding: 'utf8' });
      assert.equal(status, 0, stdout + stderr);
      return / {2}- job_name: own\n {4}static_configs: (.*)\n/.exec(readFileSync(config, 'utf8'))![1];
    };
    const own = (address: string, instance: string) =>
      `[{ targets: ['${address}'], labels: { instance: '${instance}' } }]`;
    const inContainer = { LOCALHOST: 'host.docker.internal' };
    assert.equal(await rendered({}), '[]');
    for (const typed of ['localhost:9100', '127.0.0.1:9100']) {
      assert.equal(await rendered({ OWN_TARGET: typed }), own(typed, typed));
      assert.equal(await rendered({ OWN_TARGET: typed, ...inContainer }), own('host.docker.internal:9100', typed));
    }
    const elsewhere = 'localhost.example.org:9100';
    assert.equal(await rendered({ OWN_TARGET: elsewhere, ...inContainer }), own(elsewhere, elsewhere));
  });

  test(`${shell.name}: a user without a password, and a password without a user, are refused by name`, async (t) => {
    const sandbox = sandboxOf(t);
    const refusal = async (settings: Record<string, string>, ...args: string[]) =>
      (await sandbox.run(shell, entrypoint, { ...base, ...settings }, args)).stderr;
    const user = { REMOTE_WRITE_USER: 'ann' };
    const file = (name: string) => ({ REMOTE_WRITE_PASSWORD_FILE: name });
    const refused = (problem: string) => `prometheus: cannot start\n  ${problem}\n`;
    assert.equal(
      await refusal(user, '--check'),
      refused('REMOTE_WRITE_PASSWORD_FILE must be set where REMOTE_WRITE_USER is, got ""'),
    );
    assert.equal(
      await refusal(file('/run/secrets/none'), '--check'),
      refused('REMOTE_WRITE_USER must be set where REMOTE_WRITE_PASSWORD_FILE is, got ""'),
    );
    assert.equal(await refusal({ ...user, ...file('/run/secrets/none') }, '--check'), '');
    writeFileSync(join(sandbox.folder, 'empty'), '');
    for (const name of ['/run/secrets/none', 'empty', join(sandbox.folder, 'empty'), sandbox.folder]) {
      assert.match(
        await refusal({ ...user, ...file(name) }),
        /^prometheus: cannot start\n {2}REMOTE_WRITE_PASSWORD_FILE must be .* got ".*"\n$/,
      );
    }
    for (const name of ['ann:b', "ann'", 'an n', 'ann\n', 'a'.repeat(101)]) {
      assert.match(
        await refusal({ REMOTE_WRITE_USER: name, ...file('/a') }, '--check'),
        /^prometheus: cannot start\n {2}REMOTE_WRITE_USER must be a name .* got ".*"\n$/,
      );
    }
  });

  test(`${shell.name}: the rules of every experiment are loaded under its name, and those of before are gone`, async (t) => {
    const sandbox = sandboxOf(t);
    const experiments = join(sandbox.folder, 'all experiments');
    for (const slug of ['09-a', '10-b', '11-c']) mkdirSync(join(experiments, slug), { recursive: true });
    writeFileSync(join(experiments, '09-a', 'rules.yml'), 'groups: [{ name: nine }]');
    writeFileSync(join(experiments, '11-c', 'rules.yml'), 'groups: []');
    writeFileSync(join(experiments, '11-c', 'rules.test.yml'), 'tests: []');
    const rules = join(sandbox.dataFolder, 'lab-config', 'rules');
    await sandbox.run(shell, entrypoint, { ...base, LAB_EXPERIMENTS_DIR: experiments });
    assert.deepEqual(filesIn(rules), ['09-a.yml', '11-c.yml', 'alerts.yml', 'recording.yml']);
    assert.equal(readFileSync(join(rules, '09-a.yml'), 'utf8'), 'groups: [{ name: nine }]');
    rmSync(join(experiments, '09-a', 'rules.yml'));
    await sandbox.run(shell, entrypoint, { ...base, LAB_EXPERIMENTS_DIR: experiments });
    assert.deepEqual(filesIn(rules), ['11-c.yml', 'alerts.yml', 'recording.yml']);
  });

  test(`${shell.name}: an empty value is the default, as Compose passes it for an unset variable`, async (t) => {
    const empty = Object.fromEntries(table.map(({ name }) => [name, '']));
    const run = await sandboxOf(t).run(shell, entrypoint, { ...empty, ...base });
    assert.equal(run.exitCode, 0);
  });

  test(`${shell.name}: every problem is reported at once, each on one line`, async (t) => {
    const environment = {
      LAB_CONFIG_DIR: 'here',
      LAB_DATA_DIR: 'there',
      SCRAPE_INTERVAL: '5s\nrm',
      HISTORY_SECONDS: 'x',
    };
    const run = await sandboxOf(t).run(shell, entrypoint, environment);
    assert.deepEqual(run.stderr.match(/^ {2}\w+/gm), [
      '  SCRAPE_INTERVAL',
      '  HISTORY_SECONDS',
      '  LAB_CONFIG_DIR',
      '  LAB_DATA_DIR',
    ]);
    assert.match(run.stderr, /got "5s\\nrm"$/m);
  });

  test(`${shell.name}: what promtool says of a bad configuration is shown`, async (t) => {
    const sandbox = sandboxOf(t);
    sandbox.standIn('promtool', 'echo "FAILED: line 3"; exit 1');
    const run = await sandbox.run(shell, entrypoint, base);
    assert.equal(run.exitCode, 1);
    assert.match(run.stderr, /^prometheus: cannot start, promtool refuses .*\nFAILED: line 3\n$/);
    assert.equal(run.started, undefined);
  });
}

// busybox takes its own df before any other.
for (const shell of shells.filter(({ name }) => name !== 'busybox sh')) {
  test(`${shell.name}: a full disk is named in one line, and nothing is started`, async (t) => {
    const sandbox = sandboxOf(t);
    sandbox.standIn('df', 'echo head; echo "/dev/a disk 65536 61440 4096 94% /a folder"');
    const run = await sandbox.run(shell, entrypoint, base);
    const words = `LAB_DATA_DIR must be on a disk with 16 MB free, the one of "${sandbox.dataFolder}" has 4 MB free`;
    assert.equal(run.stderr, `prometheus: cannot start\n  ${words}\n`);
    assert.equal(run.started, undefined);
  });
}
