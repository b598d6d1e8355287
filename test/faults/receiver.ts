import assert from 'node:assert/strict';
import { count, seconds } from '../../lab/model/format.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { pause, until } from '../support/until.ts';
import { devicesBegin, pointOf, post, requestsUntil, samplesOf } from './devices.ts';
import type { Fault } from './fault.ts';
import { receiverFloodFault } from './receiver-flood.ts';
import { withStored } from './stored.ts';

/** What goes wrong with Prometheus' OTLP receiver: what was stored stays, and what is not taken is said. */

/** Of the base lab's Prometheus. */
const closedFault = (lab: Lab): Fault => ({
  name: 'points pushed to a Prometheus that receives none',
  run: () =>
    withStored(lab, async () => {
      const { status, words } = await post(lab, pointOf('uninvited', 'nobody', 1, lab.now()));
      assert.equal(status, 404, words);
      assert.match(words, /--web\.enable-otlp-receiver/);
      await pause(2);
      assert.deepEqual(await lab.read.query('uninvited'), []);
      return { lost: 'all of them: the answer names the flag', recovery: 'none is needed' };
    }),
});

const killFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'kill -9 of Prometheus while devices push to it',
  run: async () => {
    const first = await devicesBegin(lab, 18);
    const killedAt = lab.now();
    const cut = killedAt - 1;
    const before = await samplesOf(lab, first - 1, cut);
    assert.ok(before.steady!.length > 10);
    await runtime.signal('prometheus', 'SIGKILL');
    if (!runtime.restartsByItself) {
      await until('prometheus to end', 5, async () => !(await runtime.isRunning('prometheus')));
      assert.match(await make('status'), /^prometheus +died/m);
      // Longer than a push is sent again.
      await pause(8);
      await make('start', { SERVICE: 'prometheus' });
    }
    const recoverySeconds = await lab.recovered(killedAt);
    assert.deepEqual(await samplesOf(lab, first - 1, cut), before, 'what had been stored');
    // Half-way between two requests that are refused, a while after the last that waited for Prometheus.
    const settledAt = lab.now() + 6;
    await until('an instant without a request', 20, () => {
      const second = (lab.now() - first) % 4;
      return lab.now() > settledAt && second > 0.4 && second < 1.9;
    });
    const at = Math.floor(lab.now());
    const said = (await runtime.log('exporter')).match(/^exporter: POST \S+\/otlp\/v1\/metrics: .+$/gm) ?? [];
    const { sent, lost } = await requestsUntil(lab, first, at);
    assert.equal(said.length, lost.length, `requests that the exporter says are lost, of ${sent.length}`);
    const isSilent = said.filter((line) => !/: \d{3} /.test(line));
    if (!runtime.restartsByItself) assert.ok(isSilent.length > 0, 'none was lost in 8 s');
    const by = runtime.restartsByItself ? 'by itself' : 'with make start';
    return {
      lost: `${count(isSilent.length, 'request')} of ${sent.length}, each said by the exporter`,
      recovery: `${seconds(recoverySeconds)} ${by}`,
    };
  },
});

export const receiverFaults = (lab: Lab, runtime: Runtime): Fault[] => [
  closedFault(lab),
  killFault(lab, runtime),
  receiverFloodFault(lab, runtime),
];
