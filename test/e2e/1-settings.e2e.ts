import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { before, test } from 'node:test';
import { make, tryMake } from '../support/commands.ts';
import { answers } from '../support/http.ts';
import { until } from '../support/until.ts';
import { composeOnly, lab } from './stack.ts';

/** Settings that are refused before anything runs, and settings that hold for one command. */

before(() => make('clean'));

test('make clean leaves nothing that answers', () => lab.nothingAnswers());

const refused: [setting: Record<string, string>, words: string][] = [
  [{ CORES: 'two' }, 'CORES must be a whole number from 1 to 100000, got "two"'],
  [{ SIGNAL: 'spiky' }, 'SIGNAL must be random, spikes, high or square, got "spiky"'],
  [{ SCRAPE_INTERVAL: '5s; touch pwned' }, 'SCRAPE_INTERVAL must be a Prometheus duration'],
  [{ EVALUATION_INTERVAL: '0s' }, 'EVALUATION_INTERVAL must be a Prometheus duration'],
];
for (const [setting, words] of refused) {
  test(`make up ${JSON.stringify(setting)} is refused by name and leaves nothing running`, async () => {
    const { code, output } = await tryMake('up', setting);
    assert.notEqual(code, 0);
    assert.ok(output.includes(words), output);
    await lab.nothingAnswers();
  });
}

test('a taken port is named, with the variable that moves it', async () => {
  const { port } = new URL(lab.places.prometheus);
  const other = createServer().listen(Number(port), '127.0.0.1');
  try {
    const { code, output } = await tryMake('up');
    assert.notEqual(code, 0);
    assert.match(output, new RegExp(`port ${port} is taken`));
    assert.match(output, /PROMETHEUS_PORT=\d+/);
    assert.equal(await answers(lab.places.exporter), false, 'the exporter was left running');
  } finally {
    other.close();
  }
});

test('make spikes and make slow-scrape change one thing each, and do not add up', async () => {
  await make('spikes');
  await lab.scraped();
  assert.deepEqual([(await lab.state()).exporter?.signal, (await lab.state()).scrapeSeconds], ['spikes', 5]);
  await make('slow-scrape');
  assert.deepEqual([(await lab.state()).exporter?.signal, (await lab.state()).scrapeSeconds], ['random', 30]);
});

test('make up SCRAPE_INTERVAL=1s shows more, and make up forgets it', async () => {
  await make('up', { SCRAPE_INTERVAL: '1s' });
  await until('nine samples in ten seconds', 40, async () => {
    const [series] = await lab.read.query('count_over_time(up{job="my_app"}[10s])');
    return (series?.samples[0]?.[1] ?? 0) >= 9;
  });
  await make('up');
  assert.equal((await lab.state()).scrapeSeconds, 5);
});

test("a target of the learner's own is scraped beside the lab's, and make up does not wait for one that is down", async () => {
  const own = createHttpServer(
    (_, response) => void response.setHeader('Content-Type', 'text/plain; version=0.0.4').end('own_metric 7\n'),
  );
  // Docker reaches this machine by its bridge.
  own.listen(0, composeOnly ? '127.0.0.1' : '0.0.0.0');
  await once(own, 'listening');
  const address = `localhost:${(own.address() as AddressInfo).port}`;
  const seen = async (expr: string) => (await lab.read.query(expr, lab.now()))[0];
  try {
    await make('up', { OWN_TARGET: address });
    const series = await until('a sample of it', 40, () => seen('own_metric{job="own"}'));
    assert.deepEqual([series.labels.instance, series.samples[0]?.[1]], [address, 7]);
    assert.equal((await lab.state()).ownTarget, address);
    await lab.scraped();
  } finally {
    own.close();
  }
  await make('up', { OWN_TARGET: 'localhost:1' });
  await until('a failed scrape of it', 40, () => seen('up{job="own",instance="localhost:1"} == 0'));
  await make('up');
  assert.equal((await lab.state()).ownTarget, undefined);
});
