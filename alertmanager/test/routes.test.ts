import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inhibitRules, routes } from '../../experiments/27-one-rack/routing.ts';
import { parseWebhook } from '../../guide/src/webhook.ts';
import { Dispatcher } from '../../lab/alertmanager/dispatcher.ts';
import type { Episode } from '../../lab/alertmanager/routing.ts';
import { sentTogether } from '../../lab/evidence/alerts.ts';
import type { Notification } from '../../lab/model/reader.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { readRouting } from '../../lab/running/written-routing.ts';
import { baseRouting } from '../../lab/simulator/inbox.ts';
import { repository } from '../../scripts/host/repository.ts';
import { folderFor } from '../../test/support/folder.ts';
import { freePort } from '../../test/support/ports.ts';
import { start, untilAnswers } from '../../test/support/processes.ts';
import { findProgram } from '../../test/support/programs.ts';
import { serve } from '../../test/support/serve.ts';
import { until } from '../../test/support/until.ts';

const source = join(import.meta.dirname, '..');
const isHere = ['alertmanager', 'prometheus-alertmanager'].some((name) => findProgram(name) !== undefined);
const missing = isHere && findProgram('amtool') !== undefined ? false : 'Alertmanager is not on this machine';

/** An Alertmanager with the routes of an experiment, and what it sends. */
const alertmanagerWith = async (t: TestContext, routesOf: string) => {
  const received: Notification[] = [];
  const guide = await serve(t, async (request, response) => {
    received.push(...parseWebhook(JSON.parse(Buffer.concat(await request.toArray()).toString()), Date.now() / 1_000));
    response.end();
  });
  const listen = `127.0.0.1:${await freePort()}`;
  const folder = folderFor(t);
  const running = start(['sh', 'alertmanager/entrypoint.sh'], {
    PATH: `${process.env.PATH}:${join(repository, '.lab/bin')}`,
    LAB_CONFIG_DIR: source,
    LAB_EXPERIMENTS_DIR: join(repository, 'experiments'),
    LAB_DATA_DIR: folder,
    GUIDE_ADDRESS: guide,
    ALERTMANAGER_LISTEN: listen,
    ROUTES_OF: routesOf,
  });
  t.after(running.stop);
  await untilAnswers('Alertmanager', running, `http://${listen}/-/ready`);
  const post = async (alerts: readonly Episode[]) => {
    const at = (seconds: number) => new Date(1_000 * seconds).toISOString();
    const body = alerts.map(({ labels, startsAt, endsAt }) => ({
      labels,
      startsAt: at(startsAt),
      ...(endsAt !== undefined && { endsAt: at(endsAt) }),
    }));
    const headers = { 'Content-Type': 'application/json' };
    const url = `http://${listen}/api/v2/alerts`;
    const { status } = await fetchDirect(url, 5_000, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(status, 200);
  };
  return { received, post, config: join(folder, 'lab-config/alertmanager.yml') };
};

const amtool = async (...words: string[]): Promise<string> => {
  const { stdout, stderr } = await promisify(execFile)('amtool', words).catch((error) => error);
  return `${stdout}${stderr}`;
};

const experiment = '27-one-rack';
test(`the model sends what Alertmanager sends of the routes of ${experiment}, each where amtool says`, {
  skip: missing,
}, async (t) => {
  const { received, post, config } = await alertmanagerWith(t, experiment);
  for (const [index, { matchers }] of routes.entries()) {
    const routing = matchers[0]!.value.split('|')[0]!;
    const shown = await amtool(
      'config',
      'routes',
      'test',
      `--config.file=${config}`,
      '--tree',
      `routing=${routing}`,
      'severity=warning',
    );
    assert.ok(shown.includes(matchers[0]!.value), `route ${index}: ${shown}`);
  }
  const names = ['alone', 'grouped', 'inhibited', 'late'];
  const hosts = (startsAt: number): Episode[] =>
    names.flatMap((routing) =>
      ['1', '2', '3'].map((host) => ({ labels: { alertname: 'HostDown', rack: 'a', host, routing }, startsAt })),
    );
  const switches = (startsAt: number, late: boolean): Episode[] =>
    names
      .filter((routing) => (routing === 'late') === late)
      .map((routing) => ({ labels: { alertname: 'SwitchDown', rack: 'a', routing }, startsAt }));
  const dispatcher = new Dispatcher({
    base: baseRouting.base,
    routes: [...routes, ...baseRouting.routes],
    inhibitRules,
  });
  const now = () => Date.now() / 1_000;
  const began = now();
  const all: Episode[] = [];
  const begin = async (episodes: Episode[]) => {
    for (const each of episodes) dispatcher.add(each, false, each.startsAt);
    all.push(...episodes);
    await post(episodes);
  };
  await begin([...hosts(began), ...switches(began, false)]);
  await sleep(4_000);
  await begin(switches(now(), true));
  await sleep(5_000);
  const ended = now();
  // The switch that is late ends before its hosts.
  const inOrder = [...all.slice(-1), ...all.slice(0, -1)].map((each) => ({ ...each, endsAt: ended }));
  for (const each of inOrder) dispatcher.add(each, true, ended);
  await post(inOrder);
  dispatcher.advance(ended + 60);
  const words = (sent: readonly (readonly Pick<Notification, 'labels' | 'status'>[])[]) =>
    sent
      .map((each) =>
        each
          .map(({ labels, status }) => `${labels.routing} ${labels.alertname}${labels.host ?? ''} ${status}`)
          .sort()
          .join(),
      )
      .sort();
  const expected = words(
    dispatcher.sent.map(({ alerts }) => alerts.map((each) => ({ ...each, labels: { ...each.labels } }))),
  );
  assert.equal(expected.length, 8 + 4 + 2 + 8);
  await until('every notification', 20, () => (sentTogether(received).length >= expected.length ? true : undefined));
  assert.deepEqual(words(sentTogether(received)), expected);
});

/** What a learner may write wrong, and words that amtool has for it as well. */
const wrong: [text: string, words: string][] = [
  ['route: { group_bye: [rack] }', 'field group_bye not found in type config.plain'],
  ['route: { group_by: [rack, rack] }', 'duplicated label "rack" in group_by'],
  ['route: { group_by: [rack, "..."] }', 'cannot have wildcard group_by (`...`) and other'],
  ['route: { group_wait: 3 }', 'not a valid duration string: "3"'],
  ['route: { group_interval: 0s }', 'group_interval cannot be zero'],
  ['inhibit_rules: []', 'no routes provided'],
  ['route: {}\ninhibit_rules: [{ target: [rack] }]', 'field target not found in type common.plain'],
];
for (const [text, words] of wrong) {
  test(`the words for ${JSON.stringify(text)} are amtool's`, { skip: missing }, async (t) => {
    const read = await readRouting(text);
    assert.ok('refused' in read && read.refused.includes(words), JSON.stringify(read));
    const file = join(folderFor(t), 'alertmanager.yml');
    writeFileSync(file, `receivers: [{ name: guide }]\n${text.replace('route: {', 'route: { receiver: guide,')}\n`);
    const said = await amtool('check-config', file);
    assert.ok(said.includes(words), said);
  });
}
