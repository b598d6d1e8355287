import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placesFrom } from '../../lab/running/places.ts';
import { noChromium } from '../../test/support/chromium.ts';
import { serve } from '../../test/support/serve.ts';
import { createHealth } from '../src/health.ts';
import { axeFindings } from './axe.ts';
import { inBrowser, servePage } from './served-page.ts';

const target = {
  labels: { job: 'my_app', instance: 'exporter:8000' },
  scrapeUrl: 'http://exporter:8000/wrong',
  health: 'down',
  lastError: 'server returned HTTP status 404 Not Found',
  lastScrape: '2026-11-23T20:40:00.5Z',
  lastScrapeDuration: 0.0042,
  scrapeInterval: '5s',
};
const rule = {
  name: 'HighCPU',
  type: 'alerting',
  query: 'cpu_usage_simulated > 80',
  health: 'ok',
  lastEvaluation: '2026-11-23T20:40:03Z',
  evaluationTime: 0.0003,
  state: 'firing',
  duration: 10,
};
const alert = {
  labels: { alertname: 'HighCPU', job: 'my_app' },
  annotations: {},
  state: 'firing',
  activeAt: '2026-11-23T20:39:00Z',
  value: '9.5e+01',
};
const prometheus: Record<string, unknown> = {
  targets: {
    activeTargets: [target],
    droppedTargets: [{ discoveredLabels: { job: 'limited', __address__: 'exporter:8001' } }],
  },
  rules: { groups: [{ name: 'lab', interval: 5, rules: [rule] }] },
  alerts: { alerts: [alert] },
};
const foreign = { labels: { alertname: 'MyFirstAlert' }, startsAt: alert.activeAt, endsAt: '2026-11-23T20:45:00Z' };
const matcher = { name: 'alertname', value: 'HighCPU', isRegex: false, isEqual: true };
const alertmanager: Record<string, unknown> = {
  alerts: [
    { ...foreign, labels: alert.labels, status: { state: 'suppressed', silencedBy: ['s1'], inhibitedBy: [] } },
    { ...foreign, status: { state: 'active', silencedBy: [], inhibitedBy: [] } },
  ],
  silences: [
    {
      id: 's1',
      comment: 'by me',
      createdBy: 'me',
      startsAt: '2026-11-23T20:38:00Z',
      endsAt: '2026-11-23T21:00:00Z',
      status: { state: 'active' },
      matchers: [matcher],
    },
    {
      id: 's0',
      comment: 'old',
      createdBy: 'me',
      startsAt: '2026-11-23T18:00:00Z',
      endsAt: '2026-11-23T19:00:00Z',
      status: { state: 'expired' },
      matchers: [],
    },
    {
      id: 's2',
      comment: 'over',
      createdBy: 'me',
      startsAt: '2026-11-23T20:00:00Z',
      endsAt: '2026-11-23T20:10:00Z',
      status: { state: 'expired' },
      matchers: [{ name: 'alertname', value: 'Errors.+', isRegex: true }],
    },
  ],
};

const healthOf = async (t: Parameters<typeof serve>[0]) => {
  const last = (url = '') => new URL(url, 'http://x').pathname.split('/').at(-1)!;
  const metrics = await serve(t, ({ url }, response) => {
    response.end(JSON.stringify({ status: 'success', data: prometheus[last(url)] }));
  });
  const notifier = await serve(t, ({ url }, response) => void response.end(JSON.stringify(alertmanager[last(url)])));
  const now = Date.parse('2026-11-23T20:40:04Z') / 1_000;
  return createHealth(placesFrom({ PROMETHEUS_ADDRESS: metrics, ALERTMANAGER_ADDRESS: notifier }), () => now);
};

