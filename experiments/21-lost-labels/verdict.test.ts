import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredIn } from '../../test/lessons/measured.ts';
import { eachFails, every, holds, labOf, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { type Measured, verdict } from './findings.ts';
import { lesson } from './lesson.ts';
import { connections, debug, type Job, jobs, type Scrape, scrapesOf } from './scrapes.ts';
import { check, look, notScraped, refusedIn } from './verdict.ts';

const full = await measuredIn(lesson, look);
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const withScrape = (job: Job, change: Partial<Scrape>) =>
  judged({ scrapes: { ...full.scrapes, [job]: { ...full.scrapes[job], ...change } } });
/** What is stored of a page without some of its series. */
const without = (job: Job, isLost: (labels: Readonly<Record<string, string>>) => boolean) =>
  full.scrapes[job].stored.filter(({ labels }) => !isLost(labels));
/** The connections stored as another value, or with more labels. */
const firstAs = (value: number, more = {}) =>
  withScrape('my_app_labeldrop', {
    stored: full.scrapes.my_app_labeldrop.stored.map(({ labels, ...one }) =>
      labels.__name__ === connections ? { labels: { ...labels, ...more }, value } : { labels, ...one },
    ),
  });
const ofDebug = ({ __name__ }: Readonly<Record<string, string>>) => __name__ === debug;
const whole = full.scrapes.my_app.scraped;

test('twelve are open, seven are stored, and nothing says so', () => {
  holds(judged());
  const [happened, all, first, lost, counters] = said(judged());
  assert.match(happened!, /12 connections are open, 7 in pod a and 5 in pod b$/);
  assert.match(all!, /2 series of open_connections in the job my_app, 12 together$/);
  assert.match(first!, /without the label pod: 7\. Of 2 samples that became one series, that is the first/);
  assert.match(lost!, /15 samples scraped, 15 left after relabeling, up 1\. 14 are stored: 1 lost$/);
  assert.match(counters!, /1 scrape lost samples .* counted 0 with/);
});

eachFails({
  'a job without rules that loses a pod fails': [
    /^without a rule/,
    withScrape('my_app', { stored: without('my_app', ({ pod }) => pod === 'b') }),
  ],
  'another value than that of the first pod fails': [
    /^what was stored/,
    firstAs(5),
    firstAs(12),
    firstAs(7, { pod: 'a' }),
  ],
  'a loss that what is left of the scrape does not show fails': [
    /^what Prometheus says of that scrape/,
    withScrape('my_app_labeldrop', { kept: whole - 1 }),
    withScrape('my_app_labeldrop', { scraped: whole + 1 }),
  ],
  'a counter that moved fails': [/^no counter says so/, judged({ refused: { ...full.refused, rise: 2 } })],
  'a rule that drops in the wrong stage fails': [
    /^drop in relabel_configs/,
    withScrape('my_app_wrong_stage', { kept: whole - 3, stored: without('my_app_wrong_stage', ofDebug) }),
  ],
  'a rule that drops by a part of the name fails': [
    /^the regex debug/,
    withScrape('my_app_unanchored', { kept: whole - 3, stored: without('my_app_unanchored', ofDebug) }),
  ],
  'a rule for the whole name that leaves something fails': [
    /^the right stage/,
    withScrape('my_app_drop', { kept: whole - 2, stored: full.scrapes.my_app.stored.slice(0, -2) }),
  ],
  'two keeps that keep something fail': [
    /^keep one metric/,
    withScrape('my_app_two_keeps', { kept: 2, stored: full.scrapes.my_app.stored.slice(0, 2) }),
  ],
  'a job that is still called as before fails': [/^a labelmap/, judged({ shown: 1 })],
  "a page's label that is renamed in spite of honor_labels fails": [
    /^honor_labels/,
    withScrape('my_app_honor_labels', { stored: full.scrapes.my_app.stored }),
  ],
});

const at = 1_800_000_000;
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
