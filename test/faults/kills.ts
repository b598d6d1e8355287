import assert from 'node:assert/strict';
import { count, seconds } from '../../lab/model/format.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { make, tryMake } from '../support/commands.ts';
import { type Lab, type ServiceName, services } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { pause, until } from '../support/until.ts';
import type { Fault } from './fault.ts';
import { startLoad } from './load.ts';
import { assertTrue, gapIn } from './stored.ts';

/** What is lost with a service besides scrapes. */
const also: Record<ServiceName, string> = {
  exporter: '; its counters begin at 0 again',
  prometheus: '',
  alertmanager: '',
  guide: "; the inbox's contents",
};

/**
 * Ends services under load, and starts those again that do not restart by themselves. What was stored before is
 * there afterwards, and it is true.
 * @param end  ends them, and waits for it; @returns what is lost besides scrapes, and how it went
 */
const underLoad = async (
  lab: Lab,
  runtime: Runtime,
  ended: readonly ServiceName[],
  end: () => Promise<string>,
): Promise<{ lost: string; recovery: string }> => {
  await lab.recovered(lab.now() - 10);
  const load = startLoad(lab);
  try {
    await pause(6);
    // A scrape may be on its way to the disk this very moment: it counts as neither before nor after.
    const endedAt = lab.now();
    const cut = endedAt - 1;
    const before = await lab.stored(cut - 300, cut);
    const lost = await end();
    if (!runtime.restartsByItself) {
      const status = await make('status');
      for (const service of ended) assert.match(status, new RegExp(`^${service} +died`, 'm'));
      await make('up');
    }
    const recoverySeconds = await lab.recovered(endedAt);
    assert.ok(before.length > 2, `${before.length} samples before`);
    assert.deepEqual(await lab.stored(cut - 300, cut), before, 'what had been stored');
    await assertTrue(lab, before);
    await pause(6);
    const { missed } = gapIn(await lab.stored(endedAt - 12, lab.now()), 5);
    const by = runtime.restartsByItself ? 'by itself' : 'with make up';
    return { lost: `${scrapes(missed)}${lost}`, recovery: `${seconds(recoverySeconds)} ${by}` };
  } finally {
    await load.stop();
  }
};

const scrapes = (missed: number): string => (missed <= 0 ? 'no scrape' : count(missed, 'scrape'));

/** `kill -9` of each service. */
export const killFaults = (lab: Lab, runtime: Runtime): Fault[] =>
  services.map((service) => ({
    name: `kill -9 of ${service} under load`,
    run: () =>
      underLoad(lab, runtime, [service], async () => {
        await runtime.signal(service, 'SIGKILL');
        if (!runtime.restartsByItself) {
          await until(`${service} to end`, 5, async () => !(await runtime.isRunning(service)));
        }
        return also[service];
      }),
  }));

/** SIGTERM to each service: it ends soon and by itself. */
export const termFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'SIGTERM to every service under load',
  run: () =>
    underLoad(lab, runtime, services, async () => {
      const took = await Promise.all(
        services.map(async (service) => {
          const before = await runtime.identity(service);
          const begun = performance.now();
          await runtime.signal(service, 'SIGTERM');
          await until(`${service} to end`, 10, async () => (await runtime.identity(service)) !== before);
          return (performance.now() - begun) / 1_000;
        }),
      );
      return `; all ended within ${seconds(Math.max(...took))}`;
    }),
});

/** The exporter accepts connections and answers nobody: what hangs is said to hang, and nothing else is. */
export const hangFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'the exporter hangs (SIGSTOP)',
  run: async () => {
    await lab.recovered(lab.now() - 10);
    const hungAt = lab.now();
    await runtime.signal('exporter', 'SIGSTOP');
    try {
      const { output } = await until('up to be 0', 20, async () => {
        const up = (await lab.read.query('up{job="my_app"}'))[0]?.samples[0]?.[1];
        return up === 0 && tryMake('status');
      });
      assert.doesNotMatch(output, /has stored nothing/);
      const state = (await (await fetchDirect(`${lab.places.guide}/api/state`, 5_000)).json()) as GuideState;
      const [exporter, ...others] = state.services;
      assert.match(exporter!.reason ?? '', /gave no answer within 2 s/);
      assert.ok(
        others.every(({ answers }) => answers),
        JSON.stringify(others),
      );
      assert.equal(state.active, undefined, 'what hangs is not gone: nobody knows what is active');
      assert.equal(state.lab?.target?.health, 'down', 'the guide does not show that the target is down');
    } finally {
      await runtime.signal('exporter', 'SIGCONT');
    }
    const goesOnAt = lab.now();
    const recoverySeconds = await lab.recovered(goesOnAt);
    await pause(2);
    const { missed } = gapIn(await lab.stored(hungAt - 12, lab.now()), 5);
    return { lost: `${scrapes(missed)}; the guide names it`, recovery: `${seconds(recoverySeconds)} by itself` };
  },
});

type GuideState = {
  services: { name: string; answers: boolean; reason?: string }[];
  lab?: { target?: { health: string } };
  active?: string;
};
