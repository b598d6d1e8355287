import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../../../test/support/serve.ts';
import { until } from '../../../test/support/until.ts';
import { apply } from '../apply.ts';
import { isRunning } from '../processes.ts';
import { sayWaiting } from '../waiting.ts';
import { healthy, makeLab } from './make-lab.ts';

test('a second up leaves what is the same, restarts what differs and stops what is gone', async (t) => {
  const { state, plan, pids } = makeLab(t);
  const [one, two, three] = [await plan('one'), await plan('two'), await plan('three')];
  await apply([one, two, three], state);
  const before = pids();
  const entries = state.read();
  await apply([one, { ...two, hash: 'other' }], state);
  assert.equal(pids().one, before.one);
  assert.notEqual(pids().two, before.two);
  assert.equal(pids().three, undefined);
  assert.ok(!isRunning(entries.two!) && !isRunning(entries.three!));
  assert.ok(Object.values(state.read()).every(isRunning));
});

test('where one service alone is meant, the others go on, whatever differs in them', async (t) => {
  const { state, plan, pids } = makeLab(t);
  const [one, two, three] = [await plan('one'), await plan('two'), await plan('three')];
  await apply([one, two, three], state);
  const before = pids();
  await apply(
    [
      { ...one, hash: 'other' },
      { ...two, hash: 'other' },
    ],
    state,
    undefined,
    undefined,
    'one',
  );
  assert.notEqual(pids().one, before.one);
  assert.deepEqual([pids().two, pids().three], [before.two, before.three]);
});

test('a lab that an older version started, which wrote down no ports, is taken over', async (t) => {
  const { state, plan, pids } = makeLab(t);
  const one = await plan('one');
  await apply([one], state);
  const before = state.read().one!;
  const { ports: _, ...older } = before;
  state.set('one', older);
  await apply([{ ...one, hash: 'other' }], state);
  assert.ok(!isRunning(before) && isRunning(state.read().one!));
  assert.notEqual(pids().one, before.pid);
});

test('what was killed is seen, and mended by the next up', async (t) => {
  const { state, plan, pids } = makeLab(t);
  const plans = [await plan('one'), await plan('two')];
  await apply(plans, state);
  const before = pids();
  process.kill(before.one!, 'SIGKILL');
  await until('its end', 5, () => !isRunning(state.read().one!));
  await apply(plans, state);
  assert.notEqual(pids().one, before.one);
  assert.equal(pids().two, before.two);
});

test('a service starts after the one it depends on is healthy', async (t) => {
  const { state, plan } = makeLab(t);
  const first = await plan('first', `setTimeout(() => { ${healthy} }, 300)`);
  const second = await plan('second', `fetch('${first.healthUrl}').then(() => { ${healthy} })`, ['first']);
  await apply([second, first], state);
});

test('an up that fails half-way stops what it started, and shows why', async (t) => {
  const { state, plan } = makeLab(t);
  const bad = await plan('bad', `console.error('bad: cannot start\\n  CORES must be a number'); process.exit(1)`);
  const never = await plan('never', healthy, ['bad']);
  await assert.rejects(apply([await plan('good'), bad, never], state), {
    message: `bad ended with exit code 1; the last lines of its log, logs/bad.log:
bad: cannot start
  CORES must be a number`,
  });
  assert.deepEqual(state.read(), {});
});

test('a service that panics as it starts is started again', async (t) => {
  const { state, plan, pids } = makeLab(t);
  // It leaves a file behind, and panics as long as there is none.
  const marker = '.second';
  const panics = `const { existsSync, writeFileSync } = require('node:fs');
    if (!existsSync('${marker}')) { writeFileSync('${marker}', ''); console.error('panic: nil pointer'); process.exit(2); }
    ${healthy}`;
  const one = await plan('one', panics);
  await apply([one], state);
  assert.ok(isRunning(state.read().one!));
  assert.deepEqual(Object.keys(pids()), ['one']);
});

