import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments, steps } from '../../experiments/catalogue.ts';
import { spikesPicture } from '../../lab/base/spikes.ts';
import type { Truth } from '../../lab/model/lab.ts';
import type { Picture, PictureData } from '../../lab/model/picture.ts';
import type { Notification, Reader } from '../../lab/model/reader.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { labPrometheus } from '../../lab/running/prometheus.ts';
import { ServiceError } from '../../lab/running/service.ts';
import { drawPicture } from '../src/picture.ts';

const now = 1_800_000_010;
const silent = async () => {
  throw new ServiceError('unreachable', labPrometheus, 'Prometheus does not answer at http://localhost:1');
};

/** The last ten seconds of a truth that rises by one a second, reported from long before its exporter began. */
const truth = (fields: Partial<Truth> = {}): Truth => {
  const instants = Array.from({ length: 11 }, (_, index) => now - 11 + index);
  return {
    signal: 'random',
    seed: 1,
    startedAt: now - 5,
    instants,
    cpuPercent: instants.map((_, index) => index),
    requestsPerSecond: instants.map(() => 4),
    requestsTotal: instants.map((_, index) => 4 * index),
    cores: { core1: instants.map(() => 60), core2: instants.map(() => 70) },
    totals: { requests: 0, spikes: 0, busySeconds: 0 },
    ...fields,
  };
};

const series = (...samples: Sample[]): Series[] => [{ labels: {}, samples }];

/** Answers by the beginning of a selector or an expression. */
const reader = (answers: Record<string, Series[]>, given: Truth | undefined = truth()): Reader => {
  const found = async (text: string) =>
    answers[Object.keys(answers).find((start) => text.startsWith(start)) ?? ''] ?? [];
  return {
    truth: given === undefined ? silent : async () => given,
    samples: found,
    range: found,
    query: found,
    notifications: async () => [],
  } as unknown as Reader;
};

const draw = (picture: Picture, read: Reader, notifications: Notification[] = []) =>
  drawPicture(picture, { read, lab: undefined, notifications }, now, 10);

const simple: Picture = {
  title: 'A picture',
  unit: 'percent',
  layers: [
    { kind: 'truth', name: 'truth', values: ({ cpuPercent }) => cpuPercent },
    { kind: 'samples', name: 'stored', selector: 'cpu' },
    { kind: 'query', name: 'answer', expr: 'avg(cpu)' },
    { kind: 'query', name: 'state', expr: 'ALERTS', isHidden: true },
  ],
  numbers: () => [],
};

test('layers hold what was read for them, the truth since the exporter began; a hidden one is not drawn', async () => {
  const read = reader({ cpu: series([now - 3.5, 7]), 'avg(cpu)': series([now - 2, 8]), ALERTS: series([now, 1]) });
  const { layers, missing } = await draw(simple, read);
  assert.deepEqual(
    layers.map(({ name, colour, samples }) => [name, colour, samples]),
    [
      [
        'truth',
        1,
        [
          [now - 5, 6],
          [now - 4, 7],
          [now - 3, 8],
          [now - 2, 9],
          [now - 1, 10],
        ],
      ],
      ['stored', 2, [[now - 3.5, 7]]],
      ['answer', 3, [[now - 2, 8]]],
    ],
  );
  assert.deepEqual(missing, []);
});

test('what a service does not answer is left out and named', async () => {
  const withoutPrometheus = { ...reader({}), samples: silent, range: silent } as unknown as Reader;
  const stored = await draw(simple, withoutPrometheus);
  assert.deepEqual(
    stored.layers.map(({ samples }) => samples?.length),
    [5, undefined, undefined],
  );
  assert.deepEqual(stored.missing, ['What is stored is not known: Prometheus does not answer.']);
  const withoutExporter = { ...reader({}), truth: silent } as unknown as Reader;
  const given = await draw(simple, withoutExporter);
  assert.deepEqual(
    given.layers.map(({ samples }) => samples?.length),
    [undefined, 0, 0],
  );
  assert.deepEqual(given.missing, ['What really happens is not known: the exporter does not answer.']);
});

test('failed scrapes and starts of the exporter are drawn as what they are', async () => {
  const up = series([now - 9, 1], [now - 4, 0]);
  const starts = series([now - 9, now - 500], [now - 2, now - 5]);
  const { failed, starts: begun } = await draw(simple, reader({ 'up{': up, process_start: starts }));
  assert.deepEqual([failed, begun], [[now - 4], [now - 5]]);
});

test('a selector that means one series and finds two is an error, not a mixture', async () => {
  const two = [...series([now, 1]), ...series([now, 2])];
  await assert.rejects(draw(simple, reader({ cpu: two })), /one series was meant and 2 were found/);
});

test('every step has a picture, whose layers have names and colours of their own', () => {
  for (const { command, picture = spikesPicture } of steps) {
    const { layers, title, rightUnit } = picture;
    const kinds = layers.map(({ name }) => name);
    assert.equal(new Set(kinds).size, kinds.length, `${command}: ${kinds}`);
    assert.ok(title.length < 65 && !title.endsWith('.'), title);
    assert.equal(
      layers.some(({ axis }) => axis === 'right'),
      rightUnit !== undefined,
      command,
    );
  }
});

test('no picture breaks, or says NaN, where nothing or only a little is known', async () => {
  const one: Reader = { ...reader({ '': series([now - 1, 1], [now, 1]) }) };
  for (const read of [
    { ...reader({}), truth: silent, samples: silent, range: silent } as unknown as Reader,
    reader({}),
    one,
  ]) {
    for (const { command, picture = spikesPicture } of steps) {
      const { numbers, layers } = await draw(picture, read);
      for (const { value, words } of numbers)
        assert.doesNotMatch(`${value} ${words}`, /NaN|undefined|Infinity/, command);
      assert.ok(layers.length > 0, command);
    }
  }
});

