import assert from 'node:assert/strict';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { until } from '../support/until.ts';
import { devicesBegin, path, pointOf, post, requestsUntil } from './devices.ts';
import type { Fault } from './fault.ts';
import { assertTrue, gapIn } from './stored.ts';

/** More is pushed to the OTLP receiver than anybody means to, most of it wrong. */

const floods = 3_000;
const atOnce = 16;

/** Of each request the kind, what is sent, and how it is answered. */
const kinds = [
  {
    status: 200,
    send: (lab: Lab, number: number) => post(lab, pointOf('flood', `source${number}`, number, lab.now())),
  },
  { status: 400, send: (lab: Lab, number: number) => post(lab, `{"resourceMetrics": [${number}`) },
  { status: 400, send: (lab: Lab) => post(lab, 'flood 1', 'text/plain') },
];

/**
 * How many requests Prometheus says that it has refused since it began, which the step has it do.
 * @param since  unix seconds: what an earlier Prometheus has stored does not count
 */
const refusedBy = async (lab: Lab, since: number): Promise<number> => {
  const selector = `prometheus_http_requests_total{job="prometheus",handler="${path}",code="400"}`;
  const stored = await lab.read.samples(selector, lab.now() - since, lab.now());
  return stored.reduce((sum, { samples }) => sum + samples.at(-1)![1], 0);
};

export const receiverFloodFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: `${floods} requests at the OTLP receiver, and one of 100 MB`,
  run: async () => {
    const first = await devicesBegin(lab, 2);
    const begunAt = lab.now();
    const process = await runtime.identity('prometheus');
    const sendFrom = async (begin: number) => {
      for (let number = begin; number < floods; number += atOnce) {
        const { status, send } = kinds[number % kinds.length]!;
        const answer = await send(lab, number);
        assert.equal(answer.status, status, answer.words);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, (_, index) => sendFrom(index)));
    const large = await post(lab, Buffer.alloc(100 * 2 ** 20, ' '));
    assert.equal(large.status, 400, large.words);
    assert.equal(await runtime.identity('prometheus'), process, 'Prometheus was started again');

    const valid = Array.from({ length: floods }, (_, number) => number).filter((number) => number % kinds.length === 0);
    const [found] = await lab.read.query('sum(flood)');
    assert.equal(
      found?.samples[0]?.[1],
      valid.reduce((sum, number) => sum + number, 0),
      'the points that were taken',
    );
    const endedAt = lab.now();
    // With the large one; the devices' own wrong requests come beside them.
    const refused = floods - valid.length + 1;
    const counted = await until('the refused ones to be counted', 30, async () => {
      const so = await refusedBy(lab, endedAt);
      return so >= refused && so;
    });
    const { lost } = await requestsUntil(lab, first, Math.floor(lab.now()) - 1);
    assert.ok(
      counted <= refused + lost.length,
      `${counted} are counted, ${refused} and ${lost.length} of the devices were refused`,
    );
    const whole = lost.filter(({ device, at }) => (device === 'steady' || device === 'stopped') && at < endedAt);
    assert.deepEqual(whole, [], 'points of the devices');
    const samples = await lab.stored(begunAt - 12, lab.now());
    await assertTrue(lab, samples);
    assert.ok(gapIn(samples, 5).missed <= 0, 'a scrape is missing');
    await make('up');
    return { lost: `what was refused, ${refused}: Prometheus counts each`, recovery: 'none is needed' };
  },
});
