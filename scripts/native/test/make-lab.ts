import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../../../test/support/folder.ts';
import { freePort } from '../../../test/support/ports.ts';
import { end } from '../apply.ts';
import { thawAll } from '../manual-steps.ts';
import type { Plan } from '../plan.ts';
import { stateIn } from '../state.ts';

/** A program that answers on PORT. */
export const healthy = `require('node:http').createServer((_, response) => response.end('ok'))
  .listen(process.env.PORT, '127.0.0.1')`;

/** A lab of its own in a folder, with stand-ins for the services. */
export const makeLab = (t: TestContext) => {
  const { folder, remove } = temporaryFolder();
  const state = stateIn(join(folder, 'state.json'));
  t.after(async () => {
    thawAll(state);
    await end(Object.keys(state.read()), state);
    remove();
  });
  const plan = async (service: string, program = healthy, dependsOn: string[] = []): Promise<Plan> => {
    const port = await freePort();
    return {
      service,
      command: [process.execPath, '-e', program],
      folder,
      environment: { PATH: process.env.PATH ?? '', PORT: String(port) },
      log: join(folder, `logs/${service}.log`),
      listeners: [{ service, bind: '127.0.0.1', port, offset: 0 }],
      scratch: [],
      at: {},
      address: `127.0.0.1:${port}`,
      healthUrl: `http://127.0.0.1:${port}/`,
      hash: `${program} ${port}`,
      dependsOn,
    };
  };
  const pids = () => Object.fromEntries(Object.entries(state.read()).map(([service, { pid }]) => [service, pid]));
  return { state, plan, pids };
};
