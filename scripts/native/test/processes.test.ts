import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderFor } from '../../../test/support/folder.ts';
import { serve } from '../../../test/support/serve.ts';
import { until } from '../../../test/support/until.ts';
import { PortError } from '../error.ts';
import { checkDistinct, checkFree } from '../ports.ts';
import { isRunning, start, startTimeOf, stop } from '../processes.ts';

const run = (t: TestContext, program: string) => {
  const folder = folderFor(t);
  const log = join(folder, 'logs/one.log');
  const environment = { PATH: process.env.PATH ?? '' };
  const started = start({ command: [process.execPath, '-e', program], folder, environment, log });
  t.after(() => stop(started, 0));
  // What is started is to outlive this process, so waiting for it alone does not keep this process here.
  const ended = Promise.race([started.ended, sleep(5_000, 'has not ended')]);
  return { ...started, ended, said: () => readFileSync(log, 'utf8') };
};
const forever = 'setInterval(() => {}, 1000);';

test('a process is known by its pid and its start', (t) => {
  const { pid, startTime } = run(t, forever);
  assert.ok(isRunning({ pid, startTime }));
  assert.equal(startTimeOf(pid), startTime);
  assert.ok(!isRunning({ pid, startTime: `${startTime}0` }));
});

test('a process whose pid was reused is never ended', async (t) => {
  const { pid, startTime } = run(t, forever);
  await stop({ pid, startTime: 'of the process that had this pid before' }, 0);
  await sleep(100);
  assert.ok(isRunning({ pid, startTime }));
});

test('a process that has ended is not running, also before its parent has noticed', async (t) => {
  const { pid, startTime, ended } = run(t, 'process.exit(3)');
  assert.equal(await ended, 'ended with exit code 3');
  assert.ok(!isRunning({ pid, startTime }));
});

test('stop ends what the process has started, too', async (t) => {
  const parent = run(
    t,
    `console.log(require('node:child_process').spawn(process.execPath, ['-e', '${forever}']).pid); ${forever}`,
  );
  await until('the pid of its child', 5, () => parent.said().includes('\n'));
  const child = Number(parent.said());
  assert.notEqual(startTimeOf(child), undefined);
  await stop(parent);
  assert.ok(!isRunning(parent));
  await until('the end of its child', 5, () => startTimeOf(child) === undefined);
});

test('stop uses force where SIGTERM is ignored', async (t) => {
  const stubborn = run(t, `process.on('SIGTERM', () => {}); console.log('ready'); ${forever}`);
  await until('it to be ready', 5, () => stubborn.said().includes('ready'));
  await stop(stubborn, 0.3);
  assert.ok(!isRunning(stubborn));
});

test('a program that is not there is said to be so', async (t) => {
  const folder = folderFor(t);
  const { ended } = start({ command: ['./missing'], folder, environment: {}, log: join(folder, 'one.log') });
  assert.match(await Promise.race([ended, sleep(5_000, '')]), /could not be started: spawn \.\/missing ENOENT/);
});

test('a taken port: its number, the program that has it and the variable to change', async (t) => {
  const port = Number((await serve(t, () => {})).split(':')[1]);
  await assert.rejects(checkFree([{ service: 'guide', bind: '127.0.0.1', port }]), ({ message }: Error) => {
    assert.match(
      message,
      new RegExp(`^port ${port} is taken by (.+ \\(pid ${process.pid}\\)|another program): stop it, or`),
    );
    return message.endsWith(`such as make up GUIDE_PORT=${port < 65_535 ? port + 1 : port - 1} (.env keeps it)`);
  });
});

test('the advice for a taken port is for the lab that is meant, and keeps its other ports where they are', () => {
  const taken = new PortError('port 8180 is taken by node (pid 1): stop it, or ', 'GUIDE_PORT=8181');
  assert.match(taken.in({}), /: stop it, or choose another port, such as make up GUIDE_PORT=8181 \(\.env keeps it\)$/);
  assert.match(taken.in({ LAB_PORTS: '+100' }), /such as make up PORTS=\+100 GUIDE_PORT=8181$/);
  assert.match(
    taken.in({ LAB_NAME: 'two', LAB_PORTS: '+100' }),
    /such as make up LAB=two PORTS=\+100 GUIDE_PORT=8181$/,
  );
});

test('two services with one port', () => {
  const same = ['exporter', 'prometheus'].map((service) => ({ service, bind: '127.0.0.1', port: 8000 }));
  assert.throws(() => checkDistinct(same), /^Error: EXPORTER_PORT and PROMETHEUS_PORT are both 8000: change one$/);
});

test('the ports of a fleet are checked like the others, and named by what sets them', async () => {
  const at = (port: number, offset: number) => ({ service: 'exporter', bind: '127.0.0.1', port, offset });
  const fleet = [8078, 8079, 8080].map(at);
  const guide = { service: 'guide', bind: '127.0.0.1', port: 8080 };
  assert.throws(() => checkDistinct([...fleet, guide]), {
    message: 'EXPORTER_PORT + 2 and GUIDE_PORT are both 8080: change one',
  });
  await assert.rejects(checkFree([at(65_536, 0)]), { message: 'EXPORTER_PORT is 65536: a port is at most 65535' });
});

test('an address that this machine does not have', async () => {
  await assert.rejects(checkFree([{ service: 'guide', bind: '192.0.2.1', port: 8080 }]), /BIND must be an address of/);
});
