import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, failsOnly, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import { isTrue, watches } from './burn.ts';
import { type Firing, pagesOf, type Row, type Rows } from './findings.ts';
import { check, firingAt, type Measured, verdict } from './verdict.ts';

const start = 1_800_000_000;
const evaluations = Array.from({ length: 40 }, (_, second) => start + second);
const between = (from: number, to: number) => evaluations.filter((at) => at >= start + from && at < start + to);
const right = (firing: number[]): Firing => ({ firing, must: firing, may: firing });
const row = (watch: Row['watch'], short: number[], long: number[]): Row => ({
  watch,
  evaluations,
  blip: right(short),
  hard: right(long),
});

/** Scraped and evaluated every second. */
const rows: Rows = {
  threshold: row(watches.threshold, between(13, 22), between(8, 28)),
  waiting: row(watches.waiting, [], between(18, 28)),
  long: row(watches.long, [], between(12, 40)),
  pair: row(watches.pair, [], between(12, 27)),
};
const full: Measured = {
  story: {
    blip: { service: 'search', from: start + 12, to: start + 13 },
    hard: { service: 'checkout', from: start + 7, to: start + 19 },
  },
  stored: [{ sample: [start + 9.9, 2], least: 2, most: 3 }],
  rows,
};
const judged = (name?: keyof Rows, change: (own: Row) => Partial<Row> = () => ({})) =>
  verdict(name ? { ...full, rows: { ...rows, [name]: { ...rows[name], ...change(rows[name]) } } } : full);
const words = {
  threshold: /^Downtime pages at once/,
  waiting: /^DowntimeForLong \(for: 10s\)/,
  long: /^BurnLong pages/,
  pair: /^BurnRate pages/,
};

test('a threshold pages twice, for: late, a long window too long, and the pair once', () => {
  holds(judged());
  const [happened, stored, ...alerts] = said(judged());
  assert.match(
    happened!,
    /^what happened: search was down for 1 s from 08:00:12 on, checkout for 12 s from 08:00:07 on/,
  );
  assert.match(stored!, /1 sample of/);
  assert.match(alerts[0]!, /for nothing: for checkout after 1 s, when 1 of 12 s were burnt, and for 1 s of search$/);
  assert.match(alerts[1]!, /late: for checkout after 11 s, when 11 of 12 s were burnt$/);
  assert.match(alerts[2]!, /after 5 s, when 5 of 12 s were burnt, and does not end: 21 evaluations after it$/);
  assert.match(alerts[3]!, /after 5 s, .* ends: after it BurnLong alone goes on, at 13 evaluations$/);
});
test('a sample that the counter never was fails, and so does none', () => {
  const sample = [start + 9.9, 4] as const;
  failsOnly(verdict({ ...full, stored: [{ sample, least: 2, most: 3 }] }), /^what was stored/);
  failsOnly(verdict({ ...full, stored: [] }), /^what was stored/);
});
for (const name of ['threshold', 'waiting', 'long', 'pair'] as const) {
  test(`${name}: an evaluation too many or too few by the stored samples fails`, () => {
    failsOnly(
      judged(name, ({ hard }) => ({ hard: { ...hard, may: hard.may.slice(1) } })),
      words[name],
    );
    failsOnly(
      judged(name, ({ hard }) => ({ hard: { ...hard, must: [...hard.must, start + 3] } })),
      words[name],
    );
    failsOnly(
      judged(name, ({ blip }) => ({ blip: { ...blip, must: [...blip.must, start + 30] } })),
      words[name],
    );
  });
}
test('a threshold that does not page for both fails', () => {
  failsOnly(
    judged('threshold', () => ({ blip: right([]) })),
    words.threshold,
  );
});
test('whoever else pages for a second fails', () => {
  for (const name of ['waiting', 'long', 'pair'] as const)
    failsOnly(
      judged(name, () => ({ blip: right([start + 20]) })),
      words[name],
    );
});
test('a wait that is shorter than for: fails', () => {
  failsOnly(
    judged('waiting', () => ({ hard: right(between(15, 28)) })),
    words.waiting,
  );
});
test('a long window that ends with the downtime fails, as does a pair that goes on as long', () => {
  const { long, pair } = rows;
  failsOnly(
    verdict({
      ...full,
      rows: {
        ...rows,
        long: { ...long, hard: right(between(12, 19)) },
        pair: { ...pair, hard: right(between(12, 17)) },
      },
    }),
    words.long,
  );
  failsOnly(
    judged('pair', () => ({ hard: right(between(12, 40)) })),
    words.pair,
  );
  failsOnly(
    judged('pair', () => ({ hard: right(between(10, 27)) })),
    words.pair,
  );
});

test('an alert that ends and begins again pages twice', () => {
  assert.deepEqual(pagesOf({ evaluations }, [...between(3, 5), ...between(7, 9)]), [start + 3, start + 7]);
});
test('what fires follows from the samples, and from `for`', () => {
  const samples = every(1, start, [...Array(8).fill(0), 1, 2, 3, 4, 5, ...Array(27).fill(6)]);
  const firing = (name: keyof typeof watches) =>
    firingAt(evaluations, watches[name], (at) => isTrue(watches[name], samples, at)).map((at) => at - start);
  const [threshold, long, pair] = (['threshold', 'long', 'pair'] as const).map(firing) as [
    number[],
    number[],
    number[],
  ];
  assert.deepEqual([threshold[0], threshold.at(-1)], [8, 21]);
  assert.deepEqual(firing('waiting'), threshold.slice(10));
  assert.equal(long[0], pair[0]);
  assert.deepEqual([pair.at(-1), long.at(-1)], [20, 37]);
});
test('where nothing is down it is sent to its step', async () => sendsTo(await check({} as never, labOf())));
