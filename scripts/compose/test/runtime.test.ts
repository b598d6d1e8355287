import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { steps, withFault } from '../../../experiments/catalogue.ts';

const root = new URL('../../../', import.meta.url);
const read = (name: string) => parse(readFileSync(new URL(name, root), 'utf8'), { merge: true });
const base = read('compose.yaml');
const own = readdirSync(new URL('experiments', root), { recursive: true, encoding: 'utf8' });
const overrides = [
  ...readdirSync(root).filter((name) => /^compose\..+\.yaml$/.test(name)),
  ...own.filter((name) => /\/compose\.yaml$|\/faults\/.*\.yaml$/.test(name)).map((name) => `experiments/${name}`),
];

/** Every step, and a search once with each of its faults. */
const applicable = steps.flatMap((step) => {
  if (!('faults' in step) || step.faults.length === 0) return [step];
  return step.faults.map((fault) => withFault(step, fault));
});

type Service = {
  image: string;
  environment?: Record<string, string>;
  ports?: string[];
  healthcheck?: { test: string[] };
  restart: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
  volumes?: string[];
  scale?: number;
};
type Override = {
  services: Record<string, Service & { extends?: { file: string }; command?: string[] }>;
  volumes?: Record<string, null>;
};

/** How a port is published, whichever service has it. */
const published = /^\$\{BIND:-127\.0\.0\.1\}:\$\{[A-Z]+_PORT:-\d+\}:\d+$/;
const services = Object.entries(base.services as Record<string, Service>);
const running = services.filter(([name]) => name !== 'tools');

for (const [name, service] of services) {
  test(`${name} is hardened: no capability, no new privileges, read-only root, bounded memory`, () => {
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
    assert.equal(service.read_only, true);
    assert.match(service.mem_limit ?? '', /^\d+[mg]$/);
  });
  test(`${name} mounts nothing of the host`, () => {
    for (const volume of service.volumes ?? []) assert.match(volume, /^[a-z-]+-data:/);
  });
}

for (const [name, service] of running) {
  test(`${name} publishes on the loopback address unless BIND says otherwise, and restarts unless stopped`, () => {
    for (const port of service.ports ?? []) assert.match(port, published);
    assert.equal(service.restart, 'unless-stopped');
    assert.ok(service.healthcheck, 'no health check');
  });
}

test('each health check is the one that no proxy gets, and that waits once the service has answered', () => {
  for (const [name, { healthcheck }] of running)
    assert.match(healthcheck!.test.join(' '), /^CMD sh \/lab\/health\.sh http:\/\/127\.0\.0\.1:\d+\/\S+$/, name);
  const dockerfiles = readdirSync(root).filter((folder) => existsSync(new URL(`${folder}/Dockerfile`, root)));
  for (const folder of dockerfiles)
    assert.match(text(`${folder}/Dockerfile`), /^COPY --chmod=755 packaging\/health\.sh (?:\/lab|\.)\/$/m, folder);
});

test('Grafana asks Prometheus through no proxy; the others take none from their environment', () => {
  assert.equal(base.services.grafana.environment.NO_PROXY, '*');
});

test('what an image holds can be read there, whatever umask the clone was made under', () => {
  for (const file of ['exporter', 'prometheus', 'alertmanager', 'grafana', 'guide', 'scripts/cli']) {
    // A stage before the last one only builds, as root.
    const stage = text(`${file}/Dockerfile`)
      .split(/^FROM /m)
      .at(-1)!;
    for (const copy of stage.split('\n').filter((line) => line.startsWith('COPY '))) {
      assert.match(copy, /^COPY --chmod=755 /, file);
    }
  }
});

test('what is stored lies where the image of the upstream has its volume', () => {
  const volumes = Object.fromEntries(running.flatMap(([name, { volumes }]) => (volumes ? [[name, volumes]] : [])));
  assert.deepEqual(volumes, {
    prometheus: ['prometheus-data:/prometheus'],
    alertmanager: ['alertmanager-data:/alertmanager'],
    grafana: ['grafana-data:/var/lib/grafana'],
    guide: ['guide-data:/lab/data'],
  });
});

const text = (name: string): string => readFileSync(new URL(name, root), 'utf8');
const images = (file: string): Record<string, string> =>
  Object.fromEntries([...text(file).matchAll(/^([A-Z]+_IMAGE)=(.+)$/gm)].map(([, name, tag]) => [name, tag]));
const upstream = images('.env');

test('every image of an upstream is pinned to a tag, in every env file, under the same names', () => {
  for (const tag of Object.values(upstream)) assert.match(tag, /:v?\d[\w.-]*$/);
  for (const file of ['images.debian.env', 'images.module.env'])
    for (const name of Object.keys(images(file))) assert.ok(name in upstream, `${name} of ${file} is not in .env`);
  const files = [
    'packaging/go-programs.sh',
    'tab/engine/build.sh',
    'pushgateway/service.yaml',
    'blackbox/service.yaml',
  ];
  const users = ['compose.yaml', ...files, ...overrides].map(text).join('');
  for (const name of Object.keys(upstream)) assert.ok(users.includes(name), `nothing uses ${name}`);
});

