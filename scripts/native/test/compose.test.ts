// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what Compose interpolates
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { steps } from '../../../experiments/catalogue.ts';
import { comparing } from '../../../lab/model/shared-state.ts';
import { folderFor } from '../../../test/support/folder.ts';
import { repository } from '../../host/repository.ts';
import { placesOf, reached, withAddresses } from '../addresses.ts';
import { interpolate, readProject } from '../compose.ts';

const file = (name: string) => ({ name, text: readFileSync(join(repository, name), 'utf8') });

const open = (name: string) => file(name).text;

const base = {
  name: 'compose.yaml',
  text: `
x-places: &places { WHERE: 'exporter:8000' }
x-common: &common
  profiles: [extra]
services:
  exporter:
    environment: { SIGNAL: '\${SIGNAL:-random}', CORES: 2, PRICE: '5 $$' }
    ports: ['\${BIND:-127.0.0.1}:\${EXPORTER_PORT:-8000}:8000']
  prometheus:
    <<: *common
    environment:
      <<: *places
      DEBUG: true
    depends_on: { exporter: { condition: service_healthy } }
`,
};
const override = (text: string) => ({ name: 'compose.x.yaml', text: `services:\n  ${text}` });

test('interpolation follows Compose', () => {
  const settings = { SET: 'value', EMPTY: '' };
  const given = (text: string) => interpolate(text, settings);
  assert.equal(given('${SET} ${SET:-other}'), 'value value');
  assert.equal(given('${EMPTY:-other}'), 'other');
  assert.equal(given('${EMPTY-other}'), '');
  assert.equal(given('${NONE-other}'), 'other');
  assert.equal(given('${NONE:-}'), '');
  assert.equal(given('${NONE}'), '');
  assert.equal(given('${SET:+word}${EMPTY:+word}${NONE:+word}'), 'word');
  assert.equal(given('$$__rate_interval $${SET}'), '$__rate_interval ${SET}');
});

test('an interpolation that it does not know is named, not guessed', () => {
  for (const text of ['a${SET:?message}', '$SET', '${SET+word}', '${SET:-${OTHER}}']) {
    assert.throws(() => interpolate(text, {}, 'compose.x.yaml'), /compose\.x\.yaml: cannot read "\$" in/, text);
  }
});

test('the base: merge keys are resolved, numbers and booleans become text, settings fill in', () => {
  const { exporter, prometheus } = readProject([base], { SIGNAL: 'high', EXPORTER_PORT: '18000' });
  assert.deepEqual(exporter!.environment, { SIGNAL: 'high', CORES: '2', PRICE: '5 $' });
  assert.deepEqual(exporter!.port, { bind: '127.0.0.1', published: 18000, target: 8000 });
  assert.deepEqual(prometheus, {
    name: 'prometheus',
    environment: { WHERE: 'exporter:8000', DEBUG: 'true' },
    scale: 1,
    profiles: ['extra'],
    dependsOn: ['exporter'],
    port: undefined,
    image: 'prometheus',
    command: [],
    volumes: {},
    scratch: [],
  });
});

test('an override changes one variable and leaves the others', () => {
  const { exporter } = readProject([base, override('exporter: { environment: { SIGNAL: spikes } }')], {});
  assert.deepEqual(exporter!.environment, { SIGNAL: 'spikes', CORES: '2', PRICE: '5 $' });
});

test('an environment written as a list is refused', () => {
  const list = override("exporter: { environment: ['SIGNAL=high'] }");
  assert.throws(() => readProject([base, list], {}), /write an environment as a map: NAME: value/);
});

test('scale 0 is read from an override', () => {
  assert.equal(readProject([base, override('exporter: { scale: 0 }')], {}).exporter!.scale, 0);
});

test('an override that changes more than this runtime can is refused', () => {
  assert.throws(
    () => readProject([base, override('exporter: { command: [x] }')], {}),
    /compose\.x\.yaml changes exporter\.command/,
  );
  assert.throws(() => readProject([base, override('other: { scale: 0 }')], {}), /changes other, which compose\.yaml/);
});

