import assert from 'node:assert/strict';
import { test } from 'node:test';
import { every, failsOnly, holds, labOf, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { type Job, jobs, type Scrape, scrapesOf } from './scrapes.ts';
import { check, type Measured, notScraped, refusedIn, verdict } from './verdict.ts';

const at = 1_800_000_000;
const series = (name: string, value: number, labels = {}) => ({ labels: { __name__: name, ...labels }, value });
const [a, b] = [series('open_connections', 7, { pod: 'a' }), series('open_connections', 5, { pod: 'b' })];
const debug = ['1', '2', '3'].map((cache) => series('debug_cache_entries', 100, { cache }));
const database = series('database_up', 1, { instance: 'exporter:8000', exported_instance: 'db:5432' });

/** A page of six samples; @param stored  what is stored of it */
const scrape = (kept: number, stored: Scrape['stored']): Scrape => ({
  instance: 'exporter:8000',
  at,
  up: 1,
  scraped: 6,
  kept,
  stored,
});
const whole = scrape(6, [a, b, ...debug, database]);
const full: Measured = {
  pods: {
    open: [
      { pod: 'a', connections: 7 },
      { pod: 'b', connections: 5 },
    ],
    total: [12],
    debugSeries: 3,
    database: 'db:5432',
  },
  scrapes: {
    my_app: whole,
    my_app_labeldrop: scrape(6, [series('open_connections', 7), ...debug, database]),
    my_app_wrong_stage: whole,
    my_app_unanchored: whole,
    my_app_drop: scrape(3, [a, b, database]),
    my_app_two_keeps: scrape(0, []),
    my_app_labelmap: whole,
    my_app_honor_labels: scrape(6, [a, b, ...debug, series('database_up', 1, { instance: 'db:5432' })]),
  },
  shown: 0,
  refused: { from: at - 10, to: at + 5, rise: 0, scrapes: 2 },
  times: [at],
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const withScrape = (job: Job, change: Partial<Scrape>) =>
  judged({ scrapes: { ...full.scrapes, [job]: { ...full.scrapes[job], ...change } } });

test('twelve are open, seven are stored, and nothing says so', () => {
  holds(judged());
  const [happened, all, first, lost, counters] = said(judged());
  assert.match(happened!, /12 connections are open, 7 in pod a and 5 in pod b$/);
  assert.match(all!, /2 series of open_connections in the job my_app, 12 together$/);
  assert.match(first!, /without the label pod: 7\. Of 2 samples that became one series, that is the first/);
  assert.match(lost!, /6 samples scraped, 6 left after relabeling, up 1\. 5 are stored: 1 lost$/);
  assert.match(counters!, /2 scrapes lost samples .* counted 0 with/);
});
test('a job without rules that loses a pod fails', () => {
  failsOnly(withScrape('my_app', { stored: [a, ...debug, database] }), /^without a rule/);
});
test('another value than that of the first pod fails', () => {
  const dropping = (value: number, more = {}) =>
    withScrape('my_app_labeldrop', { stored: [series('open_connections', value, more), ...debug, database] });
  failsOnly(dropping(5), /^what was stored/);
  failsOnly(dropping(12), /^what was stored/);
  failsOnly(dropping(7, { pod: 'a' }), /^what was stored/);
});
test('a loss that what is left of the scrape does not show fails', () => {
  const words = /^what Prometheus says of that scrape/;
  failsOnly(withScrape('my_app_labeldrop', { kept: 5 }), words);
  failsOnly(withScrape('my_app_labeldrop', { scraped: 7 }), words);
});
test('a counter that moved fails', () => {
  failsOnly(judged({ refused: { ...full.refused, rise: 2 } }), /^no counter says so/);
});
test('a rule that drops in the wrong stage or by a part of the name fails', () => {
  failsOnly(withScrape('my_app_wrong_stage', { kept: 3, stored: [a, b, database] }), /^drop in relabel_configs/);
  failsOnly(withScrape('my_app_unanchored', { kept: 3, stored: [a, b, database] }), /^the regex debug/);
});
test('a rule for the whole name that leaves something fails', () => {
  failsOnly(withScrape('my_app_drop', { kept: 4, stored: [a, b, debug[0]!, database] }), /^the right stage/);
});
test('two keeps that keep something fail', () => {
  failsOnly(withScrape('my_app_two_keeps', { kept: 2, stored: [a, b] }), /^keep one metric/);
});
test('a job that is still called as before fails', () => {
  failsOnly(judged({ shown: 1 }), /^a labelmap/);
});
test("a page's label that is renamed in spite of honor_labels fails", () => {
  failsOnly(withScrape('my_app_honor_labels', { stored: whole.stored }), /^honor_labels/);
});

const target = { job: 'my_app_labelmap', instance: 'exporter:8006' };
const stored = (name: string, values: number[], labels: Record<string, string> = target) => ({
  labels: { __name__: name, ...labels },
  samples: every(5, at, values),
});
test('a scrape is what carries its time: failed ones and what rules record are left out', () => {
  const all = [
    stored('up', [1, 0, 1], { ...target, job: 'shop' }),
    stored('scrape_samples_scraped', [3, 0, 3], { ...target, job: 'shop' }),
    stored('scrape_samples_post_metric_relabeling', [2, 0, 2], { ...target, job: 'shop' }),
    stored('open_connections', [7, 7, 8], { ...target, job: 'shop' }),
    stored('database_up', [1], { job: 'shop', instance: 'db:5432' }),
    stored('job:open_connections:sum', [7, 7, 7], { ...target, job: 'shop' }),
    stored('open_connections', [9, 9, 9], { job: 'my_app', instance: 'exporter:8006' }),
  ];
  const scrapes = scrapesOf({ instance: target.instance, job: 'my_app_labelmap' }, all, 'db:5432');
  assert.deepEqual(
    scrapes.map((each) => [each.at - at, each.scraped, each.kept, each.stored.map(({ value }) => value)]),
    [
      [0, 3, 2, [7, 1]],
      [10, 3, 2, [8]],
    ],
  );
});
test('the counters are read from one scrape of Prometheus to another with a loss in between', () => {
  const counters = [0, 1, 2].map((more) => stored(`c${more}`, [4, 4, 4 + more]));
  const losing = [{ at: at + 1 }, { at: at + 6 }];
  assert.deepEqual(refusedIn(counters, losing), { from: at, to: at + 10, rise: 3, scrapes: 2 });
  assert.equal(refusedIn(counters, [{ at: at - 1 }, { at: at + 9.5 }]), undefined);
  assert.equal(refusedIn(counters.slice(1), losing), undefined);
});
test('it waits for a scrape in each job, and not for ever; without such jobs it is sent to its step', async () => {
  const lab = (now: number) => labOf({ now, prometheusStartedAt: -99 });
  waits(notScraped('exporter:8003', lab(20)), 11, /a scrape in each of the jobs/);
  sendsTo(notScraped('exporter:8003', lab(36)));
  sendsTo(await check({} as never, labOf()));
  assert.equal(new Set(jobs).size, 8);
});
