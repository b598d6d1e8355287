import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActiveAlert } from '../promql/alert.ts';
import { type AlertRule, livesOf } from './evaluate.ts';
import { momentText, worstMoments } from './moments.ts';
import { type Page, Pager } from './pages.ts';
import { practiceSeeds, scenarios, scoreSeeds } from './scenarios.ts';
import { beats, best, firstPageAt, judged, type Score, scoreOf, uselessIn } from './score.ts';
import { avoidable, evaluations, harmless, leadSeconds, type Shift, type ShiftEvent, shiftSeconds } from './shift.ts';

/** Ten errors in each second. */
const burn = (from: number, until: number, labels: Record<string, string> = {}): ShiftEvent => ({
  what: 'a burn',
  labels,
  from,
  until,
  damage: Array.from({ length: until - from }, () => 10),
  shownBy: 'alerting',
});
const shiftOf = (...events: ShiftEvent[]): Shift => ({ seed: 1, series: [], events });
const pageAt = (at: number, labels: Record<string, string> = {}, activeAt = at - 2): Page => ({
  at,
  alertname: 'A',
  alerts: [{ labels, activeAt, firedAt: activeAt }],
});
const worth = 10;
const kindsOf = (shift: Shift, ...pages: Page[]) => judged({ worth }, shift, pages).pages.map(({ kind }) => kind);
const figures = (shift: Shift, ...pages: Page[]) => scoreOf([judged({ worth }, shift, pages)]);

test('what can be avoided is what happens later than 20 s after the begin', () => {
  assert.equal(avoidable(burn(100, 160)), 400);
  assert.equal(avoidable(burn(100, 115)), 0);
});
test('a page saves what happens later than 20 s after it', () => {
  assert.equal(figures(shiftOf(burn(100, 160)), pageAt(110)).saved, 300 / 400);
  assert.equal(figures(shiftOf(burn(100, 160)), pageAt(120.5)).saved, 190 / 400);
});
test('a page before the begin saves nothing, as one after the end', () => {
  for (const at of [99, 161]) assert.equal(figures(shiftOf(burn(100, 160)), pageAt(at)).saved, 0, `${at}`);
});
test('an incident without any page is missed, and so is one with a page too late', () => {
  assert.equal(figures(shiftOf(burn(100, 160))).missed, 1);
  const late = figures(shiftOf(burn(100, 160)), pageAt(150));
  assert.deepEqual([late.missed, late.useless['too late'], late.useful], [1, 1, 0]);
});
test('each useless page has its kind', () => {
  const shift = shiftOf(burn(100, 160), burn(300, 310), harmless('a restart', [500, 505], 'counters'));
  assert.deepEqual(kindsOf(shift, pageAt(50), pageAt(110), pageAt(130), pageAt(307), pageAt(504), pageAt(700)), [
    'false',
    'useful',
    'repeat',
    'not worth a page',
    'not worth a page',
    'false',
  ]);
});
test('an alert that became active during an incident is about it, even where the page comes after its end', () => {
  assert.deepEqual(kindsOf(shiftOf(burn(100, 160)), pageAt(200, {}, 150)), ['too late']);
  // A scrape and an evaluation may pass until it is.
  assert.deepEqual(kindsOf(shiftOf(burn(100, 160)), pageAt(200, {}, 169)), ['too late']);
  assert.deepEqual(kindsOf(shiftOf(burn(100, 160)), pageAt(200, {}, 170)), ['false']);
});
test('an alert about another instance saves nothing, one without an instance does', () => {
  const shift = shiftOf(burn(100, 160, { instance: 'a' }));
  assert.deepEqual(kindsOf(shift, pageAt(110, { instance: 'b' })), ['false']);
  assert.equal(figures(shift, pageAt(110, { instance: 'b' })).saved, 0);
  assert.deepEqual(kindsOf(shift, pageAt(110, { job: 'x' })), ['useful']);
});
test('of several things under way the shortest explains a page', () => {
  const lull = harmless('little traffic', [0, 600], 'averages');
  const [page] = judged({ worth }, shiftOf(lull, burn(100, 105)), [pageAt(103)]).pages;
  assert.equal(page?.event?.what, 'a burn');
});
test('the seconds to detect are those from the begin to the useful page', () => {
  const shift = shiftOf(burn(100, 160), burn(300, 360), burn(500, 560));
  assert.deepEqual(figures(shift, pageAt(110), pageAt(305), pageAt(530)).detect, { median: 10, worst: 30 });
});

const scored = (saved: number, useless: number): Score =>
  ({ saved, useless: { false: useless, 'not worth a page': 0, 'too late': 0, repeat: 0 } }) as unknown as Score;
test('a rule beats another that saves no more and pages no less in vain, unless both are alike', () => {
  assert.ok(beats(scored(0.8, 3), scored(0.7, 3)));
  assert.ok(beats(scored(0.8, 2), scored(0.8, 3)));
  assert.ok(!beats(scored(0.8, 3), scored(0.8, 3)));
  assert.ok(!beats(scored(0.9, 4), scored(0.8, 3)));
});

