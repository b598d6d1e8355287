import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, failsOnly, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import { type Counted, headIn, type Limited } from './findings.ts';
import { generationsMissing, type Measured, notScraped, runsIn, verdict } from './verdict.ts';

const start = 1_800_000_000;
const lab = labOf({
  now: start + 70,
  exporter: { signal: 'random', seed: 1, startedAt: start, cores: 2 },
});
const target = { job: 'my_app', instance: 'exporter:8001' };

/** From second 12.5 to 57.5, six generations of 50 series; the target has 20 others. */
const counted: Counted = {
  generations: [6, 6],
  series: 50,
  everySeconds: 10,
  ever: 300,
  shown: 50,
  added: 320,
  others: 20,
};
const limited: Limited = {
  job: 'my_app_limited',
  instance: 'exporter:8002',
  up: every(5, start + 13, [0, 0, 0, 0]),
  names: ['scrape_duration_seconds', 'scrape_samples_scraped', 'up'],
  scraped: 70,
};
const flooded: Measured = {
  run: { ...target, from: start + 12.5, to: start + 57.5, windowSeconds: 46 },
  counted,
  limited,
  head: { from: start + 15, to: start + 55, created: 385, stored: 200, refused: 180, others: 3, rules: 2 },
  memory: { bytes: 90 * 2 ** 20, series: 1_588 },
  bound: 5_000,
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...flooded, ...change });
const withCount = (change: Partial<Counted>) => judged({ counted: { ...counted, ...change } });

test('the truth, what is stored and what Prometheus counts are the same number', () => {
  holds(judged());
  const [happened, stored, added, shown, fix, head, memory] = said(judged());
  assert.match(happened!, /the scrapes from 08:00:12 to 08:00:57 met 6 generations of them$/);
  assert.match(stored!, /300 series of session_active, which is 6 × 50$/);
  assert.match(added!, /added 320 series, less 20 other series of that target 300$/);
  assert.match(shown!, /shows 50 of them at 08:00:57: the other 250 have ended$/);
  assert.match(fix!, /exporter:8002 .* bring 70 samples each, too many: none is stored, and up is 0$/);
  assert.match(
    head!,
    /created 385 series in memory, not only the 200 that it stored: the refused scrapes created 180, scrapes of other targets 3, rules 2$/,
  );
  assert.match(memory!, /Prometheus has 1,588 series there now and takes 90 MiB\. The lab stops at 5,000/);
});
test('a limit that keeps refused series out of memory fails, and so does one that refuses none', () => {
  const words = /^what the limit does not save/;
  failsOnly(judged({ head: { ...flooded.head!, created: 205 } }), words);
  failsOnly(judged({ head: { ...flooded.head!, refused: 0 } }), words);
});
test('what the head gained is held against the scrapes that were over in between', () => {
  const created = every(5, start + 15, [1_000, 1_095, 1_095, 1_190]);
  const [stored, refused] = [every(5, start + 13, [68, 50, 0, 50, 50]), every(5, start + 14, [50, 45, 0, 45, 45])];
  const run = { from: start + 12.5, to: start + 32 };
  const head = { from: start + 15, to: start + 30, created: 190, stored: 100, refused: 90, others: 0, rules: 0 };
  assert.deepEqual(headIn(run, created, stored, refused), head);
  // Prometheus' scrape of itself adds what it does not count yet, and what the last one adds it will count later.
  const itself = every(5, start + 15, [4, 0, 0, 7]);
  const rules = [start + 10, start + 17, start + 22, start + 31];
  assert.deepEqual(headIn(run, created, stored, refused, [itself, []], rules), { ...head, others: 4, rules: 2 });
  assert.equal(headIn({ ...run, to: start + 19 }, created, stored, refused), undefined);
});
test('a scrape at the turn of a generation leaves two numbers, and one of them is right', () => {
  const either = (ever: number) => withCount({ generations: [6, 7], ever, added: ever + 20 });
  holds(either(300));
  holds(either(350));
  failsOnly(either(325), /^what was stored/);
  failsOnly(either(400), /^what was stored/);
});
test('a series more or less than the truth fails', () => {
  failsOnly(withCount({ ever: 299, added: 319 }), /^what was stored/);
});
test('a count of what scrapes added that is another fails', () => {
  failsOnly(withCount({ added: 321 }), /^what Prometheus says/);
});
test('a graph that shows more than one generation fails', () => {
  failsOnly(withCount({ shown: 100 }), /^and a graph shows/);
});
test('a limit that lets something through fails', () => {
  const through = (change: Partial<Limited>) => judged({ limited: { ...limited, ...change } });
  failsOnly(through({ names: [...limited.names, 'session_active'] }), /^the fix/);
  failsOnly(through({ up: every(5, start + 13, [0, 1, 0]) }), /^the fix/);
  failsOnly(through({ up: [] }), /^the fix/);
});
test('where no instance is under the limit the fix is left out by name', () => {
  holds(judged({ limited: undefined }));
  assert.match(said(judged({ limited: undefined }))[4]!, /^the fix is left out/);
});

test('it waits for generations, fewer where a scrape is slower than they are', () => {
  const missing = (generations: number, scrapeSeconds = 5) =>
    generationsMissing({ ...lab, scrapeSeconds }, { ...counted, generations: [generations, generations] });
  assert.deepEqual([missing(2), missing(3), missing(2, 60), missing(3, 60)], [1, 0, 1, 0]);
});
test('it waits for the first scrape, and not for ever', () => {
  const at = (now: number) => notScraped({ ...lab, now: start + now });
  assert.deepEqual(at(20), { kind: 'wait', seconds: 15, reason: 'the first scrape of the label' });
  sendsTo(at(40));
});

const stored = (up: number[], added: number[]): Parameters<typeof runsIn>[0] => ({
  up: every(5, start, up),
  series: [
    { labels: { __name__: 'scrape_series_added', ...target }, samples: every(5, start, added) },
    {
      labels: { __name__: 'scrape_samples_post_metric_relabeling', ...target },
      samples: every(
        5,
        start,
        up.map((value) => 70 * value),
      ),
    },
  ],
});

test('a run begins with the scrape that met every series for the first time, and ends before one that fails', () => {
  assert.deepEqual(runsIn(stored([1, 1, 1, 0, 1, 1], [70, 0, 50, 0, 70, 50]), start), [
    { from: start, to: start + 10 },
    { from: start + 20, to: start + 25 },
  ]);
});
test('scrapes that went on over a restart of the exporter are no run', () => {
  assert.deepEqual(runsIn(stored([1, 1, 1, 1], [70, 0, 50, 0]), start + 1), []);
});
test('a run is no longer than five minutes', () => {
  const many = Array(100).fill(1);
  assert.deepEqual(runsIn(stored(many, [70, ...Array(99).fill(0)]), start), [{ from: start, to: start + 300 }]);
});
