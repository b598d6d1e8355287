import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { provePage } from '../../guide/test/page.browser.ts';
import { made, run, until } from './commands.ts';

/** The guide in a real headless Chromium, against the real lab, in the runtime that was chosen. */
const runtime = process.env.RUNTIME ?? '';
const url = `http://127.0.0.1:${process.env.GUIDE_PORT ?? 8080}`;
const ready = `http://127.0.0.1:${process.env.PROMETHEUS_PORT ?? 9090}/-/ready`;

const isReady = async () => (await fetch(ready).catch(() => undefined))?.ok === true;

const stopPrometheus = async () => {
  if (runtime === 'compose') {
    assert.equal((await run('docker', ['compose', 'stop', 'prometheus'])).code, 0);
  } else {
    const { prometheus } = JSON.parse(readFileSync(new URL('../../.lab/state.json', import.meta.url), 'utf8'));
    process.kill(prometheus.pid, 'SIGTERM');
  }
  await until('Prometheus to stop', 20, async () => !(await isReady()));
};

const startPrometheus = async () => {
  await made('up');
  await until('Prometheus to start', 30, isReady);
};

after(() => made('down'));

test('the page keeps its promises in a browser', async () => {
  await made('up');
  const apply = async (step: string) => void (await made(step));
  await provePage(url, { apply, stopPrometheus, startPrometheus, say: console.log });
});
