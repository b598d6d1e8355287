import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Absence } from '../../lab/evidence/outages.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { every, failsOnly, holds, labOf, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { type Node, nodeNames } from './nodes.ts';
import { type Measured, verdict } from './verdict.ts';

const start = 1_800_000_000;
const since = start + 10;
const url = 'http://receive-1:19291/api/v1/receive';

/** Of the exporter, scraped so often from `since` on until the end. */
const source = (scrapeSeconds: number, until: number): Series[] =>
  [
    ['cpu_usage_simulated', 0.25],
    ['instance:cpu_usage:avg', 0.75],
  ].map(([name, phase]) => ({
    labels: { __name__: String(name), job: 'my_app' },
    samples: every(
      scrapeSeconds,
      since + Number(phase),
      Array.from({ length: Math.floor((until - since) / scrapeSeconds) }, (_, index) => index),
    ),
  }));
const without = (series: readonly Series[], isLost: (at: number) => boolean): Series[] =>
  series.map(({ labels, samples }) => ({ labels, samples: samples.filter(([at]) => !isLost(at)) }));

/** Every event of a course, in seconds since the start of the sending. */
type Course = {
  scrapeSeconds?: number;
  /** how long it goes on */
  seconds?: number;
  second?: { from: number; to?: number };
  first?: { from: number; to?: number };
  change?: Partial<Measured>;
  reported?: Partial<Measured['sending']>;
  nodes?: Partial<Record<(typeof nodeNames)[number], Partial<Node>>>;
};

/** As scrapes see it that come at each whole interval. */
const absence = (away: Course['first'], every_: number, seconds: number): Absence[] => {
  if (away === undefined) return [];
  const lastSeen = since + Math.floor(away.from / every_) * every_;
  const end = away.to ?? seconds + 15;
  const seenAgain = since + Math.ceil(end / every_) * every_;
  const known = { lastSeen, firstMissed: lastSeen + every_, lastMissed: seenAgain - every_ };
  return [away.to === undefined ? known : { ...known, seenAgain }];
};

const judged = (all: Course = {}): Judgement => {
  const { scrapeSeconds = 5, seconds = 200, first, second, change, reported, nodes = {} } = all;
  const until = since + seconds;
  const stored = source(scrapeSeconds, until);
  const end = (away: { to?: number }) => since + (away.to ?? 1e6);
  const hasNoQuorum = (at: number) =>
    first !== undefined && second !== undefined && at >= since + second.from && at < Math.min(end(first), end(second));
  const isWaiting = first?.to === undefined && second !== undefined && second.to === undefined;
  // What was scraped while one was away was taken by the other two; what had no quorum comes later.
  const missedBy = {
    'receive-1': (at: number) => isWaiting && hasNoQuorum(at),
    'receive-2': (at: number) => first !== undefined && at >= since + first.from && at < end(first) + 10,
    'receive-3': (at: number) => isWaiting && second !== undefined && at >= since + second.from,
  };
  const away = { 'receive-1': undefined, 'receive-2': first, 'receive-3': second };
  const answers = (name: (typeof nodeNames)[number]) => away[name] === undefined || away[name].to !== undefined;
  const ticks = (value: (at: number) => number): Sample[] =>
    every(scrapeSeconds, since + 0.9, Array(Math.floor((seconds + 15) / scrapeSeconds)).fill(0)).map(([at]) => [
      at,
      value(at),
    ]);
  return verdict({
    lab: labOf({ now: until + 15, scrapeSeconds, thanos: [...nodeNames, 'query'], remoteWriteUrl: url }),
    until,
    stored,
    answered: without(stored, missedBy['receive-1']),
    isThere: true,
    ...change,
    nodes: nodeNames.map((name) => ({
      name,
      absences: absence(away[name], scrapeSeconds, seconds),
      answers: answers(name),
      alone: answers(name) ? without(stored, missedBy[name]) : [],
      ...nodes[name],
    })),
    sending: {
      since,
      starts: [],
      refused: ticks(() => 0),
      dropped: [],
      retried: ticks(() => 12_000),
      waiting: ticks((at) => (hasNoQuorum(at) ? 5_798 : 800)),
      sentUpTo: ticks((at) => Math.floor(isWaiting ? Math.min(at - 3, since + second.from) : at - 3)),
      ...reported,
    },
  });
};

const killed = { first: { from: 62 } };
const both = { ...killed, second: { from: 102 } };
const back = { first: { from: 62, to: 160 }, second: { from: 102, to: 140 }, seconds: 250 };

