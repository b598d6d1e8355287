import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Absence } from '../../lab/evidence/outages.ts';
import { isClaim, type Judgement } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { every, failsOnly, holds, labOf, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { lossesOf } from './loss.ts';
import { type Measured, verdict } from './verdict.ts';

const start = 1_800_000_000;
const since = start + 10;
const url = 'http://store:19291/api/v1/receive';

/** Scraped so often, from `since` on until the end. */
const source = (scrapeSeconds: number, until: number): Series[] => {
  const times = Math.floor((until - since) / scrapeSeconds) + 1;
  const line = (name: string, phase: number): Series => ({
    labels: { __name__: name, job: 'my_app' },
    samples: every(
      scrapeSeconds,
      since + phase,
      Array.from({ length: times }, (_, index) => index),
    ),
  });
  return [line('cpu_usage_simulated', 0.25), line('up', 0.25), line('instance:cpu_usage:avg', 0.75)];
};
const without = (series: readonly Series[], isLost: (at: number) => boolean): Series[] =>
  series.map(({ labels, samples }) => ({ labels, samples: samples.filter(([at]) => !isLost(at)) }));
const zeros = (scrapeSeconds: number, until: number): Sample[] =>
  every(scrapeSeconds, since + 0.9, Array(Math.floor((until - since) / scrapeSeconds)).fill(0));

type Course = {
  scrapeSeconds?: number;
  seconds?: number;
  absences?: Absence[];
  restarts?: number[];
  isLost?: (at: number) => boolean;
  change?: Partial<Measured>;
  reported?: Partial<Measured['sending']>;
};
const judged = (course: Course = {}): Judgement => {
  const {
    scrapeSeconds = 5,
    seconds = 300,
    absences = [],
    restarts = [],
    isLost = () => false,
    change,
    reported,
  } = course;
  const until = since + seconds;
  const stored = source(scrapeSeconds, until);
  const arrived = without(stored, isLost);
  const counted = { prometheus: stored[0]!.samples.length, store: { value: arrived[0]!.samples.length, warnings: 0 } };
  const starts = [since - 1, ...restarts];
  return verdict({
    lab: labOf({
      now: until + 15,
      scrapeSeconds,
      prometheusStartedAt: starts.at(-1)!,
      thanos: ['store', 'query'],
      remoteWriteUrl: url,
    }),
    until,
    stored,
    arrived,
    absences,
    isBack: true,
    losses: lossesOf(
      absences,
      starts.map((at) => ({ at, lastSeen: at })),
    ),
    counted,
    isThere: true,
    ...change,
    sending: {
      since,
      starts: [],
      refused: zeros(scrapeSeconds, until),
      dropped: [],
      retried: zeros(scrapeSeconds, until).map(([at], index) => [at, 10 * index]),
      waiting: zeros(scrapeSeconds, until).map(([at]) => [at, 800]),
      sentUpTo: [],
      ...reported,
    },
  });
};

/** The store is away from second 100 on for 40 s and more, at this interval. */
const absenceAt = (scrapeSeconds: number): Absence => ({
  lastSeen: since + 100 - scrapeSeconds / 2,
  firstMissed: since + 100 + scrapeSeconds / 2,
  lastMissed: since + 140 + 2.5 * scrapeSeconds,
  seenAgain: since + 140 + 3.5 * scrapeSeconds,
});
const absence = absenceAt(5);
const restartedAt = since + 130;
const inGap = (at: number) => at >= since + 92 && at < restartedAt;

test('at first nothing is lost and nothing is given up', () => {
  holds(judged());
  assert.deepEqual(said(judged()), [
    'what happened: from 08:00:10 to 08:05:10 Prometheus stored 180 samples of the exporter in 3 series, and sent them',
    'nothing is lost: all 180 samples are at the endpoint, each with its time and its value',
    'none was given up: 0 failed at each of 60 scrapes, and 590 times a sample was sent once more',
  ]);
});

for (const scrapeSeconds of [1, 2, 5, 15, 29, 60]) {
  test(`the verdicts of all phases hold at a scrape every ${scrapeSeconds} s`, () => {
    const seconds = 300 + 10 * scrapeSeconds;
    holds(judged({ scrapeSeconds, seconds }));
    holds(judged({ scrapeSeconds, seconds, absences: [absenceAt(scrapeSeconds)] }));
    const restart = since + 140 + scrapeSeconds;
    const isLost = (at: number) => at >= since + 96 && at < restart;
    const change = { scrapeSeconds, seconds, absences: [absenceAt(scrapeSeconds)], restarts: [restart], isLost };
    holds(judged(change));
  });
}

test('what was scraped in an absence arrived afterwards', () => {
  holds(judged({ absences: [absence] }));
  assert.equal(
    said(judged({ absences: [absence] }))[2],
    'what was scraped while the endpoint was down arrived afterwards: 30 samples from 08:01:52 to 08:02:42. Up to 800 were in the remote-write queue',
  );
});

test('a restart in the absence: the gap, no counter, and no word of the store', () => {
  const course = { absences: [absence], restarts: [restartedAt], isLost: inGap };
  holds(judged(course));
  const [happened, arrival, gap, silent, answer] = said(judged(course));
  assert.match(happened!, /the endpoint was down from 08:01:52 until 08:02:47; Prometheus was restarted at 08:02:20$/);
  assert.match(arrival!, /^outside the gap nothing is lost: 159 samples are at the endpoint/);
  assert.match(
    gap!,
    /^the gap: 21 samples from 08:01:45 to 08:02:15 are in Prometheus and will never be at the endpoint/,
  );
  assert.match(
    silent!,
    /0 failed, 0 dropped.*800 samples at the last scrape before the restart, 800 at the first after/,
  );
  assert.equal(answer, 'and the endpoint says nothing: 54 samples of the CPU where Prometheus has 61, and no warning');
});

test('a sample that is lost without a restart fails, once the store has had time', () => {
  const isLost = (at: number) => at === since + 150.25;
  failsOnly(judged({ isLost }), /^nothing is lost|^outside the gap/);
});
test('a sample of an absence that did not arrive fails', () => {
  const isLost = (at: number) => at === since + 120.25;
  const judgement = judged({ absences: [absence], isLost });
  assert.ok(judgement.kind === 'measured');
  const failed = judgement.findings.filter((each) => isClaim(each) && !each.holds);
  assert.deepEqual(
    failed.map((each) => isClaim(each) && [each.expected, each.measured]),
    [
      ['every sample of Prometheus, and no other', '2 missing, 0 with another value, 0 that Prometheus does not have'],
      ['30 samples', '28'],
    ],
  );
});
test('a sample with another value, or one that Prometheus does not have, fails', () => {
  const change = (arrived: Series[]): Judgement => judged({ change: { arrived } });
  const stored = source(5, since + 300);
  const [first, ...others] = stored;
  const wrong = first!.samples.map(([at, value], index): Sample => [at, index === 3 ? value + 1e-9 : value]);
  failsOnly(change([{ ...first!, samples: wrong }, ...others]), /^nothing is lost/);
  failsOnly(change([{ ...first!, samples: [...first!.samples, [since + 1, 7]] }, ...others]), /^nothing is lost/);
});
test('samples that were given up fail', () => {
  failsOnly(judged({ reported: { refused: [[since + 50, 621]] } }), /^none was given up/);
});
test('a sample that survived in the gap fails', () => {
  const isLost = (at: number) => inGap(at) && at !== since + 115.25;
  failsOnly(judged({ absences: [absence], restarts: [restartedAt], isLost }), /^the gap/);
});
test('a counter that counts the gap fails', () => {
  const course = { absences: [absence], restarts: [restartedAt], isLost: inGap };
  const dropped = [{ labels: {}, samples: [[since + 150, 12] as Sample] }];
  failsOnly(judged({ ...course, reported: { dropped } }), /^no counter reports/);
});
test('a store that answers more than it has, or warns, fails', () => {
  const course = { absences: [absence], restarts: [restartedAt], isLost: inGap };
  const answered = (value: number, warnings: number) => ({ counted: { prometheus: 61, store: { value, warnings } } });
  failsOnly(judged({ ...course, change: answered(61, 0) }), /^and the endpoint says nothing/);
  failsOnly(judged({ ...course, change: answered(54, 1) }), /^and the endpoint says nothing/);
});

test('after a long absence the store has longer to catch up', () => {
  const long = { ...absence, lastSeen: since + 100, lastMissed: since + 2_095, seenAgain: since + 2_100 };
  const isLost = (at: number) => at > since + 1_500;
  waits(judged({ seconds: 2_110, absences: [long], isLost }), 205, /the endpoint to catch up/);
});
test('it waits for the first scrapes, and for the endpoint to catch up', () => {
  waits(judged({ seconds: 4 }), 6, /two scrapes/);
  const isLost = (at: number) => at > since + 290;
  waits(judged({ isLost }), 5, /catch up/);
  const late = { ...absence, lastMissed: since + 280, seenAgain: since + 285 };
  waits(judged({ absences: [late], isLost: (at) => at > since + 110 }), 23.75, /catch up/);
  const back = { ...absence, seenAgain: since + 302 };
  waits(judged({ absences: [back] }), 2, /first scrape after the endpoint/);
});
test('a store that is away has to be started; one that is back is waited for', () => {
  const away = [{ lastSeen: since + 280, firstMissed: since + 285, lastMissed: since + 310 }];
  sendsTo(judged({ absences: away, change: { isBack: false } }), 'make start SERVICE=store');
  waits(judged({ absences: away }), 1, /first scrape after the endpoint/);
});
test('it sends to its own state, and to a querier that answers', () => {
  sendsTo(judged({ change: { isThere: false } }), 'make start SERVICE=query');
  const own = { now: since + 315, thanos: ['store'], remoteWriteUrl: url };
  sendsTo(judged({ change: { lab: labOf({ ...own, exporter: undefined }) } }));
  waits(judged({ change: { arrived: undefined } }), 5, /the querier to reach the endpoint/);
  sendsTo(judged({ change: { lab: labOf({ now: since + 315, thanos: ['store'] }) } }));
  const notScrapedYet = labOf({ now: since + 315, remoteWriteUrl: url });
  waits(judged({ change: { lab: notScrapedYet } }), 16, /^Prometheus to scrape the endpoint$/);
  sendsTo(judged({ change: { lab: notScrapedYet, isBack: false } }));
});
test('where nothing surely was scraped in an absence, nothing is said of it but that it was', () => {
  const moment = {
    lastSeen: since + 60.5,
    firstMissed: since + 65.5,
    lastMissed: since + 65.5,
    seenAgain: since + 70.5,
  };
  const verdict = judged({ absences: [moment] });
  holds(verdict);
  assert.equal(verdict.kind === 'measured' && verdict.phase, 0);
  assert.match(said(verdict)[0]!, /; the endpoint was down from 08:01:15 until 08:01:20$/);
  assert.match(
    said(judged({ absences: [absence, moment] }))[2]!,
    /^what was scraped while .* from 08:01:52 to 08:02:42/,
  );
  // Nor of what a restart has surely cost, right after the first scrape that failed.
  const long = { ...moment, lastMissed: since + 95.5, seenAgain: since + 100.5 };
  const isLost = (at: number) => at > since + 60 && at < since + 67;
  sendsTo(judged({ absences: [long], restarts: [since + 66.6], isLost }), 'make stop SERVICE=store');
});
test('where no scrape has seen the outage that a restart fell into, it says what to do', () => {
  const unseen = { lastSeen: since + 80, seenAgain: since + 200 };
  sendsTo(
    judged({ scrapeSeconds: 60, seconds: 600, absences: [unseen], restarts: [since + 130], isLost: inGap }),
    'make stop SERVICE=store',
  );
});
