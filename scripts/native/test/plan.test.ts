import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from '../../../test/support/folder.ts';
import { repository } from '../../host/repository.ts';
import { readProject, type Settings } from '../compose.ts';
import { leftOutOf, type Plan, planFor, settingsHere } from '../plan.ts';

const file = (name: string) => ({ name, text: readFileSync(join(repository, name), 'utf8') });

const planned = (given: Settings, ...overrides: string[]) => {
  const leftOut = leftOutOf(readProject([file('compose.yaml')], given), given);
  const settings = settingsHere(given, leftOut);
  const project = readProject(['compose.yaml', ...overrides].map(file), settings, (name) => file(name).text);
  const run = planFor(project, settings, leftOut, repository, '/lab');
  const byName = Object.fromEntries(run.map((plan) => [plan.service, plan]));
  return { byName, services: run.map(({ service }) => service), leftOut };
};

const put = (path: string, content = '#!/bin/sh\n') => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
};

test('services reach each other on loopback, at the published ports', () => {
  const { byName } = planned({ EXPORTER_PORT: '18000', PROMETHEUS_PORT: '19090', GUIDE_PORT: '18081' });
  const { prometheus, exporter } = byName;
  assert.deepEqual(prometheus!.environment, {
    SCRAPE_INTERVAL: '5s',
    EVALUATION_INTERVAL: '5s',
    FOR_GRACE_PERIOD: '1m',
    PROMETHEUS_URL: 'http://localhost:19090',
    LAB_CONFIG_DIR: join(repository, 'prometheus'),
    LAB_EXPERIMENTS_DIR: join(repository, 'experiments'),
    LAB_DATA_DIR: '/lab/data/prometheus',
    EXPORTER_ADDRESS: '127.0.0.1:18000',
    ALERTMANAGER_ADDRESS: '127.0.0.1:9093',
    PROMETHEUS_ADDRESS: '127.0.0.1:19090',
    PROMETHEUS_LISTEN: '127.0.0.1:19090',
    REMOTE_WRITE_URL: '',
    REMOTE_WRITE_USER: '',
    REMOTE_WRITE_PASSWORD_FILE: '',
    OWN_TARGET: '',
    LOCALHOST: '',
  });
  assert.equal(prometheus!.healthUrl, 'http://127.0.0.1:19090/-/ready');
  assert.equal(exporter!.environment.PORT, '18000');
});

test('BIND=0.0.0.0 opens the ports, and the services still meet on loopback', () => {
  const { prometheus } = planned({ BIND: '0.0.0.0' }).byName;
  assert.equal(prometheus!.environment.PROMETHEUS_LISTEN, '0.0.0.0:9090');
  assert.equal(prometheus!.environment.EXPORTER_ADDRESS, '127.0.0.1:8000');
});

test("a fleet's ports are known, and Prometheus does not notice the fleet", () => {
  const { exporter, prometheus } = planned({ INSTANCES: '3', EXPORTER_PORT: '18000' }).byName;
  const ports = ({ listeners }: Plan) => listeners.map(({ port }) => port);
  assert.deepEqual(ports(exporter!), [18000, 18001, 18002]);
  assert.equal(exporter!.at['exporter:8002'], '127.0.0.1:18002');
  assert.equal(prometheus!.hash, planned({ EXPORTER_PORT: '18000' }).byName.prometheus!.hash);
  for (const wrong of ['', '0', 'three', '1000']) {
    assert.deepEqual(ports(planned({ INSTANCES: wrong }).byName.exporter!), [8000]);
  }
});

test('an override reaches the one service that it changes; the others are the same', () => {
  const hashes = (...overrides: string[]) =>
    Object.fromEntries(Object.values(planned({}, ...overrides).byName).map(({ service, hash }) => [service, hash]));
  const { exporter, ...others } = hashes();
  const { exporter: changed, ...same } = hashes('compose.spikes.yaml');
  assert.notEqual(exporter, changed);
  assert.deepEqual(same, others);
});

test('at scale 0 the service is not run, and Prometheus does not notice', () => {
  const { services, byName } = planned({}, 'experiments/01-missing-data/compose.yaml');
  assert.ok(!services.includes('exporter'));
  assert.equal(byName.prometheus!.hash, planned({}).byName.prometheus!.hash);
});

test('a variable of the shell that compose.yaml does not name reaches no service', () => {
  const { byName } = planned({ METRICS_PATH: '/elsewhere', HOME: '/home/learner' });
  assert.equal(byName.prometheus!.environment.METRICS_PATH, undefined);
  assert.equal(byName.prometheus!.environment.HOME, '/home/learner');
});