/** What the numbers of an experiment's picture say. */
const said = async (number: number, read: Reader, notifications: Notification[] = []) => {
  const { picture = spikesPicture } = experiments.find((each) => each.number === number)!;
  return (await draw(picture, read, notifications)).numbers.map(({ value, words }) => `${value} ${words}`);
};

test('missing data: failed scrapes, the age of the newest sample, and that a query finds nothing', async () => {
  const up = series([now - 8, 1], [now - 4, 0], [now - 1, 0]);
  const read = reader({ 'up{': up, 'cpu_usage_simulated{': series([now - 8, 40]) }, undefined);
  assert.deepEqual(await said(1, read), [
    '2 failed scrapes',
    '8 s since the newest sample',
    'no series that a query returns now',
  ]);
});

test('a counter: what arrived, what is stored, and the rate', async () => {
  const stored = series([now - 20, 9_000], [now - 4.5, 24], [now - 1.5, 36]);
  const rate = series([now - 1, 4], [now, 3.96]);
  const read = reader({ 'requests_total{': stored, 'sum(rate(': rate });
  assert.deepEqual(await said(2, read), [
    '12 requests arrived in 3 s',
    '12 stored: last − first',
    '4/s is what rate() says now',
  ]);
});

test('labels: how many series, each part, their average', async () => {
  const read = reader({
    'cpu_usage{core="core1"': series([now - 1, 60.4]),
    'cpu_usage{core="core2"': series([now - 1, 70]),
    'avg(': series([now, 65.2]),
    'count(': series([now, 2]),
  });
  assert.deepEqual(await said(3, read), ['2 series', '60.4 % core1', '70 % core2', '65.2 % average']);
});

test('aggregation: the wrong sum, the average, and how often the sum cannot be', async () => {
  const sum = series([now - 3, 90], [now - 2, 110], [now - 1, 130], [now, 130]);
  const read = reader({ 'sum(': sum, 'avg(': series([now, 65]) });
  assert.deepEqual(await said(4, read), ['130 % sum', '65 % average', '75 % of the time shown the sum is over 100 %']);
});

test('sampling: spikes that happened, and those that a sample met', async () => {
  const wave = truth().instants.map((second) => (second % 2 === 0 ? 100 : 0));
  const given = truth({ startedAt: now - 30, cpuPercent: wave });
  const read = reader({ 'cpu_usage_simulated{': series([now - 7.5, 100], [now - 2.5, 0]) }, given);
  assert.deepEqual(await said(5, read), ['5 spikes over 80 %', '1 met by one of 2 samples in 10 s']);
});

test('alerting: how long each stage took', async () => {
  const message = {
    alertname: 'HighCPU',
    status: 'firing',
    labels: {},
    annotations: {},
    startsAt: now - 4,
    endsAt: undefined,
    receivedAt: now - 2,
  } as Notification;
  const at = (...seconds: number[]) => series(...seconds.map((second): Sample => [now - second, 1]));
  const read = reader({
    'max(ALERTS{alertname="HighCPU",alertstate="pending"': at(9, 8, 7, 6, 5),
    'max(ALERTS{alertname="HighCPU",alertstate="firing"': at(4, 3, 2, 1, 0),
  });
  assert.deepEqual(await said(6, read, [message]), [
    '5 s PENDING',
    '4 s FIRING',
    '7 s from PENDING to the notification',
  ]);
  assert.deepEqual(await said(6, reader({})), ['inactive HighCPU in the time shown']);
});

test('windows: what each says beside what arrived, and the lag of each after a step', () => {
  const { picture } = experiments.find(({ number }) => number === 7)!;
  const step = 1_800_000_000;
  const [from, to] = [step - 100, step + 100];
  const per = (value: (at: number) => number): Sample[] =>
    Array.from({ length: to - from + 1 }, (_, index) => [from + index, value(from + index)]);
  const ramp = (seconds: number) => per((at) => 4 + 8 * Math.min(1, Math.max(0, (at - step) / seconds)));
  const layers: Record<string, Sample[]> = {
    'requests that arrived': per((at) => (at < step ? 4 : 12)),
    '[10s]': ramp(10),
    '[1m]': ramp(60),
    '[10m]': ramp(600),
  };
  const data: PictureData = {
    from,
    to,
    startedAt: from - 600,
    scrapeSeconds: 5,
    lab: undefined,
    truth: undefined,
    layer: (name) => layers[name],
    read: () => undefined,
    up: [],
    durations: [],
    notifications: [],
    stepSeconds: 1,
  };
  assert.deepEqual(
    picture!.numbers(data).map(({ value, words }) => `${value} ${words}`),
    ['12/s arrived in the last minute', '12/s [10s]', '12/s [1m]', '5.3/s [10m]'],
  );
  const marks = picture!.marks!(data);
  assert.deepEqual(
    marks.map((mark) => (mark.kind === 'tick' ? '' : mark.name)),
    ['traffic steps', '[10s] 5 s', '[1m] 30 s'],
  );
});

test('debugging: the exporter simulates on, and a query still shows the last value', async () => {
  const up = series([now - 3, 0]);
  const stored = series([now - 60, 41.5]);
  const read = reader({ 'up{': up, 'cpu_usage_simulated{': stored });
  const query: Reader = { ...read, range: async () => series([now - 1, 41.5], [now, 41.5]) };
  assert.deepEqual(await said(8, query), [
    '1 failed scrape',
    '60 s since the newest sample',
    '41.5 % is what a query shows now',
  ]);
});
