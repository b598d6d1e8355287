import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { experiments, stepInForce } from '../../experiments/catalogue.ts';
import { cpu, ofExporter, scrapeDuration } from '../../experiments/metrics.ts';
import { only } from '../../experiments/samples.ts';
import { couldHaveSeen, cpuOf, marginSeconds, scrapesIn } from '../../experiments/seen.ts';
import { start } from '../../experiments/start.ts';
import type { Panel } from '../../experiments/types.ts';
import { createReader, observe } from '../../lab/api.ts';
import { placesFrom } from '../../lab/places.ts';
import { answers, made, make, run, seconds, until } from './commands.ts';

/**
 * The end-to-end run: the real stack, driven by the README's commands and asked through its published ports.
 * The tests follow each other like a session at a terminal.
 */
const runtime = process.env.RUNTIME ?? '';
const port = (name: string, fallback: number) => process.env[`${name}_PORT`] ?? String(fallback);
const places = placesFrom({
  ...process.env,
  EXPORTER_ADDRESS: `127.0.0.1:${port('EXPORTER', 8000)}`,
  PROMETHEUS_ADDRESS: `127.0.0.1:${port('PROMETHEUS', 9090)}`,
  GUIDE_ADDRESS: `127.0.0.1:${port('GUIDE', 8080)}`,
  PROFILES: '',
});
const alertmanager = `http://127.0.0.1:${port('ALERTMANAGER', 9093)}`;
const read = createReader(places);
const state = () => observe(places);
const compose = (...args: string[]) => run('docker', ['compose', ...args]);
const composeOnly = runtime === 'compose' ? false : 'only where containers run';

/** By the Prometheus that runs now: `up` itself may still be a sample of the one before. */
const scraped = () => until('a good scrape', 40, async () => (await state()).target?.health === 'up');

/** What a panel asks for, the way Grafana asks: a range for graphs, an instant for the rest. */
const panelSeries = async ({ kind, targets }: Panel) => {
  const now = Date.now() / 1000;
  const isRange = kind === 'timeseries' || kind === 'timeline';
  return Promise.all(
    targets.map(async ({ expr }) => ({
      expr,
      series: isRange ? await read.range(expr, now - 300, now, 5) : await read.query(expr, now),
    })),
  );
};

test(`the runtime is named: ${runtime}`, () => assert.match(runtime, /^(compose|native)$/));

test('make clean leaves nothing that answers', async () => {
  await made('clean');
  for (const url of [places.exporter, places.prometheus, places.guide, alertmanager]) {
    assert.equal(await answers(url), false, `${url} answers`);
  }
});

const refused: [setting: Record<string, string>, words: string][] = [
  [{ CORES: 'two' }, 'CORES must be a whole number from 1 to 100000, got "two"'],
  [{ SIGNAL: 'spiky' }, 'SIGNAL must be random, spikes or high, got "spiky"'],
  [{ SCRAPE_INTERVAL: '5s; touch pwned' }, 'SCRAPE_INTERVAL must be a Prometheus duration'],
  [{ EVALUATION_INTERVAL: '0s' }, 'EVALUATION_INTERVAL must be a Prometheus duration'],
];
for (const [setting, words] of refused) {
  test(`make up ${JSON.stringify(setting)} is refused by name and leaves nothing running`, async () => {
    const { code, output } = await make('up', setting);
    assert.notEqual(code, 0);
    assert.ok(output.includes(words), output);
    for (const url of [places.exporter, places.prometheus, places.guide, alertmanager]) {
      assert.equal(await answers(url), false, `${url} answers`);
    }
  });
}

test('a taken port is named, with the variable that moves it', async () => {
  const other = createServer().listen(Number(port('PROMETHEUS', 9090)), '127.0.0.1');
  try {
    const { code, output } = await make('up');
    assert.notEqual(code, 0);
    assert.match(output, new RegExp(`port ${port('PROMETHEUS', 9090)} is taken`));
    assert.match(output, /PROMETHEUS_PORT=\d+/);
    assert.equal(await answers(places.exporter), false, 'the exporter was left running');
  } finally {
    other.close();
  }
});

test('make up starts every service and prints where to look', async () => {
  const output = await made('up');
  for (const address of Object.values(places.browser))
    if (address) assert.ok(output.includes(address), `no ${address}`);
  for (const url of [
    `${places.exporter}/healthz`,
    `${places.prometheus}/-/ready`,
    `${alertmanager}/-/ready`,
    `${places.guide}/healthz`,
  ]) {
    assert.equal((await fetch(url)).status, 200, url);
  }
  await scraped();
  assert.equal(stepInForce(await state()).command, 'up');
});

test('an hour of history and live samples are one series', async () => {
  const { exporter, now } = await state();
  const [series, ...others] = await read.samples('cpu_usage_simulated', 3_700, now);
  assert.equal(others.length, 0);
  assert.deepEqual(series!.labels, { __name__: 'cpu_usage_simulated', job: 'my_app', instance: 'exporter:8000' });
  const before = series!.samples.filter(([at]) => at < exporter!.startedAt).length;
  const live = series!.samples.filter(([at]) => at > exporter!.startedAt + 2).length;
  assert.ok(before > 650, `${before} samples of history`);
  assert.ok(live >= 1, 'no live sample');
});

