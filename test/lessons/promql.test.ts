import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { placedExercises } from '../../lab/running/exercises.ts';
import { answered } from '../../lab/simulator/query.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';
import { fleetAfter, fleetStart, isSimulable } from './simulated.ts';

/** The simulated Prometheus answers what the real one does, on the same samples: what lessons ask and rules evaluate. */
const queries = [
  ...placedExercises().flatMap(({ exercise: { answer, counts } }) => (counts ? [] : [answer])),
  ...experiments.filter(isSimulable).flatMap(({ plan }) => (plan.rules ?? []).map(({ expr }) => expr)),
  'topk by (job) (1, requests_total)',
  'requests_total and on (job, instance) up',
  'rate(requests_total[1m]) / ignoring (code) group_left () rate(errors_total[1m])',
];
const seconds = 150;

const linesOf = (series: readonly Series[]): [string, number][] =>
  series
    .map(({ labels, samples }): [string, number] => [JSON.stringify(Object.entries(labels).sort()), samples.at(-1)![1]])
    .sort(([one], [other]) => (one < other ? -1 : 1));

test('the simulated Prometheus answers as the real one does', { skip: missing }, async (t) => {
  const environment = { INSTANCES: '2', LATENCY: '0.02', LATENCY_2: '0.9', ERRORS: 'light:90%:10%,heavy:10%:80%' };
  const lab = await fleetAfter(seconds, { environment }, 5, 0.31);
  const now = fleetStart + seconds;
  const stored = lab.storedAt(now);
  const { read } = await prometheusWith(t, stored);
  let compared = 0;
  for (const query of new Set(queries)) {
    const own = answered(stored, query, now);
    if ('refused' in own && own.refused.startsWith('not simulated')) continue;
    await t.test(query, async () => {
      const real = await read.ask(query, now);
      assert.equal('refused' in own, 'refused' in real, JSON.stringify([own, real]));
      if ('refused' in own || 'refused' in real) return;
      const [one, other] = [linesOf(own.series), linesOf(real.series)];
      assert.deepEqual(
        one.map(([labels]) => labels),
        other.map(([labels]) => labels),
      );
      one.forEach(([, value], index) => {
        const expected = other[index]![1];
        assert.ok(
          Object.is(value, expected) || Math.abs(value - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
          `${value}, ${expected}`,
        );
      });
    });
    compared += 1;
  }
  assert.ok(compared > 25, `${compared} queries`);
});