test('a target has its last error, and what relabelling has dropped is there', async (t) => {
  const reply = await (await healthOf(t)).targets();
  assert.ok('targets' in reply);
  const { labels: _, ...shown } = reply.targets[0]!;
  assert.deepEqual(shown, {
    job: 'my_app',
    instance: 'exporter:8000',
    url: 'http://exporter:8000/wrong',
    health: 'down',
    lastError: 'server returned HTTP status 404 Not Found',
    scrapedAt: Date.parse(target.lastScrape) / 1_000,
    tookSeconds: 0.0042,
    interval: '5s',
  });
  assert.deepEqual(reply.dropped, [{ job: 'limited', __address__: 'exporter:8001' }]);
});

test('an alert has what Alertmanager does with it, and one that is foreign is there as well', async (t) => {
  const { alerts, silences, missing } = await (await healthOf(t)).alerts();
  assert.deepEqual(
    alerts.map(({ labels, state, notified }) => [labels.alertname, state, notified?.state, notified?.silencedBy]),
    [
      ['HighCPU', 'firing', 'suppressed', ['s1']],
      ['MyFirstAlert', undefined, 'active', []],
    ],
  );
  assert.deepEqual(
    silences.map(({ id, matchers }) => [id, matchers]),
    [
      ['s1', 'alertname="HighCPU"'],
      ['s2', 'alertname=~"Errors.+"'],
    ],
    'one that ended an hour ago is still of interest, an older one is not',
  );
  assert.deepEqual(missing, []);
});

test('services that are down are a reason, and no error', async () => {
  const nowhere = createHealth(placesFrom({ PROMETHEUS_ADDRESS: 'localhost:1', ALERTMANAGER_ADDRESS: 'localhost:1' }));
  const reply = await nowhere.targets();
  assert.match('failed' in reply ? reply.failed : '', /^Prometheus does not answer at http:\/\/localhost:1/);
  const { alerts, missing } = await nowhere.alerts();
  assert.deepEqual([alerts, missing.length], [[], 2]);
});

test('targets, rules and alerts are tabs of the page', { skip: noChromium, timeout: 60_000 }, async (t) => {
  const url = await servePage(t, { health: await healthOf(t) });
  await inBrowser(url, async (page) => {
    for (const [tab, words] of [
      ['targets', /0 of 1 target up, 1 dropped.*server returned HTTP status 404 Not Found.*20:40:00/],
      ['rules', /HighCPU.*for 10 s.*cpu_usage_simulated > 80.*firing.*20:40:03/],
      ['alerts', /HighCPU.*firing.*20:39:00.*95.*silenced \(s1\).*MyFirstAlert.*Silences.*by me.*20:38:00.*21:00:00/],
    ] as const) {
      await page.locator(`#tab-${tab}`).click();
      await page.locator('#health-content').filter({ hasText: words }).waitFor();
      assert.deepEqual(await axeFindings(page), [], tab);
    }
    await page.locator('#tab-rules').click();
    await page.locator('#health-content button.query').click();
    await page.locator('#editor', { hasText: 'cpu_usage_simulated > 80' }).waitFor();
    await page.locator('#tab-graph[aria-selected="true"]').waitFor();
  });
});

test('what another Prometheus has is waited for by its name, and nobody else’s is shown meanwhile', {
  skip: noChromium,
  timeout: 60_000,
}, async (t) => {
  const url = await servePage(t, { health: await healthOf(t) });
  await inBrowser(url, async (page) => {
    const content = page.locator('#health-content');
    await page.locator('#tab-targets').click();
    await content.filter({ hasText: /0 of 1 target up/ }).waitFor();
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/targets?of=replica-b*', async (route) => {
      await asked;
      await route.continue();
    });
    const left = await page.evaluate(`(() => {
      const choice = document.querySelector('#health-of');
      choice.add(new Option('replica-b', 'replica-b'));
      choice.value = 'replica-b';
      choice.dispatchEvent(new Event('change'));
      return document.querySelector('#health-content').textContent;
    })()`);
    assert.equal(left, '');
    await content.filter({ hasText: /^Waiting for the targets of replica-b: \d+ s so far\.$/ }).waitFor();
    answer();
    await content.filter({ hasText: /The targets cannot be read/ }).waitFor();
  });
});
