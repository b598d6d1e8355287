import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { dashboards } from '../../grafana/src/dashboards.ts';
import { dataSource, dataSourceOf } from '../../grafana/src/source.ts';
import { start } from '../../grafana/src/start.ts';
import { ofExporter, targetUp } from '../../lab/model/metrics.ts';
import { make } from '../support/commands.ts';
import { until } from '../support/until.ts';
import { type Grafana, grafanaAt, provisioningWarnings } from './grafana.ts';
import { lab, runtime } from './stack.ts';

/** Grafana, wherever it is part of the lab: what make up says of it decides that. */

let grafana: Grafana | undefined;
before(async () => {
  const address = /^ *grafana +(http\S+)$/m.exec(await make('up'))?.[1];
  grafana = address === undefined ? undefined : grafanaAt(address);
  await lab.scraped();
});

const withGrafana = (name: string, prove: (grafana: Grafana) => Promise<void>) =>
  test(`grafana: ${name}`, async (t: TestContext) => {
    if (grafana === undefined) t.skip('not run: Grafana is not part of the lab on this machine');
    else await prove(grafana);
  });

withGrafana('it is healthy, and its version is printed', async ({ health }) => {
  const { database, version } = await health();
  assert.equal(database, 'ok');
  console.log(`Grafana ${version}`);
});

withGrafana(
  "its data sources are the dashboards', and without a step's queriers all ask the lab's Prometheus",
  async (grafana) => {
    const asked = new Set([
      dataSource.uid,
      ...experiments.flatMap(({ panels }) =>
        panels.flatMap(({ targets }) => targets.map(({ of }) => dataSourceOf(of).uid)),
      ),
    ]);
    assert.deepEqual((await grafana.dataSources()).sort(), [...asked].sort());
    for (const uid of asked) assert.equal(await grafana.value(uid, ofExporter(targetUp)), 1, uid);
  },
);

withGrafana('every dashboard is there from its file, with its uid and title', async (grafana) => {
  const expected = dashboards().map(({ uid, title }) => ({ uid, title, provisioned: true }));
  const found = await until('all dashboards', 30, async () => {
    const now = await grafana.dashboards();
    return now.length >= expected.length && now;
  });
  const byUid = (one: { uid?: string }, other: { uid?: string }) => (one.uid! < other.uid! ? -1 : 1);
  assert.deepEqual(found.sort(byUid), expected.sort(byUid));
});

withGrafana('a viewer who has not logged in comes home to the start dashboard', async ({ home }) => {
  assert.equal(await home(), start.dashboard);
});

withGrafana('no query of any panel fails', async ({ failedQueries }) => {
  for (const { uid } of dashboards()) assert.deepEqual(await failedQueries(uid!), [], uid);
});

withGrafana('provisioning warned of nothing', async () => {
  assert.deepEqual(provisioningWarnings(await runtime.log('grafana')), []);
});
