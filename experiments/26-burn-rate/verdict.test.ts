import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredIn } from '../../test/lessons/measured.ts';
import { eachFails, every, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import { isTrue, watches } from './burn.ts';
import { type Firing, pagesOf, type Row, type Rows } from './findings.ts';
import { lesson } from './lesson.ts';
import { check, firingAt, look, verdict } from './verdict.ts';

const full = await measuredIn(lesson, look);
const { story, rows } = full;
const { evaluations } = rows.pair;
const right = (firing: number[]): Firing => ({ firing, must: firing, may: firing });
type Name = keyof Rows;
const judged = (name: Name, change: (own: Row) => Partial<Row>) =>
  verdict({ ...full, rows: { ...rows, [name]: { ...rows[name], ...change(rows[name]) } } });
const pagesFor = (name: Name, firing: number[]) => judged(name, () => ({ hard: right(firing) }));
/** Evaluations that the samples make true, and that did not fire; the other way round; and one of the other service. */
const otherwise = (name: Name) => [
  judged(name, ({ hard }) => ({ hard: { ...hard, may: hard.may.slice(1) } })),
  judged(name, ({ hard }) => ({ hard: { ...hard, must: [...hard.must, evaluations[0]!] } })),
  judged(name, ({ blip }) => ({ blip: { ...blip, must: [...blip.must, evaluations.at(-1)!] } })),
];
const forASecond = (name: Name) => judged(name, () => ({ blip: right(evaluations.slice(3, 4)) }));
const [sample] = full.stored;

test('a threshold pages twice, for: late, a long window too long, and the pair once', () => {
  holds(verdict(full));
  const [happened, stored, ...alerts] = said(verdict(full));
  assert.match(happened!, /search was down for 1 s from 08:05:13 on, checkout for 12 s from 08:05:08 on/);
  assert.match(stored!, /16 samples of/);
  assert.match(alerts[0]!, /for nothing: for checkout after 8\.3 s, when 8 of 12 s were burnt, and for 1 s of search$/);
  assert.match(alerts[1]!, /late: for checkout after 18\.3 s, when 12 of 12 s were burnt$/);
  assert.match(alerts[2]!, /after 8\.3 s, when 8 of 12 s were burnt, and does not end: 4 evaluations after it$/);
  assert.match(alerts[3]!, /after 8\.3 s, .* ends: after it BurnLong alone goes on, at 2 evaluations$/);
});
eachFails({
  'a sample that the counter never was fails, and so does none': [
    /^what was stored/,
    verdict({ ...full, stored: [{ ...sample!, least: 1, most: 2 }] }),
    verdict({ ...full, stored: [] }),
  ],
  'a threshold that fires at other evaluations than the samples say, or not for both, fails': [
    /^Downtime pages at once/,
    ...otherwise('threshold'),
    judged('threshold', () => ({ blip: right([]) })),
  ],
  'so does a wait, and one that is shorter than for: or pages for a second': [
    /^DowntimeForLong \(for: 10s\)/,
    ...otherwise('waiting'),
    forASecond('waiting'),
    pagesFor('waiting', rows.threshold.hard.firing),
  ],
  'so does a long window, and one that ends with the downtime or pages for a second': [
    /^BurnLong pages/,
    ...otherwise('long'),
    forASecond('long'),
  ],
  'so does a pair, and one that goes on as long, comes before or pages for a second': [
    /^BurnRate pages/,
    ...otherwise('pair'),
    forASecond('pair'),
    pagesFor('pair', rows.long.hard.firing),
    pagesFor(
      'pair',
      evaluations.filter((at) => at <= rows.pair.hard.firing.at(-1)!),
    ),
  ],
});
test('a long window that ends with the downtime fails in both', () => {
  const ended = rows.long.hard.firing.filter((at) => at < story.hard.to);
  assert.deepEqual(
    said(pagesFor('long', ended)).filter((claim) => /does not end: 0|alone goes on, at 0/.test(claim)).length,
    2,
  );
});

test('an alert that ends and begins again pages twice', () => {
  assert.deepEqual(pagesOf({ evaluations: [1, 2, 3, 4, 5] }, [1, 2, 4, 5]), [1, 4]);
});
test('what fires follows from the samples, and from `for`', () => {
  const samples = every(1, 0, [...Array(8).fill(0), 1, 2, 3, 4, 5, ...Array(27).fill(6)]);
  const seconds = Array.from({ length: 40 }, (_, second) => second);
  const firing = (name: Name) => firingAt(seconds, watches[name], (at) => isTrue(watches[name], samples, at));
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
