import assert from 'node:assert/strict';
import { count, seconds } from '../../experiments/words.ts';
import { fetchDirect } from '../../lab/fetch.ts';
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

/** `kill -9` of each service under load: what was stored before is there afterwards, and it is true. */
export const killFaults = (lab: Lab, runtime: Runtime): Fault[] =>
  services.map((service) => ({
    name: `kill -9 of ${service} under load`,
    run: async () => {
      await lab.recovered(lab.now() - 10);
      const load = startLoad(lab);
      try {
        await pause(6);
        // A scrape may be on its way to the disk this very moment: it counts as neither before nor after.
        const killedAt = lab.now();
        const cut = killedAt - 1;
        const before = await lab.stored(cut - 300, cut);
        await runtime.signal(service, 'SIGKILL');
        if (!runtime.restartsByItself) {
          await until('its end', 5, async () => !(await runtime.isRunning(service)));
          assert.match(await make('status'), new RegExp(`^${service} +died`, 'm'));
          await make('up');
        }
        const recoverySeconds = await lab.recovered(killedAt);
        assert.ok(before.length > 2, `${before.length} samples before`);
        assert.deepEqual(await lab.stored(cut - 300, cut), before, 'what had been stored');
        await assertTrue(lab, before);
        await pause(6);
        const { missed } = gapIn(await lab.stored(killedAt - 12, lab.now()), 5);
        const by = runtime.restartsByItself ? 'by itself' : 'with make up';
        return { lost: `${scrapes(missed)}${also[service]}`, recovery: `${seconds(recoverySeconds)} ${by}` };
      } finally {
        await load.stop();
      }
    },
  }));

const scrapes = (missed: number): string => (missed <= 0 ? 'no scrape' : count(missed, 'scrape'));

/** SIGTERM to each service: it ends soon and by itself. */
export const termFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'SIGTERM to every service under load',
  run: async () => {
    await lab.recovered(lab.now() - 10);
    const load = startLoad(lab);
    try {
      await pause(6);
      const endedAt = lab.now();
      const cut = endedAt - 1;
      const before = await lab.stored(cut - 300, cut);
      const slowest = await Promise.all(
        services.map(async (service) => {
          const pidBefore = await runtime.identity(service);
          const begun = performance.now();
          await runtime.signal(service, 'SIGTERM');
          await until(`the end of ${service}`, 10, async () => (await runtime.identity(service)) !== pidBefore);
          return (performance.now() - begun) / 1_000;
        }),
      );
      if (!runtime.restartsByItself) {
        const status = await make('status');
        for (const service of services) assert.match(status, new RegExp(`^${service} +died`, 'm'));
        await make('up');
      }
      const recoverySeconds = await lab.recovered(endedAt);
      assert.deepEqual(await lab.stored(cut - 300, cut), before, 'what had been stored');
      await assertTrue(lab, before);
      await pause(6);
      const { missed } = gapIn(await lab.stored(endedAt - 12, lab.now()), 5);
      const end = `ended within ${seconds(Math.max(...slowest))}`;
      const by = runtime.restartsByItself ? 'by itself' : 'with make up';
      return { lost: `${scrapes(missed)}; all ${end}`, recovery: `${seconds(recoverySeconds)} ${by}` };
    } finally {
      await load.stop();
    }
  },
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
      assert.match(exporter!.reason ?? '', /nothing came back within 2 s/);
      assert.ok(
        others.every(({ answers }) => answers),
        JSON.stringify(others),
      );
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
};