test('what Prometheus stored is what happened at that instant', async () => {
  await seconds(11);
  const { exporter, now } = await state();
  const stored = async (metric: string) =>
    only(await read.samples(ofExporter(metric), 60, now)).filter(([at]) => at > exporter!.startedAt + 1);
  const samples = await stored(cpu);
  const scrapeAt = scrapesIn(await stored(scrapeDuration));
  const signal = cpuOf(await read.truth(samples[0]![0] - 1, now + marginSeconds));
  assert.ok(samples.length >= 2);
  for (const [at, value] of samples) {
    const could = couldHaveSeen(signal, scrapeAt(at));
    assert.ok(could.includes(value), `${value} at ${at}, but the truth was ${could}`);
  }
});

test('the containers run without root, capabilities or new privileges, on loopback ports', {
  skip: composeOnly,
}, async () => {
  const { output: ids } = await compose('ps', '-q');
  const { output } = await run('docker', ['inspect', ...ids.trim().split('\n')]);
  const containers = JSON.parse(output);
  assert.ok(containers.length >= 4);
  for (const { Name, Config, HostConfig } of containers) {
    assert.match(Config.User, /^(node|nobody|\d*[1-9]\d*)/, `${Name} runs as ${Config.User || 'root'}`);
    assert.deepEqual(HostConfig.CapDrop, ['ALL'], Name);
    assert.ok(
      HostConfig.SecurityOpt.some((option: string) => option.startsWith('no-new-privileges')),
      Name,
    );
    assert.equal(HostConfig.ReadonlyRootfs, true, Name);
    assert.equal(HostConfig.Privileged, false, Name);
    const bindings = Object.values(HostConfig.PortBindings as Record<string, { HostIp: string }[]>).flat();
    for (const { HostIp } of bindings) assert.equal(HostIp, '127.0.0.1', Name);
  }
});

test('every panel of the start dashboard has data', async () => {
  for (const panel of start.panels) {
    for (const { expr, series } of await panelSeries(panel)) assert.ok(series.length > 0, `${panel.title}: ${expr}`);
  }
});

test('make check-5 in the base lab says what to type, with exit 2', async () => {
  const { code, output } = await make('check-5');
  assert.equal(code, 2, output);
  assert.match(output, /Type: make exp-5/);
});

let beforeDown = 0;
for (const experiment of experiments) {
  const name = `experiment ${experiment.number}, ${experiment.slug}`;
  const target = `exp-${experiment.number}`;

  test(`${name}: make ${target} brings the lab into its state and explains it`, async () => {
    const output = await made(target);
    assert.ok(output.includes(experiment.question) && output.includes(experiment.expect), output);
    if (experiment.inForce) {
      const isInForce = async () => stepInForce(await state()).command === target;
      await until(`${target} to be in force`, 40, isInForce);
    }
  });

  test(`${name}: make check-${experiment.number} proves it`, async () => {
    const output = await made(`check-${experiment.number}`);
    assert.match(output, /✓/);
    assert.doesNotMatch(output, /✗/);
    console.log(output);
  });

  test(`${name}: every panel of its dashboard has data`, async () => {
    for (const panel of experiment.panels) {
      for (const { expr, series } of await panelSeries(panel)) {
        const isShortRate = experiment.number === 5 && expr.includes('[10s]');
        if (!isShortRate) assert.ok(series.length > 0, `${panel.title}: ${expr}`);
      }
    }
  });

  if (experiment.overrides.length === 0) continue;
  test(`${name}: make up returns to the base, and only the change is gone`, async () => {
    await made('up');
    await scraped();
    const lab = await state();
    assert.equal(stepInForce(lab).command, 'up');
    assert.deepEqual([lab.exporter?.signal, lab.scrapeSeconds, lab.target?.health], ['random', 5, 'up']);
  });

  if (!experiment.hasAftermath) continue;
  test(`${name}: make check-${experiment.number} proves its end`, async () => {
    const output = await made(`check-${experiment.number}`);
    assert.doesNotMatch(output, /✗/);
    console.log(output);
  });
}

test('make spikes and make slow-scrape change one thing each, and the next does not add up with the last', async () => {
  await made('spikes');
  await scraped();
  assert.deepEqual([(await state()).exporter?.signal, (await state()).scrapeSeconds], ['spikes', 5]);
  await made('slow-scrape');
  assert.deepEqual([(await state()).exporter?.signal, (await state()).scrapeSeconds], ['random', 30]);
});

test('make up SCRAPE_INTERVAL=1s shows more, and make up forgets it', async () => {
  await made('up', { SCRAPE_INTERVAL: '1s' });
  await until('ten samples in ten seconds', 40, async () => {
    const count = (await read.query('count_over_time(up{job="my_app"}[10s])'))[0]?.samples[0]?.[1] ?? 0;
    return count >= 9;
  });
  await made('up');
  assert.equal((await state()).scrapeSeconds, 5);
  beforeDown = (await state()).now - 1;
});

test('docker compose down alone stops everything', { skip: composeOnly }, async () => {
  assert.equal((await compose('down')).code, 0);
  assert.equal(
    (await run('docker', ['ps', '-aq', '--filter', 'label=com.docker.compose.project=prometheus-lab'])).output,
    '',
  );
});

test('make down stops everything, and what was stored is there after make up', async () => {
  await made('down');
  for (const url of [places.exporter, places.prometheus, places.guide, alertmanager])
    assert.equal(await answers(url), false, url);
  await made('up');
  await scraped();
  const [before] = await read.samples('cpu_usage_simulated', 600, beforeDown);
  assert.ok((before?.samples.length ?? 0) > 20, `${before?.samples.length ?? 0} samples from before`);
});
