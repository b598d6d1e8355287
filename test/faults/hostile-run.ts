import assert from 'node:assert/strict';
import { seconds } from '../../lab/model/format.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { startAlone } from '../support/processes.ts';
import { pause } from '../support/until.ts';
import type { Fault } from './fault.ts';
import { anyRequest } from './hostile/requests.ts';
import { exchange } from './hostile/wire.ts';
import { type Outcome, type Ports, sendHostile } from './hostile.ts';
import { assertBackTo, settledMegabytes } from './memory.ts';
import { createRandom } from './random.ts';

/**
 * Many hostile requests, against an exporter and a guide that are started for them.
 * @param warmUp  before the memory is read for the first time: code compiled, inbox full
 */
export const hostileFault = (count: number, seed: number, warmUp = count / 2): Fault => ({
  name: `${count} hostile requests (SEED=${seed} repeats them)`,
  run: async () => {
    const { exporter, guide } = await startAlone();
    try {
      const ports = { exporter: exporter.port, guide: guide.port };
      const before = await sendHostile(ports, warmUp, seed + 1);
      const memory = [await settledMegabytes(exporter), await settledMegabytes(guide)];
      const [outcome] = await Promise.all([sendHostile(ports, count, seed), sendSlowly(ports, seed)]);
      const failures = [...before.failures, ...outcome.failures];
      assert.deepEqual(failures.slice(0, 10), [], `${failures.length} wrong answers`);
      assert.equal(outcome.sent, count);
      for (const service of [exporter, guide]) assert.deepEqual([service.hasEnded(), service.stderr()], [false, '']);
      const afterwards = [
        await assertBackTo(memory[0]!, 'exporter', exporter),
        await assertBackTo(memory[1]!, 'guide', guide),
      ];
      const words = ['exporter', 'guide'].map(
        (name, at) => `${name} ${memory[at]!.toFixed(0)} → ${afterwards[at]!.megabytes.toFixed(0)} MB`,
      );
      console.log(
        `  answers by status: ${byStatus(outcome)}; ${Math.round(count / outcome.seconds)} requests a second`,
      );
      const late = Math.max(...afterwards.map(({ afterSeconds }) => afterSeconds));
      return { lost: `nothing; ${words.join(', ')}`, recovery: `memory within ${seconds(late)}` };
    } finally {
      await Promise.all([exporter.stop(), guide.stop()]);
    }
  },
});

const byStatus = ({ statuses }: Outcome): string =>
  Object.entries(statuses)
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ');

/** A few clients that send a byte now and then, and never come to an end by themselves; they leave after 6 s. */
const sendSlowly = async (ports: Ports, seed: number): Promise<void> => {
  const random = createRandom(seed);
  const slow = Array.from({ length: 20 }, () => {
    const { service, chunks } = anyRequest(random);
    const bytes = Buffer.concat([...chunks, Buffer.from('x'.repeat(30))]).subarray(0, 30);
    const drops = Array.from(bytes, (byte) => Buffer.from([byte]));
    return exchange(ports[service], { chunks: drops, pauseMilliseconds: 200, isHalfClosed: true });
  });
  await pause(2);
  for (const port of Object.values(ports)) {
    const asked = performance.now();
    assert.equal((await fetchDirect(`http://127.0.0.1:${port}/healthz`, 20_000)).status, 200);
    const took = (performance.now() - asked) / 1_000;
    assert.ok(took < 2, `an answer took ${seconds(took)} while others sent slowly`);
  }
  await Promise.all(slow);
};