const active = (labels: Record<string, string>, at: number): ActiveAlert => ({ labels, activeAt: at, firedAt: at });
test('alerts of one group that fire together are one page, 2 s later', () => {
  const pager = new Pager();
  const alerts = ['a', 'b'].map((instance) => active({ job: 'j', instance }, 10));
  pager.notify('A', { fired: alerts, resolved: [] }, 10);
  pager.flushUntil(100);
  assert.deepEqual(
    pager.pages.map(({ at, alerts: notified }) => [at, notified.length]),
    [[12, 2]],
  );
});
test('a further alert of a group waits for its next round; what is critical waits 1 s at first; another job is a group', () => {
  const pager = new Pager();
  pager.notify('A', { fired: [active({ job: 'j', instance: 'a', severity: 'critical' }, 10)], resolved: [] }, 10);
  pager.notify('A', { fired: [active({ job: 'j', instance: 'b' }, 15)], resolved: [] }, 15);
  pager.notify('A', { fired: [active({ job: 'k' }, 15)], resolved: [] }, 15);
  pager.flushUntil(100);
  assert.deepEqual(
    pager.pages.map(({ at }) => at),
    [11, 16, 17],
  );
});
test('an end pages nobody, and a new begin does', () => {
  const pager = new Pager();
  const [first, second] = [active({}, 10), active({}, 60)];
  pager.notify('A', { fired: [first], resolved: [] }, 10);
  pager.notify('A', { fired: [], resolved: [first] }, 40);
  pager.notify('A', { fired: [second], resolved: [] }, 60);
  pager.flushUntil(100);
  assert.deepEqual(
    pager.pages.map(({ at }) => at),
    [12, 62],
  );
});
test('what ends and begins again between two rounds is not said twice', () => {
  const pager = new Pager();
  const [first, second] = [active({}, 10), active({}, 20)];
  pager.notify('A', { fired: [first], resolved: [] }, 10);
  pager.flushUntil(13);
  // The rounds are at 12, 17, 22: between the last two it ends and begins.
  pager.notify('A', { fired: [], resolved: [first] }, 18);
  pager.notify('A', { fired: [second], resolved: [] }, 20);
  pager.flushUntil(100);
  assert.equal(pager.pages.length, 1);
});

const rule: AlertRule = { alert: 'A', expr: 'x', forSeconds: 10, keepFiringForSeconds: 10 };
test('the life of a rule in a shift: pending, firing, kept, one page', () => {
  const returned = new Map([2, 7, 12, 17, 27].map((second) => [second, [{ job: 'j' }]]));
  const { pages, spans } = livesOf([[rule, returned]]);
  assert.deepEqual(
    pages.map(({ at }) => at),
    [14],
  );
  assert.deepEqual(spans, [
    { state: 'pending', from: 2, until: 12 },
    { state: 'firing', from: 12, until: 42 },
  ]);
});

for (const scenario of scenarios) {
  const all = [...practiceSeeds, ...scoreSeeds];
  test(`${scenario.name}: the same seed is the same shift, another is another`, () => {
    assert.deepEqual(scenario.shift(1), scenario.shift(1));
    assert.equal(new Set(all.map((seed) => JSON.stringify(scenario.shift(seed).events))).size, all.length);
  });
  test(`${scenario.name}: in every shift something deserves a page, and something does not`, () => {
    for (const seed of all) {
      const { events } = scenario.shift(seed);
      assert.ok(
        events.some((event) => avoidable(event) >= scenario.worth),
        `shift ${seed}`,
      );
      assert.ok(
        events.some((event) => avoidable(event) < scenario.worth),
        `shift ${seed}`,
      );
      for (const { from, until, what } of events) assert.ok(from >= 0 && until > from, `shift ${seed}: ${what}`);
    }
  });
  test(`${scenario.name}: samples lie at scrapes, before and in the shift, and end only where they were`, () => {
    for (const { samples, staleAt, labels } of scenario.shift(7).series) {
      assert.ok(samples.length > 0, JSON.stringify(labels));
      const at = new Set(samples.map(([second]) => second));
      for (const second of [...at, ...staleAt]) {
        assert.ok(second % 5 === 0 && second >= -leadSeconds && second <= shiftSeconds, `${second}`);
      }
      for (const second of staleAt) assert.ok(!at.has(second) && at.has(second - 5), `${second}`);
    }
  });
  test(`${scenario.name}: nobody can save more than who pages at the first possible second`, () => {
    const shifts = scoreSeeds.map(scenario.shift);
    const pages = (shift: Shift) =>
      shift.events
        .filter((event) => avoidable(event) >= scenario.worth)
        .map((event) => pageAt(firstPageAt(event), { ...event.labels }));
    const score = scoreOf(shifts.map((shift) => judged(scenario, shift, pages(shift))));
    assert.equal(score.saved.toFixed(9), best(scenario, shifts).toFixed(9));
    assert.deepEqual([uselessIn(score), score.missed], [0, 0]);
    // Later or earlier evaluations than that see nothing new, or nothing at all.
    assert.ok(evaluations.includes(firstPageAt({ from: 100 }) - 2));
  });
}

test('the worst moments are of different kinds, the costliest first, with how often each was there', () => {
  const scenario = scenarios[0]!;
  const blips = [400, 500, 600].map((at) => ({ ...burn(at, at + 10), what: 'a blip', shownBy: 'flapping' }));
  const shift = shiftOf(burn(100, 160), ...blips);
  const moments = worstMoments(scenario, [judged(scenario, shift, [pageAt(404), pageAt(504), pageAt(604)])]);
  assert.deepEqual(
    moments.map(({ shownBy, times }) => [shownBy, times]),
    [
      ['flapping', 3],
      ['alerting', 1],
    ],
  );
  assert.equal(
    momentText(moments[0]!),
    'shift 1, 09:06:44: a page during a blip, of which nothing can be avoided (3 times in these shifts)',
  );
  assert.match(
    momentText(moments[1]!),
    /^shift 1, 09:01:40: no useful page for a burn, 09:01:40 to 09:02:40: \d+ errors/,
  );
});
