import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../lab/model/lab.ts';
import { labPrometheus } from '../../lab/running/prometheus.ts';
import { ServiceError } from '../../lab/running/service.ts';
import { RequestError } from '../src/errors.ts';
import { createSearch, isAboutFault } from '../src/search.ts';
import { createSolvedStore } from '../src/solved.ts';

const now = 1_800_000_000;
const broken: Lab = {
  now,
  scrapeSeconds: 5,
  evaluationSeconds: 5,
  prometheusStartedAt: now - 60,
  exporter: { signal: 'random', seed: 1, startedAt: now - 3_600, cores: 2 },
  target: { health: 'down', lastError: 'server returned HTTP status 404', scrapeUrl: 'http://exporter:8000/metric' },
  jobConfig: 'job_name: my_app\n  metrics_path: /metric\n  scheme: http\n',
};
const healthy = { ...broken, jobConfig: 'job_name: my_app\n  metrics_path: /metrics\n' };

const searchIn = (lab: Lab | Error, store = createSolvedStore(undefined, assert.fail)) =>
  createSearch({
    observe: async () => {
      if (lab instanceof Error) throw lab;
      return lab;
    },
    store,
    clock: () => now,
  });

test('the right cause is kept, a wrong one says what would be seen', async () => {
  const store = createSolvedStore(undefined, assert.fail);
  const search = searchIn(broken, store);
  assert.deepEqual(await search.name({ experiment: 8, cause: 'port' }), {
    kind: 'judged',
    parts: [
      {
        part: 'CAUSE',
        isRight: false,
        says: 'then `up` is 0 and the connection is refused, although the exporter answers at its own port',
      },
    ],
    right: [[]],
    isKept: true,
  });
  assert.equal(search.namedAt(), undefined);
  const found = await search.name({ experiment: 8, cause: 'path' });
  assert.deepEqual(found, {
    kind: 'judged',
    parts: [
      {
        part: 'CAUSE',
        isRight: true,
        says: 'the scrape asks for a path that the exporter does not have. Here `up` is 0, and the error beside the target is an HTTP status 404',
      },
    ],
    right: [['CAUSE']],
    isKept: true,
  });
  assert.equal(search.namedAt(), now);
  assert.deepEqual(store.list(), [{ exercise: 'debugging/fault-path', answer: 'path', at: now }]);
  const [state] = search.state().searches;
  assert.deepEqual([state?.experiment, state?.found], [8, ['path']]);
  assert.ok(state!.causes.length >= 5 && state!.causes.includes('path'));
});

test('to who asks it is revealed, which is not kept as found', async () => {
  const search = searchIn(broken);
  const named = await search.name({ experiment: 8, tell: true });
  assert.deepEqual(named, {
    kind: 'given',
    debrief: [
      {
        title: 'path: the scrape asks for a path that the exporter does not have',
        facts: ['here `up` is 0, and the error beside the target is an HTTP status 404'],
      },
    ],
  });
  assert.equal(search.namedAt(), now);
  assert.deepEqual(search.state().searches[0]?.found, []);
});

test('where nothing is broken, and where the lab does not answer, nobody is wrong', async () => {
  assert.deepEqual(await searchIn(healthy).name({ experiment: 8, cause: 'path' }), {
    kind: 'elsewhere',
    reason: 'nothing is broken',
    type: 'make exp-8',
  });
  const gone = new ServiceError('unreachable', labPrometheus, 'Prometheus does not answer');
  assert.deepEqual(await searchIn(gone).name({ experiment: 8, cause: 'path' }), {
    kind: 'unknown',
    reason: 'Prometheus does not answer',
    look: 'make status',
  });
  await assert.rejects(searchIn(new TypeError('a bug')).name({ experiment: 8, cause: 'path' }), TypeError);
});

const refused: [body: object, message: RegExp][] = [
  [{ experiment: 8, cause: 'moon' }, /^CAUSE must be path, port, .* or [a-z-]+, got "moon"$/],
  [{ experiment: 8, cause: '' }, /^CAUSE must be .*, got ""$/],
  [{ experiment: 4, cause: 'path' }, /^CAUSE is for experiment 8 alone$/],
  [{ experiment: 4, tell: true }, /^CAUSE is for experiment 8 alone$/],
  [{ experiment: 8, tell: 'yes' }, /^CAUSE must be .*, got nothing$/],
];
for (const [body, message] of refused) {
  test(`${JSON.stringify(body)} is refused by name`, async () => {
    await assert.rejects(searchIn(broken).name(body), (error) => {
      assert.ok(error instanceof RequestError, `${error}`);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('an answer is about a fault where it has a cause, or asks for it', () => {
  for (const body of [{ cause: 'path' }, { tell: true }]) assert.equal(isAboutFault(body), true);
  for (const body of [{ query: 'up' }, null, 'cause', ['cause'], undefined]) assert.equal(isAboutFault(body), false);
});
