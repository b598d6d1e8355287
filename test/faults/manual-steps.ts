import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { seconds } from '../../lab/model/format.ts';
import { repository } from '../../scripts/host/repository.ts';
import { make, tryMake } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { experimentNamed } from './backend-kills.ts';
import type { Fault } from './fault.ts';
import { withStored } from './stored.ts';

/** What is done by hand to a service that is not there, or that is not in a state for it. */

const verbs = ['kill', 'stop', 'start', 'restart', 'freeze', 'thaw'];
const others = ['exporter', 'prometheus', 'alertmanager', 'guide', 'query'];
const trace = '.lab/faults-were-here';
const names = ['', 'nobody', `$(touch ${trace})`, `store; touch ${trace}`, 'store query', '.*', '-v', '__proto__'];

const refuses = async (verb: string, service: string, reported: RegExp, code = 2): Promise<void> => {
  const ended = await tryMake(verb, { SERVICE: service });
  assert.match(ended.output, reported, `make ${verb} SERVICE=${service}`);
  assert.equal(ended.code, code, ended.output);
};

const stopped = /lab: store does not run; make start SERVICE=store starts it/;
const running = /lab: store runs already; make restart SERVICE=store starts it anew/;
const frozen = /lab: store is frozen; make thaw SERVICE=store lets it go on/;

export const manualStepsFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'what is done by hand to the wrong service, or twice',
  run: () =>
    withStored(lab, async () => {
      await make(experimentNamed('backlog').command);
      const identities = () => Promise.all(others.map((service) => runtime.identity(service)));
      const before = await identities();
      const store = await runtime.identity('store');
      for (const name of names) {
        for (const verb of name === 'nobody' ? verbs : ['kill'])
          await refuses(verb, name, /lab: SERVICE must be one of .*\bstore\b.*, got "/);
      }
      assert.equal(existsSync(join(repository, trace)), false, 'a shell has run what was typed');
      await refuses('start', 'store', running);
      await refuses('thaw', 'store', /lab: store is not frozen/);
      assert.equal(await runtime.identity('store'), store, 'the store was touched');
      await make('freeze', { SERVICE: 'store' });
      for (const verb of ['freeze', 'start']) await refuses(verb, 'store', frozen);
      await make('kill', { SERVICE: 'store' });
      for (const verb of ['kill', 'stop', 'freeze', 'thaw']) await refuses(verb, 'store', stopped);
      await make('start', { SERVICE: 'store' });
      assert.deepEqual(await identities(), before, 'another service was touched');

      for (const service of ['store', 'prometheus']) await make('freeze', { SERVICE: service });
      const { code, output } = await tryMake('check-2');
      assert.match(output, /lab: prometheus is frozen; make thaw SERVICE=prometheus lets it go on/);
      assert.equal(code, 2, output);
      const begun = lab.now();
      await lab.up();
      const upSeconds = lab.now() - begun;

      await make('freeze', { SERVICE: 'prometheus' });
      await make('down');
      await lab.nothingAnswers();
      for (const verb of verbs) await refuses(verb, 'store', /The lab is not running\.\n {2}Type: make up/);
      await lab.nothingAnswers();
      await lab.up();
      rmSync(join(repository, trace), { force: true });
      return {
        lost: 'nothing: each is refused by name',
        recovery: `make up beside what is frozen: ${seconds(upSeconds)}`,
      };
    }),
});