test('a service is reached on loopback where it listens everywhere', () => {
  const at = (BIND: string) => {
    const { bind, port } = placesOf(readProject([base], { BIND }), {}).get('exporter:8000')!;
    return reached(bind, port);
  };
  assert.equal(at('127.0.0.1'), '127.0.0.1:8000');
  assert.equal(at('0.0.0.0'), '127.0.0.1:8000');
  assert.equal(at('192.0.2.1'), '192.0.2.1:8000');
});

test('the name of a service becomes its published address, everything else stays', () => {
  const named = override("prometheus: { environment: { TARGET: 'exporter:9999' } }");
  const places = placesOf(readProject([base, named], { EXPORTER_PORT: '18000' }), { ENGINE_PORT: '20950' });
  const environment = { A: 'exporter:8000', B: 'exporter:9999', C: 'http://localhost:8000', D: 'other:80' };
  // A port that is not published belongs to this lab as well, and not to whoever has 9999 here.
  assert.deepEqual(withAddresses(environment, places), { ...environment, A: '127.0.0.1:18000', B: '127.0.0.1:20950' });
});

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
const skip = hasCompose ? false : 'needs the docker command with compose';

const states = [...steps, { command: comparing.name, overrides: comparing.overrides }];

for (const { command, overrides } of states) {
  test(`${command}: the same services as docker compose config`, { skip }, () => {
    const names = ['compose.yaml', ...overrides];
    const chosen = { CORES: '7', EXPORTER_PORT: '18000', SIGNAL: '', COMPOSE_PROFILES: '' };
    const args = ['compose', '--profile', '*', ...names.flatMap((name) => ['-f', name])];
    const { stdout, stderr, status } = spawnSync('docker', [...args, 'config', '--format', 'json'], {
      cwd: repository,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...chosen },
    });
    assert.equal(status, 0, stderr);
    type Described = {
      image: string;
      environment?: Record<string, string>;
      scale?: number;
      depends_on?: object;
      profiles?: string[];
      command?: string[];
      volumes?: { source: string; target: string }[];
      tmpfs?: string[];
    };
    type Port = { ports?: { host_ip: string; published: string; target: number }[] };
    const { services } = JSON.parse(stdout) as { services: Record<string, Described & Port> };
    const theirs = Object.entries(services).map(([name, service]) => {
      const [port] = service.ports ?? [];
      // The output is a compose file again: a dollar sign is written as two.
      const variables = Object.entries(service.environment ?? {}).map(([key, value]) => [
        key,
        value.replaceAll('$$', '$'),
      ]);
      return {
        name,
        environment: Object.fromEntries(variables),
        scale: service.scale ?? 1,
        profiles: service.profiles ?? [],
        dependsOn: Object.keys(service.depends_on ?? {}),
        port: port && { bind: port.host_ip, published: Number(port.published), target: port.target },
        image: service.image.replace('prometheus-lab/', ''),
        command: (service.command ?? []).map((text) => text.replaceAll('$$', '$')),
        volumes: Object.fromEntries((service.volumes ?? []).map(({ source, target }) => [target, source])),
        scratch: (service.tmpfs ?? []).map((text) => text.split(':')[0]).filter((path) => path !== '/tmp'),
      };
    });
    const settings = { ...parseEnv(file('.env').text), ...chosen };
    const ours = Object.values(readProject(names.map(file), settings, open));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    assert.deepEqual(ours.sort(byName), theirs.sort(byName));
  });
}

test('.env as an editor on Windows writes it, with quotes and comments, is read as Compose reads it', { skip }, (t) => {
  const text =
    '# mine\r\nGUIDE_PORT="8081"\r\nSIGNAL=\'high\' # all day\r\nCORES = 8\r\nexport SIGNAL_SEED=7\r\nGRAFANA_PORT=\r\n';
  const path = join(folderFor(t), '.env');
  writeFileSync(path, text);
  const args = ['compose', '--env-file', '.env', '--env-file', path, 'config', '--format', 'json'];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  const { stdout, stderr, status } = spawnSync('docker', args, { cwd: repository, encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  const { services } = JSON.parse(stdout);
  const ours = readProject([file('compose.yaml')], { ...parseEnv(file('.env').text), ...parseEnv(text) });
  assert.deepEqual(ours.exporter!.environment, services.exporter.environment);
  assert.equal(String(ours.guide!.port!.published), services.guide.ports[0].published);
});
