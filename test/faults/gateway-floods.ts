import assert from 'node:assert/strict';
import { count, seconds } from '../../lab/model/format.ts';
import type { Target } from '../../lab/model/lab.ts';
import { prometheusApi } from '../../lab/running/prometheus.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { until } from '../support/until.ts';
import type { Fault } from './fault.ts';
import { gateway, gatewayAt, groupsBefore, groupsStored, jobsBegin, untilStored, up } from './jobs.ts';
import { untilUp } from './outage.ts';
import { gapIn } from './stored.ts';

/** More is pushed than anybody means to: what was stored stays, and Prometheus goes on with everything else. */

const atOnce = 8;
const bodyBytes = 100 * 2 ** 20;

/** What the Pushgateway is sent, and what came of it, while the lab goes on. */
const flooded = async <Result>(
  lab: Lab,
  runtime: Runtime,
  flood: (gateway: Awaited<ReturnType<typeof gatewayAt>>) => Promise<Result>,
): Promise<{ result: Result; recoverySeconds: number }> => {
  const runs = await jobsBegin(lab);
  await untilStored(lab, runs.at(-1)!.at);
  const { cut, before } = await groupsBefore(lab);
  try {
    const result = await flood(await gatewayAt(runtime));
    // What was pushed is forgotten with the process.
    await make(runtime.restartsByItself || (await runtime.isRunning(gateway)) ? 'restart' : 'start', {
      SERVICE: gateway,
    });
    const againAt = lab.now();
    const recoverySeconds = (await untilUp(lab, up, 1, againAt)) - againAt;
    assert.deepEqual(await (await gatewayAt(runtime)).groups(), []);
    assert.deepEqual(await groupsStored(lab, cut - 60, cut), before, 'what had been stored');
    assert.ok(gapIn(await lab.stored(cut - 12, lab.now()), 5).missed <= 0, 'a scrape of the exporter is missing');
    return { result, recoverySeconds };
  } finally {
    await make('up');
  }
};

/** @param groups  each push takes longer than the one before: the Pushgateway looks through all groups for contradictions */
const groupsFault = (lab: Lab, runtime: Runtime, groups: number): Fault => ({
  name: `${groups} groups pushed to the Pushgateway`,
  run: async () => {
    const { result, recoverySeconds } = await flooded(lab, runtime, async ({ send, groups: shown }) => {
      const taken = new Set<string>();
      const earlier = (await shown()).length;
      const first = await runtime.identity(gateway);
      const pushFrom = async (begin: number) => {
        for (let number = begin; number < groups; number += atOnce) {
          const job = `flood${number}`;
          if ((await send('PUT', job, `flood ${number}\n`)) === 200) taken.add(job);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, (_, index) => pushFrom(index)));
      // One whose memory is limited may have ended, and begun anew without what it held.
      if ((await runtime.identity(gateway)) !== first) return 'it was ended for its memory, and began anew';
      assert.equal((await shown()).length, earlier + taken.size, 'groups that it shows');
      const pushedAt = lab.now();
      const sum = (taken.size * (taken.size - 1)) / 2;
      assert.equal(taken.size, groups, 'groups that it took');
      await untilUp(lab, up, 1, pushedAt);
      await until('all of them to be stored, by value', 40, async () => {
        const [found] = await lab.read.query('sum(flood)');
        return found?.samples[0]?.[1] === sum;
      });
      return `nothing: ${count(groups, 'group')} are stored`;
    });
    return { lost: result, recovery: `${seconds(recoverySeconds)} after make restart` };
  },
});

/** What Prometheus says of the last scrape of each target. */
const lastErrors = async ({ places }: Lab): Promise<string[]> => {
  const { activeTargets } = (await prometheusApi(places.prometheus)('targets')) as { activeTargets: Target[] };
  return activeTargets.map(({ lastError }) => lastError);
};

/** Lines of one metric with a label that is another in each, as many as fit into so many bytes. */
const linesOf = (bytes: number): Buffer => {
  const line = (number: number) => `flood{line="${String(number).padStart(9, '0')}"} 1\n`;
  const every = line(0).length;
  return Buffer.from(Array.from({ length: Math.floor(bytes / every) }, (_, number) => line(number)).join(''));
};

const bodyFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'a push of 100 MB',
  run: async () => {
    const { result, recoverySeconds } = await flooded(lab, runtime, async ({ send }) => {
      const first = await runtime.identity(gateway);
      const sentAt = lab.now();
      const status = await send('PUT', 'flood', linesOf(bodyBytes));
      if (status !== 200) {
        const what = `the Pushgateway, which answered ${status || 'nothing'}, to have been started again`;
        await until(what, 30, async () => {
          const now = await runtime.identity(gateway);
          return now !== undefined && now !== first && runtime.isRunning(gateway);
        });
        return 'it was ended for its memory, and began anew';
      }
      // It takes it, and its page is larger than what Prometheus reads of one, or takes longer.
      await untilUp(lab, up, 0, sentAt);
      const problem = await until('the reason to be named', 20, async () =>
        (await lastErrors(lab)).find((each) => /body size limit exceeded|context deadline exceeded/.test(each)),
      );
      assert.deepEqual(await lab.read.query('flood'), [], 'some of it is stored');
      return `the scrapes of it: ${problem}`;
    });
    return { lost: result, recovery: `${seconds(recoverySeconds)} after make restart` };
  },
});

export const gatewayFloodFaults = (lab: Lab, runtime: Runtime, groups: number): Fault[] => [
  groupsFault(lab, runtime, groups),
  bodyFault(lab, runtime),
];