test('an image that is built from a Go module is of the version that .env pins', () => {
  const version = (tag: string | undefined) => tag?.split(':')[1]?.replace(/^v/, '');
  for (const [name, tag] of Object.entries(images('images.module.env')))
    assert.equal(version(tag), version(upstream[name]), name);
});

test('every override belongs to a step, and every step finds its overrides', () => {
  const used = new Set(applicable.flatMap((step) => step.overrides));
  assert.deepEqual([...used].sort(), overrides.sort());
});

for (const name of overrides) {
  test(`${name} changes environment or scale, and brings what extends one service, under a comment that says what to expect`, () => {
    const { services: changed, volumes = {}, ...rest } = read(name) as Override;
    assert.deepEqual(rest, {});
    const brought = Object.entries(changed).filter(([service]) => !(service in base.services));
    for (const [service, change] of Object.entries(changed).filter(([service]) => service in base.services))
      for (const key of Object.keys(change)) assert.match(key, /^(environment|scale)$/, service);
    for (const [service, { extends: from, ports = [], ...own }] of brought) {
      assert.match(
        from?.file ?? '',
        /^(thanos|prometheus|pushgateway|blackbox)\/service\.yaml$/,
        `${service} is not in compose.yaml`,
      );
      for (const key of Object.keys(own)) assert.match(key, /^(command|environment|volumes)$/, service);
      for (const port of ports) assert.match(port, published, service);
    }
    const mounted = brought.flatMap(([, { volumes: each = [] }]) => each.map((volume) => volume.split(':')[0]!));
    assert.deepEqual(mounted.sort(), Object.keys(volumes).sort());
    for (const volume of mounted) assert.match(volume, /-data$/);
    const number = /^experiments\/(\d+)-/.exec(name)?.[1];
    assert.match(text(name), number ? new RegExp(`^# Experiment ${Number(number)}: .+\n`) : /^# .+\n/);
  });
}

const compose = (files: string[], environment: Record<string, string> = {}) => {
  const args = [
    'compose',
    '--env-file',
    '.env',
    ...files.flatMap((file) => ['-f', file]),
    'config',
    '--format',
    'json',
  ];
  return spawnSync('docker', args, {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  });
};
const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
const skip = hasCompose ? false : 'needs docker compose';

test("Grafana's password comes from a file as a secret, not through the environment", { skip }, () => {
  const password = { GRAFANA_ADMIN_PASSWORD_FILE: '/run/password', GRAFANA_ADMIN_PASSWORD: 'overruled' };
  const { status, stdout, stderr } = compose(['compose.yaml', 'grafana/password-file.yaml'], password);
  assert.equal(status, 0, stderr);
  const { services: merged, secrets } = JSON.parse(stdout);
  assert.equal(secrets['grafana-admin-password'].file, '/run/password');
  assert.equal(merged.grafana.environment.GF_SECURITY_ADMIN_PASSWORD__FILE, '/run/secrets/grafana-admin-password');
  assert.equal(merged.grafana.environment.GF_SECURITY_ADMIN_PASSWORD, '');
  assert.equal(merged.grafana.labels['password-file'], '/run/password');
});

test("remote write's password comes from a file as a secret, and localhost is the machine of the lab", { skip }, () => {
  const settings = { REMOTE_WRITE_URL: 'http://localhost:1/a', REMOTE_WRITE_PASSWORD_FILE: '/run/password' };
  const { status, stdout, stderr } = compose(['compose.yaml', 'prometheus/password-file.yaml'], settings);
  assert.equal(status, 0, stderr);
  const { services: merged, secrets } = JSON.parse(stdout);
  assert.equal(secrets['remote-write-password'].file, '/run/password');
  const { environment, extra_hosts, labels } = merged.prometheus;
  // What Compose compares: with another file the container has to be another one.
  assert.equal(labels['password-file'], '/run/password');
  assert.equal(environment.REMOTE_WRITE_PASSWORD_FILE, '/run/secrets/remote-write-password');
  assert.match(JSON.stringify(extra_hosts), new RegExp(`${environment.LOCALHOST}[=:]host-gateway`));
});

test('a checkout keeps the line ends of scripts, or they fail inside containers', () => {
  assert.match(readFileSync(new URL('.gitattributes', root), 'utf8'), /^\* text=auto eol=lf$/m);
  assert.ok(existsSync(new URL('prometheus/entrypoint.sh', root)));
  assert.ok(!readFileSync(new URL('prometheus/entrypoint.sh', root), 'utf8').includes('\r'));
});
