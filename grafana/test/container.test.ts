import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { repository } from '../../scripts/host/repository.ts';
import { temporaryFolder } from '../../test/support/folder.ts';
import { guideAddress } from '../src/dashboard.ts';

const read = (name: string) => readFileSync(join(repository, name), 'utf8');
const { grafana, ...others } = parse(read('compose.yaml'), { merge: true }).services;
const dockerfile = read('grafana/Dockerfile');
const seconds = (duration: string): number => Number(/^(\d+)s$/.exec(duration)![1]);

test('a Grafana that hangs is given up by make up, and a slow first start is not, nor by its health check', () => {
  // A test may set another one; by default it is the number after the dash.
  const limit = (name: string) =>
    Number(new RegExp(`^${name}=(?:[$][{]\\w+:-)?(\\d+)[}]?$`, 'm').exec(read('scripts/compose/up.sh'))![1]);
  const [silent, longest] = [limit('silent_seconds'), limit('longest_seconds')];
  assert.ok(60 <= silent && silent < longest, `${silent} s of silence, ${longest} s in all`);
  const start = seconds(grafana.healthcheck.start_period);
  assert.ok(start >= longest, `unhealthy after ${start} s, and make up waits ${longest} s`);
});

test('Grafana does not compress, asks nothing of the internet and keeps its bundled plugins', () => {
  const set = Object.fromEntries([...dockerfile.matchAll(/\b(GF_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  const expected = {
    GF_SERVER_ENABLE_GZIP: 'false',
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    GF_SECURITY_DISABLE_GRAVATAR: 'true',
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(set[name], value, name);
});

test('a container fills in where the guide is, and then starts what it is given', (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [GENERATED_PATH, DASHBOARDS_PATH] = [join(folder, 'generated'), join(folder, 'new/dashboards')];
  mkdirSync(GENERATED_PATH);
  writeFileSync(
    join(GENERATED_PATH, 'lab-start.json'),
    JSON.stringify({ url: guideAddress, other: 'http://localhost:3000' }),
  );
  const environment = { PATH: process.env.PATH, GENERATED_PATH, DASHBOARDS_PATH, GUIDE_URL: 'http://localhost:8180' };
  const command = [join(repository, 'grafana/entrypoint.sh'), 'echo', 'started', 'it'];
  const { stdout, stderr, status } = spawnSync('sh', command, { env: environment, encoding: 'utf8' });
  assert.deepEqual([stdout, stderr, status], ['started it\n', '', 0]);
  assert.deepEqual(JSON.parse(readFileSync(join(DASHBOARDS_PATH, 'lab-start.json'), 'utf8')), {
    url: 'http://localhost:8180',
    other: 'http://localhost:3000',
  });
  assert.match(grafana.environment.GUIDE_URL, /^http:\/\/localhost:\$\{GUIDE_PORT:-8080\}$/);
  assert.match(dockerfile, /^ENTRYPOINT \["sh", "\/entrypoint.sh", "\/run.sh"\]$/m);
  assert.ok(grafana.tmpfs.includes('/tmp') && /DASHBOARDS_PATH=\/tmp\//.test(dockerfile), 'the rest is read-only');
});

test('the password or its file reaches Grafana, never both', () => {
  const file = parse(read('grafana/password-file.yaml')).services.grafana.environment;
  assert.match(grafana.environment.GF_SECURITY_ADMIN_PASSWORD, /^\$\{GRAFANA_ADMIN_PASSWORD-\}$/);
  assert.ok(!('GF_SECURITY_ADMIN_PASSWORD__FILE' in grafana.environment));
  assert.equal(file.GF_SECURITY_ADMIN_PASSWORD, '');
  assert.equal(file.GF_SECURITY_ADMIN_PASSWORD__FILE, '/run/secrets/grafana-admin-password');
});

test('the memory limits of docs/settings.md are those of compose.yaml', () => {
  const { tools: _, ...running } = { ...others, grafana };
  const limit = (text: string): string => text.replace(/m$/, ' MB').replace(/g$/, ' GB');
  for (const [name, { mem_limit }] of Object.entries(running as Record<string, { mem_limit: string }>))
    assert.match(read('docs/settings.md'), new RegExp(`${name} ${limit(mem_limit)}`, 'i'), name);
});
