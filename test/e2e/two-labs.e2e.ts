import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { make, run, tryMake, tryRun } from '../support/commands.ts';
import { answers } from '../support/http.ts';
import { labAt } from '../support/lab.ts';
import { besideAbove } from './lanes.ts';
import { lab, runtime } from './stack.ts';

/** A lab beside the first, and who is taken for whom. */

const offset = besideAbove;
/** By this alone every command knows which lab is meant. */
const beside = { LAB_NAME: 'beside' };

const ports = { EXPORTER_PORT: 8000, PROMETHEUS_PORT: 9090, ALERTMANAGER_PORT: 9093, GUIDE_PORT: 8080 };
const moved = Object.fromEntries(
  Object.entries(ports).map(([name, usual]) => [name, String(Number(process.env[name] || usual) + offset)]),
);
const other = labAt({ ...process.env, ...moved });
const portOf = (url: string) => new URL(url).port;

before(async () => {
  await make('up');
  await make('up', { ...beside, LAB_PORTS: `+${offset}` });
});
after(async () => {
  await make('clean', beside);
  await make('up');
});

test('both run, each at its own ports, and each says which it is', async () => {
  await Promise.all([lab.scraped(), other.scraped()]);
  assert.match(await make('status'), /^lab: prometheus-lab$/m);
  assert.match(await make('status', beside), /^lab: prometheus-lab-beside$/m);
  assert.notEqual((await lab.state()).exporter!.startedAt, undefined);
  assert.notEqual((await lab.state()).prometheusStartedAt, (await other.state()).prometheusStartedAt);
});

test('a step and a check of one do nothing to the other', async () => {
  const { prometheusStartedAt } = await lab.state();
  await make('spikes', beside);
  await other.scraped();
  assert.deepEqual(
    [(await lab.state()).exporter?.signal, (await other.state()).exporter?.signal],
    ['random', 'spikes'],
  );
  assert.equal((await lab.state()).prometheusStartedAt, prometheusStartedAt);
  assert.match(await make('check-3', beside), /✓/);
});

test('a lab stays where it was started, whatever the environment says then', async () => {
  const astray = { PROMETHEUS_PORT: '1', EXPORTER_PORT: '2', GUIDE_PORT: '3', BIND: '10.9.8.7' };
  assert.match(await make('check-3', { ...beside, ...astray }), /✓/);
  await make('spikes', { ...beside, ...astray });
  await other.scraped();
});

test('what is typed moves it, and every command goes along', async () => {
  const there = String(Number(portOf(other.places.prometheus)) + 1);
  await run('make', ['up', 'LAB=beside', `PROMETHEUS_PORT=${there}`]);
  await labAt({ ...process.env, ...moved, PROMETHEUS_PORT: there }).scraped();
  assert.equal(await answers(`${other.places.prometheus}/-/ready`), false);
  assert.match(await run('make', ['check-3', 'LAB=beside']), /✓/);
  await run('make', ['up', 'LAB=beside', `PROMETHEUS_PORT=${portOf(other.places.prometheus)}`]);
  await other.scraped();
});

test('an address that is none of this machine stops nothing', async () => {
  for (const bind of ['10.9.8.7', '127.0.0.01']) {
    const { code, output } = await tryRun('make', ['up', 'LAB=beside', `BIND=${bind}`]);
    assert.notEqual(code, 0);
    assert.match(output, /BIND must be an (IPv4 )?address of this machine/);
    assert.equal(await other.isHealthy('prometheus'), true);
  }
});

// On a network of its own nobody else can answer.
const onSharedPorts = runtime.name === 'native' ? false : 'only where the ports are those of this machine';
test("another lab's Prometheus or guide at this lab's port is named, and nothing is judged", {
  skip: onSharedPorts,
}, async () => {
  const taken = [
    ['prometheus', 'PROMETHEUS_PORT', 'check-2', /Prometheus at \S+ is not this lab's: it is another lab's/],
    ['guide', 'GUIDE_PORT', 'progress', /the guide at \S+ is not this lab's: it is another lab's/],
  ] as const;
  for (const [service, variable, command, words] of taken) {
    await make('kill', { SERVICE: service });
    await run('make', ['up', 'LAB=beside', `${variable}=${portOf(lab.places[service])}`]);
    const { code, output } = await tryMake(command);
    assert.notEqual(code, 0);
    assert.match(output, words);
    assert.doesNotMatch(output, /[✓✗]/);
    await run('make', ['up', 'LAB=beside', `${variable}=${portOf(other.places[service])}`]);
    await make('up');
  }
  await lab.scraped();
  assert.match(await make('check-3'), /✓/);
});

test('the end of one is not the end of the other', async () => {
  await make('down', beside);
  await other.nothingAnswers();
  assert.equal(await lab.isHealthy('prometheus'), true);
  assert.match(await make('check-3'), /✓/);
});
