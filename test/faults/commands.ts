import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { seconds } from '../../lab/model/format.ts';
import { repository } from '../../scripts/host/repository.ts';
import { make, tryMake } from '../support/commands.ts';
import { type Lab, services } from '../support/lab.ts';
import { pause, until } from '../support/until.ts';
import type { Fault } from './fault.ts';

const lockFile = join(repository, '.lab/lock/pid');

/** As soon as a command has the lock: an up takes little more than a second. */
const lockTaken = () => until('a command to take the lock', 20, () => existsSync(lockFile), 0.01);

const allHealthy = async (lab: Lab) => {
  for (const service of services) assert.ok(await lab.isHealthy(service), `${service} does not answer`);
};

/** Commands that meet each other, or are killed half-way. */
export const commandFaults = (lab: Lab): Fault[] => [
  {
    name: 'two make up at once',
    run: async () => {
      await make('down');
      const begun = lab.now();
      const ended = await Promise.all([tryMake('up'), tryMake('up')]);
      for (const { code, output } of ended) assert.equal(code, 0, output);
      await allHealthy(lab);
      const took = lab.now() - begun;
      await make('down');
      await lab.nothingAnswers();
      return {
        lost: 'nothing; one lab, and one make down ends it',
        recovery: `both succeeded within ${seconds(took)}`,
      };
    },
  },
  {
    name: 'make down during make up',
    run: async () => {
      const up = tryMake('up');
      await lockTaken();
      await pause(0.3);
      const begun = lab.now();
      const down = await tryMake('down');
      assert.equal(down.code, 0, down.output);
      assert.equal((await up).code, 0, (await up).output);
      await lab.nothingAnswers();
      return { lost: 'nothing left running', recovery: `down ended within ${seconds(lab.now() - begun)}` };
    },
  },
  {
    name: 'kill -9 of a running make up',
    run: async () => {
      const child = spawn('make', ['up'], { cwd: repository, detached: true, stdio: 'ignore' });
      const ended = new Promise((resolve) => child.on('close', resolve));
      await lockTaken();
      await pause(0.5);
      assert.equal(child.exitCode, null, 'make up had ended before it was killed');
      // Its own group: make, the shell and whatever they wait for.
      process.kill(-child.pid!, 'SIGKILL');
      await ended;
      assert.ok(existsSync(lockFile), 'it left no lock');
      const begun = lab.now();
      const { code, output } = await tryMake('up');
      assert.equal(code, 0, output);
      await allHealthy(lab);
      const took = lab.now() - begun;
      await make('down');
      await lab.nothingAnswers();
      return { lost: 'nothing; its lock is taken over', recovery: `${seconds(took)}, the next make up` };
    },
  },
];
