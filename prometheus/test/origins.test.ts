import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { repository } from '../../scripts/host/repository.ts';
import { backends } from '../../scripts/native/backends.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { freePort, freePortRow } from '../../test/support/ports.ts';
import { start, untilAnswers } from '../../test/support/processes.ts';
import { findProgram } from '../../test/support/programs.ts';

/** What a page of another origin may not read, asked as its browser asks. */
const allowedOrigins = async (base: string) => {
  const headers = { Origin: 'https://evil.example' };
  const asked = await fetchDirect(`${base}/api/v1/query?query=1`, 5_000, { headers });
  assert.equal(asked.status, 200, await asked.text());
  const preflight = await fetchDirect(`${base}/api/v1/query?query=1`, 5_000, {
    method: 'OPTIONS',
    headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
  });
  return [asked, preflight].map((answer) => answer.headers.get('access-control-allow-origin'));
};

const folderFor = (t: TestContext): string => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  return folder;
};

const skipWithout = (...programs: string[]) => {
  const missing = programs.filter((name) => findProgram(name) === undefined);
  return { skip: missing.length > 0 && `${missing.join(', ')} not in PATH`, timeout: 60_000 };
};

test('no page of another origin may read Prometheus', skipWithout('prometheus', 'promtool'), async (t) => {
  const address = `127.0.0.1:${await freePort()}`;
  const running = start(['sh', 'prometheus/entrypoint.sh'], {
    LAB_CONFIG_DIR: join(repository, 'prometheus'),
    LAB_EXPERIMENTS_DIR: join(repository, 'experiments'),
    LAB_DATA_DIR: folderFor(t),
    HISTORY_SECONDS: '0',
    PROMETHEUS_LISTEN: address,
  });
  t.after(running.stop);
  await untilAnswers('Prometheus', running, `http://${address}/-/ready`);
  assert.deepEqual(await allowedOrigins(`http://${address}`), [null, null]);
});

type Service = { extends?: { file: string }; command?: string[] };

/** Every service of the compose files that extends another one of a backend's. */
/** What the one service of a file is started with, where an override that extends it says nothing of that. */
const commandIn = (file: string): string[] => {
  const path = join(repository, file);
  if (!file || !existsSync(path)) return [];
  const [only] = Object.values(parse(readFileSync(path, 'utf8')).services as Record<string, Service>);
  return only?.command ?? [];
};

const services = ['experiments', 'victoriametrics', 'thanos']
  .flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) =>
    Object.entries(
      (parse(readFileSync(join(repository, file), 'utf8'))?.services ?? {}) as Record<string, Service>,
    ).map(([name, { extends: { file: base = '' } = {}, command }]) => ({
      file,
      name,
      command: command ?? commandIn(base),
      image: base.split('/')[0]!,
    })),
  )
  .filter(({ image }) => image in backends);

test('every backend that a step brings is closed to pages of other origins', () => {
  assert.ok(services.length > 10, `${services.length} services`);
  for (const { file, name, image, command } of services) {
    assert.equal(backends[image]!.wrong!(name, command), undefined, `${file}: ${name}`);
  }
});

test('a backend that answers queries to any page is refused by name', () => {
  const at = ['--http-address=query:10902', '--grpc-address=query:10901'];
  const { thanos, victoriametrics } = backends;
  const words = (flag: string) => `its command needs ${flag}, or any page in a browser could read its answers`;
  assert.equal(thanos!.wrong!('query', ['query', ...at]), words('--web.disable-cors'));
  assert.equal(thanos!.wrong!('query', ['query', ...at, '--web.disable-cors']), undefined);
  assert.equal(thanos!.wrong!('query', ['sidecar', ...at]), undefined);
  assert.equal(victoriametrics!.wrong!('store', ['-httpListenAddr=store:8428']), words('-http.disableCORS'));
});

const live: [program: string, service: string, file: string, health: string][] = [
  ['thanos', 'query-plain', 'experiments/17-shards/compose.yaml', '/-/ready'],
  ['victoria-metrics', 'victoriametrics', 'victoriametrics/compare.yaml', '/health'],
];
for (const [program, service, file, health] of live) {
  test(`no page of another origin may read ${service} of ${file}`, skipWithout(program), async (t) => {
    const { command } = services.find((each) => each.file === file && each.name === service)!;
    const folder = folderFor(t);
    const first = await freePortRow(9);
    const ports = new Map<string, number>();
    const here = command.map((argument) =>
      argument
        .replace(/(?<==)[a-z-]+:\d+$/, (place) => {
          if (!ports.has(place)) ports.set(place, first + ports.size);
          return `127.0.0.1:${ports.get(place)}`;
        })
        .replace(/(?<==)\/data$/, join(folder, 'data')),
    );
    const running = start([findProgram(program)!, ...here], {}, folder);
    t.after(running.stop);
    const base = `http://127.0.0.1:${first}`;
    await untilAnswers(service, running, base + health);
    assert.deepEqual(await allowedOrigins(base), [null, null]);
  });
}