test('all three there: the answer is whole, and each sample is in two at least', () => {
  holds(judged());
  assert.deepEqual(said(judged()), [
    'what happened: from 08:00:10 to 08:03:30 Prometheus stored 80 samples of the exporter in 2 series, and sent them',
    'the answer is whole, from receive-1, receive-2 and receive-3: all 80 samples until 08:03:30, each with its time and its value',
    'each sample is in two receivers at least, and 80 of 80 are in all three',
    'nothing fails: 0 samples at each of 43 scrapes; 12,000 times one was sent once more',
  ]);
  // The third copy comes without anybody waiting for it.
  const late = { 'receive-3': { alone: without(source(5, since + 200), (at) => at > since + 190) } };
  holds(judged({ nodes: late }));
});

test('one dead: writes go on, and the two others have each sample', () => {
  holds(judged(killed));
  const [happened, answer, goesOn] = said(judged(killed));
  assert.match(happened!, /receive-2 has been down since 08:01:15$/);
  assert.match(answer!, /^the answer is whole, from receive-1 and receive-3: all 80 samples/);
  assert.equal(
    goesOn,
    'writes go on without receive-2: of 54 samples that were scraped since 08:01:15, receive-1 and receive-3 have each',
  );
});

test('two dead: what was written is whole, what is scraped waits', () => {
  holds(judged(both));
  const [, answer, waiting] = said(judged(both));
  assert.match(answer!, /^the answer is whole, from receive-1: all 36 samples until 08:01:40/);
  assert.match(
    waiting!,
    /^with receive-3 down as well, writes wait: the newest sample that counts as written is of 08:01:52, at 22 scrapes in a row, and 5,798 are in the remote-write queue/,
  );
});

test('both back: whole again, and the gap of the one that left first stays', () => {
  holds(judged(back));
  const [, answer, backlog, , gap, fixed] = said(judged(back));
  assert.match(answer!, /all 100 samples until 08:04:20/);
  assert.match(backlog!, /at 08:02:30: 12 samples from 08:01:55 to 08:02:25$/);
  assert.match(
    gap!,
    /^receive-2 has a gap of its own, for good: queried alone it lacks 42 samples, from 08:01:15 to 08:02:55/,
  );
  assert.match(
    fixed!,
    /^receive-3, down for 35 s, has none: with receive-2 down no write counted without it, so all that it missed waited. It has 32 samples from 08:01:15 to 08:02:35$/,
  );
});

test('one back of two: whole again, and nothing is said of a gap yet', () => {
  const one = { ...back, first: { from: 62 } };
  const words = said(judged(one));
  holds(judged(one));
  assert.equal(words.length, 5);
  assert.match(words[2]!, /^writes go on without receive-2/);
  assert.match(words[3]!, /^what waited arrived once there were two again/);
});

for (const scrapeSeconds of [1, 2, 5, 15, 29, 60]) {
  test(`every phase holds at a scrape every ${scrapeSeconds} s`, () => {
    const times = (from: number, to?: number) => ({
      from: from * scrapeSeconds + 60,
      ...(to && { to: to * scrapeSeconds + 90 }),
    });
    const seconds = 40 * scrapeSeconds + 300;
    holds(judged({ scrapeSeconds, seconds }));
    holds(judged({ scrapeSeconds, seconds, first: times(2) }));
    holds(judged({ scrapeSeconds, seconds, first: times(2), second: times(9) }));
    holds(judged({ scrapeSeconds, seconds, first: times(2, 20), second: times(9, 14) }));
  });
}

