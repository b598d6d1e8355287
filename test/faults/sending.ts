import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { seconds } from '../../lab/model/format.ts';
import { repository } from '../../scripts/host/repository.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { until } from '../support/until.ts';
import type { Fault } from './fault.ts';
import { assertTrue, gapIn, withStored } from './stored.ts';

/** What goes wrong with where Prometheus sends to: make status says it by name, and it costs no stored sample. */

const user = 'ann';
const password = 'right';
const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** A store that does what its path says: answers with that status, at /login only the right password, at /silent never. */
const startStore = async ({ name }: Runtime) => {
  let taken = 0;
  const server = createServer((request, response) => {
    const path = request.url!.slice(1);
    if (path === 'silent') return;
    const isRight = request.headers.authorization === authorization;
    const status = path === 'login' ? (isRight ? 204 : 401) : Number(path);
    if (status === 204) taken += 1;
    request.resume().on('end', () => response.writeHead(status).end(status === 204 ? '' : 'whatever it is'));
  });
  // A container reaches this machine by an address that is not its own.
  const address = name === 'compose' ? '0.0.0.0' : '127.0.0.1';
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { at: (path: string) => `http://localhost:${port}/${path}`, taken: () => taken, close };
};

const refused = /refuses what Prometheus sends: (\d+) samples so far, .*Prometheus says: (.*)/;
const problem = /refuses what Prometheus sends|has sent nothing/;

/** A store that answers 400 for ever: such samples are never sent again, and make status counts them. */
export const refusingStoreFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'a store that answers 400 for ever',
  run: () =>
    withStored(lab, async () => {
      const store = await startStore(runtime);
      try {
        await make('up', { REMOTE_WRITE_URL: store.at('400') });
        await lab.recovered(lab.now() - 10);
        const from = lab.now();
        const countedIn = async () => {
          const [, count, words] = refused.exec(await make('status')) ?? [];
          return count === undefined ? undefined : { count: Number(count), words: words! };
        };
        const first = await until('make status to count what is refused', 60, countedIn);
        assert.match(first.words, /400/);
        const later = await until('more to be refused', 60, async () => {
          const now = await countedIn();
          return now !== undefined && now.count > first.count && now;
        });
        const [failed] = await lab.read.query('sum(prometheus_remote_storage_samples_failed_total)');
        assert.ok(failed!.samples[0]![1] >= later.count, `${later.count} are reported of`);
        const samples = await lab.stored(from, lab.now());
        await assertTrue(lab, samples);
        assert.ok(gapIn(samples, 5).missed <= 0, 'a scrape is missing');
        await make('up');
        assert.doesNotMatch(await make('status'), problem);
        return {
          lost: `at the store: ${later.count} samples, as make status said; here none`,
          recovery: 'make up without it',
        };
      } finally {
        await store.close();
      }
    }),
});

/** Prometheus sends to where nobody is, to who does not know it, to who never answers; and then to who takes it. */
export const wrongStoreFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'a wrong REMOTE_WRITE_URL or password',
  run: () =>
    withStored(lab, async () => {
      const [store, closed] = [await startStore(runtime), await startStore(runtime)];
      await closed.close();
      const file = join(repository, '.lab/faults/password');
      mkdirSync(join(file, '..'), { recursive: true });
      const login = { REMOTE_WRITE_USER: user, REMOTE_WRITE_PASSWORD_FILE: file };
      const wrong = [
        [closed.at('204'), {}, /has sent nothing to .*connection refused/],
        ['http://no-such-host.invalid/write', {}, /has sent nothing to .*lookup no-such-host\.invalid/],
        [store.at('404'), {}, /refuses what Prometheus sends: [1-9]\d* samples so far.*404 Not Found/],
        [store.at('login'), login, /refuses what Prometheus sends: [1-9]\d* samples so far.*401 Unauthorized/],
        [store.at('silent'), {}, /has sent nothing to .*\/silent since it started/],
      ] as const;
      try {
        writeFileSync(file, 'wrong\n');
        // Prometheus' user in its container reads it, too.
        chmodSync(file, 0o644);
        let slowestSeconds = 0;
        for (const [url, settings, said] of wrong) {
          await make('up', { REMOTE_WRITE_URL: url, ...settings });
          const begun = lab.now();
          await until(`make status to say what is wrong with ${url}`, 90, async () => said.test(await make('status')));
          slowestSeconds = Math.max(slowestSeconds, lab.now() - begun);
        }
        assert.equal(store.taken(), 0, 'a request with a wrong password was taken');
        writeFileSync(file, `${password}\n`);
        await make('up', { REMOTE_WRITE_URL: store.at('login'), ...login });
        await until('the right password to be taken', 60, () => store.taken() > 0);
        assert.doesNotMatch(await make('status'), problem);
        return { lost: 'nothing: make status names each', recovery: `named after ${seconds(slowestSeconds)} at most` };
      } finally {
        await store.close();
        rmSync(file, { force: true });
      }
    }),
});
