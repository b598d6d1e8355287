import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort } from '../support/ports.ts';
import { start, untilAnswers } from '../support/processes.ts';
import { findProgram } from '../support/programs.ts';
import { pause, until } from '../support/until.ts';
import type { Fault } from './fault.ts';
import { noSmallDisk, smallDiskAt } from './storage.ts';

/** It writes its file each second in which something was pushed. */
const keptAfterSeconds = 3;

const program = findProgram('pushgateway') ?? findProgram('prometheus-pushgateway');

/** A Pushgateway that keeps what was pushed in a file, unlike the lab's. */
const startKeeping = async (file: string) => {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const flags = [`--persistence.file=${file}`, '--persistence.interval=1s'];
  const running = start([program!, `--web.listen-address=127.0.0.1:${port}`, ...flags]);
  await untilAnswers('the Pushgateway', running, `${base}/-/ready`);
  /** Every line of the groups, with the time of their push; not what it says of itself. */
  const groups = async () => {
    const page = await (await fetchDirect(`${base}/metrics`, 5_000)).text();
    return page.split('\n').filter((line) => /^(rows|push_time_seconds)\{/.test(line));
  };
  const put = async (job: string) => {
    const { status } = await fetchDirect(`${base}/metrics/job/${job}`, 5_000, { method: 'PUT', body: 'rows 1000\n' });
    return status;
  };
  const kill = async () => {
    running.child.kill('SIGKILL');
    await until('the Pushgateway to end', 5, running.hasEnded);
  };
  return { ...running, groups, put, kill };
};

/** The disk under a Pushgateway's file fills up: what was kept before stays, and what is not kept is said. */
export const persistenceFault: Fault = {
  name: "a full disk under a Pushgateway's file",
  skip: program === undefined ? 'pushgateway is not on this machine' : noSmallDisk,
  run: async () => {
    const { folder, remove } = temporaryFolder();
    const disk = await smallDiskAt(join(folder, 'disk'), 1);
    const file = join(folder, 'disk', 'groups');
    let gateway = await startKeeping(file);
    /** Kills it, and starts another on the same file. @returns its groups */
    const again = async () => {
      await gateway.kill();
      gateway = await startKeeping(file);
      return gateway.groups();
    };
    try {
      for (const job of ['one', 'two', 'three']) assert.equal(await gateway.put(job), 200);
      const kept = await gateway.groups();
      assert.equal(kept.length, 6);
      await pause(keptAfterSeconds);
      assert.deepEqual(await again(), kept, 'after kill -9');

      await disk.fill();
      assert.equal(await gateway.put('four'), 200);
      assert.equal((await gateway.groups()).length, 8, 'it shows what it cannot keep');
      await until('its log to say so', 20, () => /no space left on device/.test(gateway.stdout() + gateway.stderr()));
      assert.deepEqual(await again(), kept, 'what had been kept');

      await disk.free();
      assert.equal(await gateway.put('four'), 200);
      const all = await gateway.groups();
      assert.equal(all.length, 8);
      await pause(keptAfterSeconds);
      assert.deepEqual(await again(), all, 'once there is room');
      return { lost: 'the push that the full disk could not keep; its log says so', recovery: 'with the next push' };
    } finally {
      await gateway.stop();
      await disk.remove();
      remove();
    }
  },
};