test('what cannot run here is left out with the reason, and every service gets them', (t) => {
  const folder = folderFor(t);
  const none = planned({ PATH: folder, COMPOSE_PROFILES: 'grafana' });
  assert.deepEqual([...none.leftOut.keys()], ['alertmanager', 'grafana']);
  assert.match(none.byName.guide!.environment.LEFT_OUT!, /^alertmanager: alertmanager and amtool are not in PATH: /);
  assert.match(none.leftOut.get('grafana')!, /^grafana is not in PATH: /);
  assert.equal(none.byName.guide!.environment.PROFILES, '');
  for (const program of ['amtool', 'prometheus-alertmanager']) put(join(folder, program));
  assert.deepEqual(
    [...planned({ PATH: folder, COMPOSE_PROFILES: 'dev' }).leftOut],
    [['grafana', 'COMPOSE_PROFILES is "dev"']],
  );
});

test('grafana runs from GRAFANA_HOME, with the same provisioning, when its profile is on', (t) => {
  const home = folderFor(t);
  put(join(home, 'bin/grafana'));
  put(join(home, 'conf/defaults.ini'));
  const settings = { GRAFANA_HOME: home, COMPOSE_PROFILES: 'grafana', GRAFANA_ADMIN_PASSWORD_FILE: '/secret' };
  const { environment } = planned(settings).byName.grafana!;
  assert.equal(environment.GRAFANA, join(home, 'bin/grafana'));
  assert.equal(environment.GRAFANA_HOME, home);
  assert.equal(environment.GF_PATHS_PROVISIONING, join(repository, 'grafana/provisioning'));
  assert.equal(environment.GF_AUTH_ANONYMOUS_ENABLED, 'true');
  assert.equal(environment.DASHBOARDS_PATH, '/lab/dashboards');
  assert.equal(environment.GF_SECURITY_ADMIN_PASSWORD, '$__file{/secret}');
  assert.equal(planned(settings).byName.guide!.environment.PROFILES, 'grafana');
  assert.ok(!planned({ ...settings, COMPOSE_PROFILES: '' }).services.includes('grafana'));
});

test('the password of remote write is a file of this machine, and an override may need none', () => {
  const settings = { REMOTE_WRITE_URL: 'http://localhost:1/a', REMOTE_WRITE_PASSWORD_FILE: 'my password' };
  const { environment } = planned(settings).byName.prometheus!;
  assert.equal(environment.REMOTE_WRITE_PASSWORD_FILE, join(process.cwd(), 'my password'));
  assert.equal(environment.LOCALHOST, '');
  assert.equal(planned({}).byName.prometheus!.environment.REMOTE_WRITE_PASSWORD_FILE, '');
});

const skip = process.platform === 'linux' ? false : "needs Linux, as Debian's package does";

test("Debian's Alertmanager finds its templates where it was unpacked", { skip }, (t) => {
  const lab = folderFor(t);
  const root = join(lab, 'debian/root');
  const binary =
    '#!/bin/sh\ncat /usr/share/prometheus/alertmanager/default.tmpl; exit\n\0\xff\r\n\0 no newline at its end';
  put(join(root, 'usr/bin/prometheus-alertmanager'), binary);
  put(join(root, 'usr/share/prometheus/alertmanager/default.tmpl'), 'the template');
  execFileSync('sh', [join(repository, 'packaging/debian-alertmanager.sh'), lab]);
  assert.equal(execFileSync(join(lab, 'bin/alertmanager'), { encoding: 'utf8', cwd: '/' }), 'the template');
  const expected = binary.replace('/usr/share/prometheus/alertmanager', '/proc/self/cwd/./././././././././.');
  assert.equal(readFileSync(join(lab, 'bin/alertmanager.patched'), 'utf8'), expected);
});

test('a changed file restarts the service that reads it, a changed test does not', (t) => {
  const folder = folderFor(t);
  put(join(folder, 'prometheus/rules/alerts.yml'), 'groups: []');
  const hash = () => {
    const leftOut = new Map([...['alertmanager', 'grafana']].map((name) => [name, '']));
    const run = planFor(readProject([file('compose.yaml')], {}), {}, leftOut, folder);
    return run.find(({ service }) => service === 'prometheus')!.hash;
  };
  const before = hash();
  put(join(folder, 'prometheus/tests/new.yml'));
  assert.equal(hash(), before);
  put(join(folder, 'experiments/09-a/lesson.ts'));
  assert.equal(hash(), before);
  put(join(folder, 'prometheus/rules/alerts.yml'), 'groups: [{}]');
  const changed = hash();
  assert.notEqual(changed, before);
  put(join(folder, 'experiments/09-a/rules.yml'), 'groups: []');
  assert.notEqual(hash(), changed);
});
