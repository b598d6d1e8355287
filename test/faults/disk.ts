import assert from 'node:assert/strict';
import { seconds } from '../../lab/model/format.ts';
import { make, tryMake } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { pause, until } from '../support/until.ts';
import type { Fault } from './fault.ts';
import { storageOf } from './storage.ts';
import { assertTrue, gapIn } from './stored.ts';

/** The newest segment of the write-ahead log is damaged while the lab is down. */
export const walFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'the newest WAL segment is corrupt',
  run: async () => {
    await lab.up();
    await pause(11);
    const stoppedAt = lab.now();
    const before = await lab.stored(stoppedAt - 3_000, stoppedAt);
    await make('down');
    const where = await storageOf(runtime).corruptWal();
    const begun = lab.now();
    await make('up');
    const recoverySeconds = await lab.recovered(begun);
    const after = await lab.stored(stoppedAt - 3_000, stoppedAt);
    assert.match(
      await runtime.log('prometheus'),
      /Encountered WAL read error, attempting repair[\s\S]*Successfully repaired WAL/,
    );
    assert.deepEqual(after, before.slice(0, after.length), 'what is left is the beginning of what was there');
    await assertTrue(lab, after);
    // History lies in blocks, which the damage cannot reach; an hour of it is there from the start.
    assert.ok(after.length > 400, `${after.length} samples are left`);
    console.log(`  ${where}`);
    const lost = `the last ${before.length - after.length} of ${before.length} samples, all after the damage`;
    return { lost, recovery: `${seconds(recoverySeconds)}, repaired at make up` };
  },
});

/** The disk under Prometheus' data fills up, and has room again later. */
export const diskFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: "a full disk under Prometheus' data",
  skip: storageOf(runtime).noSmallDisk,
  run: async () => {
    await make('clean');
    const disk = await storageOf(runtime).smallDisk(64);
    try {
      await lab.up();
      await pause(11);
      const fullAt = lab.now();
      const before = await lab.stored(fullAt - 300, fullAt - 1);
      await disk.fill();
      const said = await until('make status to say so', 60, async () => {
        const { output } = await tryMake('status');
        if (new RegExp(`prometheus.*(${storageOf(runtime).brokenWord.source})`, 'i').test(output)) return 'ended';
        return /Prometheus runs, but has stored nothing for/.test(output) && 'went on';
      });
      const named = /LAB_DATA_DIR must be on a disk with \d+ MB free|no space left on device/i;
      await until('the reason to be named', 60, async () => {
        const isUpRefused = said === 'ended' && !runtime.restartsByItself;
        return named.test(isUpRefused ? (await tryMake('up')).output : await runtime.log('prometheus'));
      });
      await disk.free();
      const freeAt = lab.now();
      const isByCommand = said === 'ended' && !runtime.restartsByItself;
      if (isByCommand) await make('up');
      const recoverySeconds = await lab.recovered(freeAt, 120);
      const after = await lab.stored(fullAt - 300, fullAt - 1);
      assert.deepEqual(after, before, 'what had been stored');
      await assertTrue(lab, after);
      await pause(6);
      const { missed } = gapIn(await lab.stored(fullAt - 12, lab.now()), 5);
      const by =
        said === 'went on' ? 'without a restart' : `after a restart, ${isByCommand ? 'with make up' : 'by itself'}`;
      return {
        lost: `${missed} scrapes; Prometheus ${said}, make status says so`,
        recovery: `${seconds(recoverySeconds)} ${by}`,
      };
    } finally {
      await make('down');
      await disk.remove();
    }
  },
});
