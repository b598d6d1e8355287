// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what Compose interpolates
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { folderFor } from '../../../test/support/folder.ts';
import { repository } from '../../host/repository.ts';
import { readProject, type Settings } from '../compose.ts';
import { planFor } from '../plan.ts';
import { checkDistinct } from '../ports.ts';

const open = (name: string) => readFileSync(join(repository, name), 'utf8');

const shards = `services:
  exporter:
    environment: { THANOS_TARGETS: 'a=shard-a:9090,query=query:10902' }
  shard-a:
    extends: { file: prometheus/service.yaml, service: prometheus }
    environment: { SHARD: 0/2, PROMETHEUS_ADDRESS: 'shard-a:9090' }
    volumes: ['shard-a-data:/prometheus']
  query:
    extends: { file: thanos/service.yaml, service: thanos }
    command: [query, '--http-address=query:10902', '--grpc-address=query:10901', '--endpoint=store:10901', '--web.disable-cors']
    ports: ['\${BIND:-127.0.0.1}:\${QUERY_PORT:-10902}:10902']
  store:
    extends: { file: thanos/service.yaml, service: thanos }
    command:
      - receive
      - --http-address=store:10902
      - --grpc-address=store:10901
      - --remote-write.address=store:19291
      - --receive.capnproto-address=store:19391
      - --tsdb.path=/thanos
    volumes: ['store-data:/thanos']
`;

/** A machine that has Thanos, or one that has not. */
const planned = (t: TestContext, given: Settings = {}, text = shards, has = true) => {
  const programs = folderFor(t);
  if (has) {
    writeFileSync(join(programs, 'thanos'), '#!/bin/sh\n');
    chmodSync(join(programs, 'thanos'), 0o755);
  }
  const settings = { PATH: programs, QUERY_PORT: '10902', ...given };
  const project = readProject(
    [
      { name: 'compose.yaml', text: open('compose.yaml') },
      { name: 'x.yaml', text },
    ],
    settings,
    open,
  );
  const leftOut = new Map([...['alertmanager', 'grafana']].map((name) => [name, 'not here']));
  const plans = planFor(project, settings, leftOut, repository, '/lab');
  return { plans, byName: Object.fromEntries(plans.map((plan) => [plan.service, plan])) };
};

test('what an override brings listens on addresses of this machine, and is named the others', (t) => {
  const { query, store, exporter, ...rest } = planned(t).byName;
  assert.deepEqual(query!.command, [
    'thanos',
    'query',
    '--http-address=127.0.0.1:10902',
    '--grpc-address=127.0.0.1:10951',
    '--endpoint=127.0.0.1:10952',
    '--web.disable-cors',
  ]);
  assert.deepEqual(store!.command, [
    'thanos',
    'receive',
    '--http-address=127.0.0.1:10953',
    '--grpc-address=127.0.0.1:10952',
    '--remote-write.address=127.0.0.1:10954',
    '--receive.capnproto-address=127.0.0.1:10955',
    '--tsdb.path=/lab/data/store',
  ]);
  assert.equal(exporter!.environment.THANOS_TARGETS, 'a=127.0.0.1:10950,query=127.0.0.1:10902');
  const shard = rest['shard-a']!;
  assert.deepEqual(
    [shard.environment.PROMETHEUS_LISTEN, shard.environment.PROMETHEUS_ADDRESS, shard.environment.LAB_DATA_DIR],
    ['127.0.0.1:10950', '127.0.0.1:10950', '/lab/data/shard-a'],
  );
  assert.equal(shard.environment.HISTORY_SECONDS, '0');
  assert.deepEqual(shard.dependsOn, ['exporter']);
  assert.equal(shard.healthUrl, 'http://127.0.0.1:10950/-/ready');
  assert.equal(query!.healthUrl, 'http://127.0.0.1:10902/-/ready');
  assert.deepEqual(query!.at, { 'query:10902': '127.0.0.1:10902', 'query:10901': '127.0.0.1:10951' });
});

test('only what is published is open beyond the loopback address', (t) => {
  const { query, store } = planned(t, { BIND: '0.0.0.0', QUERY_PORT: '20902', ENGINE_PORT: '20950' }).byName;
  assert.deepEqual(query!.command.slice(2, 4), ['--http-address=0.0.0.0:20902', '--grpc-address=127.0.0.1:20951']);
  assert.equal(query!.address, '127.0.0.1:20902');
  assert.deepEqual(new Set(store!.listeners.map(({ bind }) => bind)), new Set(['127.0.0.1']));
});

test('the guide goes on, whatever a step brings', (t) => {
  const base = planned(t, {}, 'services: {}').byName.guide!;
  assert.equal(base.environment.QUERY_ADDRESS, '127.0.0.1:10902');
  assert.equal(base.environment.ADDRESSES_FILE, '/lab/state.json');
  assert.equal(planned(t).byName.guide!.hash, base.hash);
});

test('a port that counts up from ENGINE_PORT is named where another service has it', (t) => {
  const { plans } = planned(t, { ENGINE_PORT: '8077' });
  assert.throws(() => checkDistinct(plans.flatMap(({ listeners }) => listeners)), {
    message: 'GUIDE_PORT and ENGINE_PORT + 3 are both 8080: change one',
  });
});

test('a machine without Thanos refuses what needs it, by name', (t) => {
  assert.throws(() => planned(t, {}, shards, false), {
    message: 'query cannot run here: thanos is not in PATH: sh packaging/go-programs.sh thanos builds it (Go 1.26)',
  });
});

test('a service that would listen on every address of this machine is refused', (t) => {
  const open_ = shards.replace('      - --receive.capnproto-address=store:19391\n', '');
  assert.throws(() => planned(t, {}, open_), {
    message:
      'store cannot run here: its command needs --receive.capnproto-address=store:PORT, or it would be open to all',
  });
});

test('what means nothing without Docker is named', (t) => {
  const more = shards.replace("    volumes: ['store-data:/thanos']", '    network_mode: host');
  assert.throws(() => planned(t, {}, more), {
    message: 'x.yaml says store.network_mode, which means nothing without Docker',
  });
  const image = 'services: { other: { image: redis } }';
  assert.throws(() => planned(t, {}, image), { message: 'other is of the image redis, which only Docker can run' });
});