test('a sample that is missing in the answer, or has another value, fails', () => {
  const stored = source(5, since + 200);
  const lost = without(stored, (at) => at === since + 50.25);
  failsOnly(judged({ change: { answered: lost } }), /^the answer is whole/);
  const [first, ...others] = stored;
  const wrong = first!.samples.map(([at, value], index): Sample => [at, index === 3 ? value + 1e-9 : value]);
  failsOnly(judged({ change: { answered: [{ ...first!, samples: wrong }, ...others] } }), /^the answer is whole/);
});
test('a sample with one copy alone fails', () => {
  const stored = source(5, since + 200);
  const alone = without(stored, (at) => at === since + 50.25);
  failsOnly(judged({ nodes: { 'receive-2': { alone }, 'receive-3': { alone } } }), /^each sample is in two/);
  failsOnly(
    judged({ ...killed, nodes: { 'receive-3': { alone: without(stored, (at) => at === since + 100.25) } } }),
    /^writes go on/,
  );
});
test('a second copy that is still to come is waited for', () => {
  const alone = without(source(5, since + 200), (at) => at > since + 190);
  waits(judged({ nodes: { 'receive-2': { alone }, 'receive-3': { alone } } }), 5, /^the second copy of each sample$/);
  waits(judged({ ...killed, nodes: { 'receive-3': { alone } } }), 5, /^the second copy of each sample$/);
});
test('of an absence in which nothing surely was scraped no gap is expected', () => {
  // Missed from 65 to 75.01: a gap surely from 65 to 65.01, where there is no sample.
  const node = nodeNames[1];
  const absences = [
    { lastSeen: since + 60, firstMissed: since + 65, lastMissed: since + 75.01, seenAgain: since + 80 },
  ];
  const verdict = judged({ nodes: { [node]: { absences } } });
  holds(verdict);
  assert.ok(!said(verdict).some((text) => text.startsWith(node)));
});
test('a write that counts without a quorum fails', () => {
  const sentUpTo = every(5, since + 110.9, [since + 106, since + 111, since + 116]);
  failsOnly(judged({ ...both, reported: { sentUpTo } }), /^with receive-3 down as well, writes wait/);
});
test('samples that were given up fail', () => {
  failsOnly(judged({ ...both, reported: { refused: [[since + 50, 621]] } }), /^nothing fails/);
});
test('a gap that was filled, and a receiver that gets nothing once it is back, fail', () => {
  const stored = source(5, since + 250);
  failsOnly(judged({ ...back, nodes: { 'receive-2': { alone: stored } } }), /^receive-2 has a gap/);
  const alone = without(stored, (at) => at > since + 62);
  failsOnly(
    judged({
      ...back,
      seconds: 400,
      nodes: { 'receive-2': { alone: without(source(5, since + 400), (at) => at > since + 62) } },
    }),
    /^receive-2 has a gap .* gets nothing$/,
  );
  waits(
    judged({ ...back, nodes: { 'receive-2': { alone } } }),
    25,
    /receive-2, seen again at 08:02:50, to get its first write/,
  );
  // After a long absence the next try may be two minutes away.
  const long = { first: { from: 62, to: 460 }, second: { from: 102, to: 140 }, seconds: 600 };
  const silent = { 'receive-2': { alone: without(source(5, since + 600), (at) => at > since + 62) } };
  waits(judged({ ...long, nodes: silent }), 19, /receive-2, seen again at 08:07:50, to get its first write/);
  failsOnly(judged({ ...long, seconds: 620, nodes: { 'receive-2': { alone: [] } } }), /^receive-2 .* gets nothing$/);
});
test('the one that left second and lacks a sample fails', () => {
  const alone = without(source(5, since + 250), (at) => at === since + 120.25);
  failsOnly(judged({ ...back, nodes: { 'receive-3': { alone } } }), /^receive-3, down for 35 s/);
});

test('it waits for scrapes that show it, and for what was sent', () => {
  waits(judged({ seconds: 4 }), 6, /two scrapes, and/);
  waits(judged({ first: { from: 192 } }), 5, /two scrapes since then/);
  waits(
    judged({ ...killed, nodes: { 'receive-2': { answers: true } } }),
    11,
    /a scrape of receive-2, which is up again/,
  );
  waits(judged({ nodes: { 'receive-2': { answers: false } } }), 11, /a scrape of receive-2, which is down/);
  waits(judged({ change: { answered: undefined } }), 5, /the querier to know who is down/);
  waits(judged({ ...killed, nodes: { 'receive-3': { alone: undefined } } }), 5, /the querier to know who is down/);
  waits(judged({ ...both, second: { from: 207 } }), 11, /two scrapes without a quorum/);
  const answered = without(source(5, since + 250), (at) => at > since + 110 && at < since + 140);
  waits(judged({ ...back, seconds: 180, change: { answered } }), 15, /the receivers to catch up/);
});
test('without the first receiver, or the querier, there is nothing to measure', () => {
  const absences = [{ lastSeen: since + 50, firstMissed: since + 55, lastMissed: since + 210 }];
  sendsTo(judged({ nodes: { 'receive-1': { answers: false, absences } } }), 'make start SERVICE=receive-1');
  sendsTo(judged({ change: { answered: undefined, isThere: false } }), 'make start SERVICE=query');
  sendsTo(judged({ change: { lab: labOf({ thanos: ['receive-1'] }) } }));
  sendsTo(judged({ change: { lab: labOf({ thanos: ['receive-1'], remoteWriteUrl: url, exporter: undefined }) } }));
  const notScrapedYet = { lab: labOf({ thanos: ['store'], remoteWriteUrl: url }) };
  waits(judged({ change: notScrapedYet }), 16, /^Prometheus to scrape the receivers$/);
  sendsTo(judged({ change: notScrapedYet, nodes: { 'receive-1': { answers: false } } }));
});
test('what was measured says which manual steps come next', () => {
  const alone = { first: { from: 62, to: 160 }, seconds: 250 };
  const phases = [{}, killed, both, back, alone].map((each) => {
    const judgement = judged(each);
    return judgement.kind === 'measured' && judgement.phase;
  });
  // One that was away alone is back: two are still to be killed.
  assert.deepEqual(phases, [0, 1, 2, 3, 0]);
});
