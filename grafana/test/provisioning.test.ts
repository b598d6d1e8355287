import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { experiments } from '../../experiments/catalogue.ts';
import { repository } from '../../scripts/host/repository.ts';
import { dataSource, dataSourceOf } from '../src/source.ts';
import { start } from '../src/start.ts';

const folder = join(import.meta.dirname, '..');
const read = (name: string) => parse(readFileSync(join(folder, 'provisioning', name), 'utf8'), { strict: true });
const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
const { datasources, ...datasourceFile } = read('datasources/lab.yaml');
const { providers, ...providerFile } = read('dashboards/lab.yaml');

test('the data source is the one that the dashboards refer to', () => {
  assert.deepEqual(datasourceFile, { apiVersion: 1, prune: true });
  const { type, uid, isDefault, editable } = datasources[0];
  assert.deepEqual({ type, uid, isDefault, editable }, { ...dataSource, isDefault: true, editable: false });
});

test('the data source knows the scrape interval, or $__rate_interval would be wrong', () => {
  assert.deepEqual(datasources[0].jsonData, {
    httpMethod: 'POST',
    prometheusType: 'Prometheus',
    timeInterval: '$SCRAPE_INTERVAL',
    manageAlerts: true,
  });
});

test('each querier that a step has panels of is a source, and leads to Prometheus until the step sets its address', () => {
  const further = experiments.flatMap(({ panels, sources = [] }) =>
    panels.flatMap(({ targets }) => targets.flatMap(({ of }) => sources.filter(({ name }) => name === of))),
  );
  const expected = new Map(
    further.map(({ name, address, parameters }) => [dataSourceOf(name).uid, { address, parameters }]),
  );
  const [, ...others] = datasources;
  assert.deepEqual(others.map(({ uid }: { uid: string }) => uid).sort(), [...expected.keys()].sort());
  for (const { uid, url, isDefault, jsonData } of others) {
    const { address, parameters } = expected.get(uid)!;
    const variable = /^http:\/\/\$(\w+)$/.exec(url)![1]!;
    assert.match(dockerfile, new RegExp(`^ {4}${variable}=prometheus:9090 `, 'm'));
    assert.equal(isDefault, undefined);
    const { customQueryParameters, ...rest } = jsonData;
    assert.equal(customQueryParameters, parameters && String(new URLSearchParams(parameters)), uid);
    assert.deepEqual(rest, {
      httpMethod: 'POST',
      prometheusType: 'Thanos',
      timeInterval: '$SCRAPE_INTERVAL',
      manageAlerts: false,
    });
    for (const { folder, panels } of experiments) {
      if (!panels.some(({ targets }) => targets.some(({ of }) => of !== undefined && dataSourceOf(of).uid === uid)))
        continue;
      const { services } = parse(readFileSync(join(repository, 'experiments', folder, 'compose.yaml'), 'utf8'));
      assert.equal(services.grafana.environment[variable], address, folder);
    }
  }
});

test('dashboards come from files and are not changed in the browser', () => {
  assert.deepEqual(providerFile, { apiVersion: 1 });
  assert.equal(providers.length, 1);
  const { type, allowUiUpdates, options, folder: none } = providers[0];
  assert.deepEqual([type, allowUiUpdates, none], ['file', false, undefined]);
  assert.deepEqual(options, { path: '$DASHBOARDS_PATH', foldersFromFilesStructure: true });
});

test('the image has a default for every variable of the provisioning files', () => {
  const used = JSON.stringify([datasources, providers]).matchAll(/\$([A-Z_]+)/g);
  for (const [, name] of used) assert.match(dockerfile, new RegExp(`^(ENV| {3}) ${name}=\\S`, 'm'));
});

test('the image opens with the start dashboard, for everybody', () => {
  assert.ok(
    dockerfile.includes(`GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH=\${DASHBOARDS_PATH}/${start.dashboard}.json`),
  );
  assert.match(dockerfile, /GF_AUTH_ANONYMOUS_ORG_ROLE=Viewer/);
});

test('no password stands in the image', () => {
  assert.doesNotMatch(dockerfile, /PASSWORD(__FILE)?=/);
});
