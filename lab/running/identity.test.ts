import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { serve } from '../../test/support/serve.ts';
import { observe } from './api.ts';
import { requireOwnGuide, requireOwnPrometheus } from './identity.ts';
import { placesFrom } from './places.ts';
import { ServiceError } from './service.ts';

const [own, other] = ['0123456789abcdef', 'fedcba9876543210'];
const guide = { name: 'the guide', of: 'lab' } as const;

const json = (answers: Record<string, unknown>) => (request: IncomingMessage, response: ServerResponse) => {
  const answer = answers[new URL(request.url ?? '', 'http://x').pathname];
  response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(answer === undefined ? 'no such path\n' : JSON.stringify(answer));
};
const success = (data: unknown) => ({ status: 'success', data });
const flags = (file: string) => ({ '/api/v1/status/flags': success({ 'config.file': file }) });

/** A Prometheus as observe() reads it, whosever it is. */
const prometheus = (file: string) => ({
  ...flags(file),
  '/api/v1/targets': success({ activeTargets: [] }),
  '/api/v1/rules': success({ groups: [] }),
  '/api/v1/status/config': success({ yaml: 'global: { scrape_interval: 5s }' }),
  '/api/v1/status/runtimeinfo': success({ startTime: new Date().toISOString() }),
  '/api/v1/query': success({ resultType: 'scalar', result: [Date.now() / 1_000, String(Date.now() / 1_000)] }),
});
const exporter = (lab?: string) => ({
  '/truth': { instants: [], startedAt: 1, signal: 'random', seed: 1, coreCount: 2, lab },
});

const placesOf = async (
  t: TestContext,
  answers: Record<'prometheus' | 'exporter' | 'guide', Record<string, unknown>>,
) =>
  placesFrom({
    LAB_ID: own,
    PROMETHEUS_ADDRESS: await serve(t, json(answers.prometheus)),
    EXPORTER_ADDRESS: await serve(t, json(answers.exporter)),
    GUIDE_ADDRESS: await serve(t, json(answers.guide)),
  });
const ownConfig = `/home/me/lab/.lab/data/prometheus/lab-config/${own}/prometheus.yml`;
const ours = { prometheus: prometheus(ownConfig), exporter: exporter(own), guide: { '/api/lab': { lab: own } } };

test('the services of this lab are taken for its own', async (t) => {
  const places = await placesOf(t, ours);
  assert.equal((await observe(places)).exporter?.signal, 'random');
  await requireOwnPrometheus(places);
  await requireOwnGuide(guide, places);
});

const foreign: [what: string, answers: Partial<typeof ours> & Record<string, unknown>, words: RegExp][] = [
  [
    'a Prometheus of another lab with the same folders',
    { prometheus: prometheus(ownConfig.replace(own, other)) },
    /^Prometheus at http:\/\/127\.0\.0\.1:\d+ is not this lab's: it is another lab's\. /,
  ],
  [
    'a Prometheus of no lab',
    { prometheus: prometheus('/etc/prometheus/prometheus.yml') },
    /^Prometheus at http:\/\/127\.0\.0\.1:\d+ is not this lab's: it does not say that it is\. /,
  ],
  ['an exporter of another lab', { exporter: exporter(other) }, /^the exporter at .* is not this lab's: it is another/],
  ['an exporter of before', { exporter: exporter() }, /^the exporter at .* is not this lab's: it does not say/],
];
for (const [what, answers, words] of foreign) {
  test(`${what} at this lab's port is named before anything is judged`, async (t) => {
    const places = await placesOf(t, { ...ours, ...answers } as typeof ours);
    await assert.rejects(observe(places), (error) => {
      assert.ok(error instanceof ServiceError);
      assert.equal(error.kind, 'foreign');
      assert.equal(error.isLabDown, false);
      assert.equal(error.look, 'make status');
      assert.match(error.message, words);
      return true;
    });
  });
}

for (const [what, answers] of [
  ['another lab', { '/api/lab': { lab: other } }],
  ['a lab of before', {}],
] as const) {
  test(`the guide of ${what} neither judges nor keeps anything`, async (t) => {
    const places = await placesOf(t, { ...ours, guide: answers });
    await assert.rejects(requireOwnGuide(guide, places), /^ServiceError|the guide at .* is not this lab's/);
  });
}

test('a guide that does not answer is left to whoever asks it', async (t) => {
  const places = { ...(await placesOf(t, ours)), guide: 'http://127.0.0.1:1' };
  await requireOwnGuide(guide, places);
});

test('on a network of its own, and in a lab that was started before, nobody has to say whose he is', async (t) => {
  const places = await placesOf(t, {
    ...ours,
    prometheus: prometheus('/etc/prometheus/prometheus.yml'),
    exporter: exporter(),
  });
  assert.equal((await observe({ ...places, labId: undefined })).exporter?.signal, 'random');
});