test('an up that fails leaves alone what ran before', async (t) => {
  const { state, plan, pids } = makeLab(t);
  const [good, changed] = [await plan('good'), await plan('changed')];
  await apply([good, changed], state);
  const before = pids();
  const broken = { ...changed, command: [process.execPath, '-e', 'process.exit(1)'], hash: 'broken' };
  await assert.rejects(apply([good, broken], state), /changed ended with exit code 1/);
  assert.deepEqual(pids(), { good: before.good });
  assert.ok(isRunning(state.read().good!));
});

test('a taken port stops everything before anything is started or stopped', async (t) => {
  const { state, plan, pids } = makeLab(t);
  const one = await plan('one');
  await apply([one], state);
  const before = pids();
  const port = Number((await serve(t, () => {})).split(':')[1]);
  const listeners = [{ service: 'three', bind: '127.0.0.1', port, offset: 0 }];
  const plans = [{ ...one, hash: 'other' }, await plan('two'), { ...(await plan('three')), listeners }];
  await assert.rejects(apply(plans, state), new RegExp(`^Error: port ${port} is taken by .*THREE_PORT=`));
  assert.deepEqual(pids(), before);
  assert.ok(isRunning(state.read().one!));
});

test('a service that never answers is stopped when patience ends', async (t) => {
  const { state, plan } = makeLab(t);
  const silent = await plan('silent', `console.log('thinking'); setInterval(() => {}, 1000)`);
  await assert.rejects(
    apply([silent], state, undefined, { silentSeconds: 0.5, atMostSeconds: 300 }),
    /^Error: silent is not healthy after 0\.5 s.*\nthinking$/s,
  );
  assert.deepEqual(state.read(), {});
});

test('a service that goes on gets more time than one that is silent', async (t) => {
  const { state, plan } = makeLab(t);
  const talks = `const talk = setInterval(() => console.log('still reading'), 100);
    setTimeout(() => { clearInterval(talk); ${healthy} }, 2500)`;
  const works = `const end = Date.now() + 2500; while (Date.now() < end); ${healthy}`;
  const patience = { silentSeconds: 1.5, atMostSeconds: 60 };
  await apply([await plan('talks', talks), await plan('works', works)], state, undefined, patience);
  assert.ok(Object.values(state.read()).every(isRunning));
});

test('what goes on without end is ended, too', async (t) => {
  const { state, plan } = makeLab(t);
  const forever = await plan('forever', `setInterval(() => console.log('reading'), 50)`);
  await assert.rejects(
    apply([forever], state, undefined, { silentSeconds: 1, atMostSeconds: 2 }),
    /^Error: forever is not healthy after 2 s; .*\nreading$/s,
  );
  assert.deepEqual(state.read(), {});
});

test('what is waited for is said after a second, on a terminal in one line', async () => {
  const written: Record<'terminal' | 'file', string> = { terminal: '', file: '' };
  const output = (name: keyof typeof written, isTTY: boolean) => ({
    isTTY,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const waits = [true, false].map((isTTY) =>
    sayWaiting(() => ['one', 'two'], output(isTTY ? 'terminal' : 'file', isTTY)),
  );
  await until('two seconds', 10, () => written.terminal.includes('(2 s)'));
  for (const { stop } of waits) stop();
  const clear = '\r\x1b[K';
  const line = (seconds: number) => `lab: waiting for one, two to be ready (${seconds} s)`;
  assert.equal(written.terminal, `${clear}${line(1)}${clear}${line(2)}${clear}`);
  assert.equal(written.file, `${line(1)}\n`);
});

test('an up that is interrupted stops what it started', async (t) => {
  const { state, plan } = makeLab(t);
  const interrupt = new AbortController();
  const running = apply(
    [await plan('one'), await plan('silent', 'setInterval(() => {}, 1000)')],
    state,
    interrupt.signal,
  );
  setTimeout(() => interrupt.abort(new Error('interrupted')), 300);
  await assert.rejects(running, /interrupted/);
  assert.deepEqual(state.read(), {});
});
