import assert from 'node:assert/strict';
import { seconds } from '../../lab/model/format.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { serviceApi } from '../../lab/running/service-api.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { pause, until } from '../support/until.ts';
import { experimentNamed } from './backend-kills.ts';
import type { Fault } from './fault.ts';
import { storageOf } from './storage.ts';
import { gapIn } from './stored.ts';

/** What goes wrong with a store that Prometheus sends to: nothing that was stored before is lost, there or here. */

const selector = `${requests}{job="${job}"}`;

/** The raw samples of the counter, as Prometheus has stored them and as the remote endpoint returns them. */
const bothHave = async (lab: Lab, from: number, to: number): Promise<{ own: Sample[]; stored: Sample[] }> => {
  const [own] = await lab.read.samples(selector, to - from, to);
  const [stored] = await serviceApi({ name: 'query', of: 'step' }, lab.places.query)
    .samples(selector, to - from, to)
    .catch(() => []);
  return { own: own?.samples ?? [], stored: stored?.samples ?? [] };
};

const isWhole = async (lab: Lab, from: number, to: number): Promise<Sample[] | undefined> => {
  const { own, stored } = await bothHave(lab, from, to);
  return own.length > 0 && JSON.stringify(own) === JSON.stringify(stored) ? own : undefined;
};

/** Brings a store up, and waits until it has the samples of some scrapes. @returns since when it has every one */
const withStore = async (lab: Lab): Promise<number> => {
  await make(experimentNamed('backlog').command);
  const from = lab.now();
  await pause(16);
  await until('the store to have every sample', 60, async () => isWhole(lab, from, lab.now() - 6));
  return from;
};

/** The store hangs with its connections open: what waits is sent later, and nothing waits for it that is to end. */
export const frozenStoreFault = (lab: Lab): Fault => ({
  name: 'the store is frozen',
  run: async () => {
    const from = await withStore(lab);
    await make('freeze', { SERVICE: 'store' });
    await pause(21);
    await make('thaw', { SERVICE: 'store' });
    const thawedAt = lab.now();
    const whole = await until('every sample to be in the store', 90, () => isWhole(lab, from, thawedAt));
    const recoverySeconds = lab.now() - thawedAt;
    assert.ok(gapIn(whole, 5).missed <= 0, "a scrape of the lab's own Prometheus is missing");

    await make('freeze', { SERVICE: 'store' });
    const begun = lab.now();
    await make('down');
    const downSeconds = lab.now() - begun;
    await lab.nothingAnswers();
    assert.ok(downSeconds < 60, `make down took ${downSeconds} s beside a frozen store`);
    await lab.up();
    const [after] = await lab.read.samples(selector, thawedAt - from, thawedAt);
    assert.deepEqual(after!.samples, whole, 'what Prometheus had stored');
    return {
      lost: `nothing; make down beside it took ${seconds(downSeconds)}`,
      recovery: `${seconds(recoverySeconds)} after make thaw`,
    };
  },
});

/** The disk under the store fills up, and has room again later. */
export const storeDiskFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'a full disk under the store',
  skip: storageOf(runtime).noSmallDisk,
  run: async () => {
    await make('clean');
    const disk = await storageOf(runtime).smallDisk(64, 'store-data');
    try {
      const from = await withStore(lab);
      const fullAt = lab.now();
      const before = await bothHave(lab, from, fullAt - 6);
      await disk.fill();
      await until('samples to be missing in the store', 60, async () => {
        const { own, stored } = await bothHave(lab, fullAt, lab.now() - 10);
        return own.length > 1 && stored.length < own.length;
      });
      await disk.free();
      const freeAt = lab.now();
      if (!runtime.restartsByItself && !(await runtime.isRunning('store'))) await make('start', { SERVICE: 'store' });
      const whole = await until('every sample to be in the store', 120, () => isWhole(lab, from, freeAt));
      const recoverySeconds = lab.now() - freeAt;
      assert.deepEqual(await bothHave(lab, from, fullAt - 6), before, 'what had been stored');
      assert.ok(gapIn(whole, 5).missed <= 0, "a scrape of the lab's own Prometheus is missing");
      return { lost: 'nothing: what waited was sent', recovery: `${seconds(recoverySeconds)} after there was room` };
    } finally {
      await make('down');
      await disk.remove();
    }
  },
});
