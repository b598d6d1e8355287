import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

import { isJudgement } from '../../lab/evidence/happening.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { hashmod } from '../../lab/promql/hashmod.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { apiOver, away, labelled, says } from '../../lab/simulator/backend.ts';
import type { StoredSeries } from '../../lab/simulator/store.ts';
import { intervals, type Seen, settleIn } from '../../test/lessons/settle.ts';
import { fleetAfter, fleetStart as start } from '../../test/lessons/simulated.ts';
import { failsOnly, holds, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { shards } from './union.ts';
import { check, type Measured, measure, verdict } from './verdict.ts';

/** What is wrong with the lab, if anything. */
type State = {
  sameNumber?: boolean;
  dead?: 'shard-a' | 'shard-b';
  plainWarns?: boolean;
  isStopped?: 'query' | 'query-plain' | 'shards';
};

/** A fleet of twelve, and two Prometheus with scrape phases of their own, each of which keeps its part. */
const labOf = async (scrapeSeconds: number, shift: number) => {
  const seconds = Math.max(120, 7 * scrapeSeconds);
  const [one, other] = await Promise.all(
    [shift, shift + 0.29].map((from) => fleetAfter(seconds, { environment: { INSTANCES: '12' } }, scrapeSeconds, from)),
  );
  const storedOf = (number: number, now: number): StoredSeries[] =>
    [one!, other!][number]!.storedAt(now).filter(({ labels }) => hashmod(labels.instance ?? '', 2) === number);
  const readAt = (now: number, state: State = {}): Seen['read'] => {
    const services = shards.map(({ service, number }) => ({
      service,
      number,
      stored: storedOf(state.sameNumber ? 0 : number, now),
    }));
    const alive = services.filter(({ service }) => service !== state.dead);
    const whole = alive.flatMap(({ number, stored }) => labelled(stored, { shard: `${number}` }));
    const querier = (warns: boolean) =>
      apiOver(whole, ({ partial_response }) =>
        warns && partial_response === 'false' ? says(422) : says(200, warns ? 1 : 0),
      );
    return {
      ...one!.readAt(now),
      at: (address) => {
        const [name] = address.split(':') as [string];
        if (name === state.isStopped) return away;
        if (name === 'query') return querier(state.dead !== undefined);
        if (name === 'query-plain') return querier(state.plainWarns ?? false);
        if (state.isStopped === 'shards') return away;
        const shard = alive.find(({ service }) => service === name);
        return shard ? apiOver(shard.stored) : away;
      },
    };
  };
  const settled = async (state: State = {}) => {
    const seen = { labAt: one!.labAt, readAt: (now: number) => readAt(now, state) };
    return (await settleIn(check, seen, start + 3, start + seconds)).verdict;
  };
  return { labAt: one!.labAt, readAt, settled };
};

for (const interval of intervals) {
  test(`scraped every ${interval} s both states hold`, async () => {
    const { settled } = await labOf(interval, interval % 2 === 0 ? 0.004 : 0.41);
    holds(await settled());
    for (const dead of ['shard-a', 'shard-b'] as const) holds(await settled({ dead }));
  });
}

test('two shards with the same number: who is missing is named, and not waited for', async () => {
  const { settled } = await labOf(5, 0.41);
  const verdict = await settled({ sameNumber: true });
  const split =
    verdict.kind === 'measured' && verdict.findings.find((each) => 'claim' in each && /^the MD5/.test(each.claim));
  assert.ok(split && 'claim' in split && !split.holds);
  assert.match(split.expected, /shard-b: exporter:8000/);
  assert.match(split.measured, /^shard-a: exporter:8001, .*, shard-b: exporter:8001, /);
});

/** What was measured a while after the start. */
const lab = await labOf(5, 0.41);
const measured = async (state: State = {}): Promise<Measured> => {
  const found = await measure(lab.readAt(start + 90, state), lab.labAt(start + 90));
  assert.ok(!isJudgement(found));
  return found;
};
const whole = await measured();
const part = await measured({ dead: 'shard-b' });
const judged = (change: Partial<Measured>): Judgement => verdict({ ...whole, ...change });
const judgedPart = (change: Partial<Measured>): Judgement => verdict({ ...part, ...change });

test('it says which part is whose, and what the whole is', () => {
  const [truth, split, union, sum, alone, luck] = said(verdict(whole));
  assert.match(truth!, /^what happened, and what was stored: .*, 12 instances counted \d+ requests \(truth: \d+/);
  assert.match(split!, /5 are shard-a’s and 7 are shard-b’s\. .*: together all 12 instances, and none twice$/);
  assert.match(union!, /raw samples are those of shard-a and shard-b, every one: 72 samples in 12 series$/);
  assert.match(sum!, /^the whole fleet gets [\d.]+\/s: [\d.]+\/s of shard-a \+ [\d.]+\/s of shard-b, computed by hand/);
  assert.match(alone!, /^asked alone, shard-a says .* and shard-b says .*, and neither says that it is a part; one /);
  assert.match(luck!, /these names split 5 : 7, and exporter-1:8000 … exporter-12:8000 would split 1 : 11$/);
});

test('it says who misses what, once a shard is dead', () => {
  const [truth, warning, silence, loss] = said(verdict(part));
  assert.match(truth!, /5 instances counted/);
  assert.match(warning!, /^the strict querier says that something is missing: 1 warning with the answer, and 422/);
  assert.match(silence!, /^the plain querier says nothing: 200 and no warning/);
  assert.match(
    loss!,
    /^7 of 12 instances are missing from both answers, with \d+ of the \d+ requests that happened in 30 s/,
  );
});

/** The same series, with the first one's fourth sample changed or left out. */
const oneWrong = (series: readonly Series[], change: (sample: Sample) => Sample[]): Series[] =>
  series.map((each, index) => {
    if (index > 0) return each;
    return { ...each, samples: each.samples.flatMap((sample, place) => (place === 3 ? change(sample) : [sample])) };
  });

test('a sample that the querier changes, loses or makes up fails', () => {
  const withSeries = (series: Series[]) => judged({ strict: { ...whole.strict, series } });
  const { series } = whole.strict;
  failsOnly(withSeries(oneWrong(series, ([at, value]) => [[at, value + 1]])), /^the querier’s raw samples/);
  failsOnly(withSeries(oneWrong(series, () => [])), /^the querier’s raw samples/);
  failsOnly(withSeries([...series, series[0]!]), /^the querier’s raw samples/);
});
test('a sum that is not that of both shards fails', () => {
  failsOnly(judged({ strict: { ...whole.strict, sum: whole.strict.sum! + 1e-6 } }), /^the whole fleet gets/);
  failsOnly(judged({ strict: { ...whole.strict, sum: undefined } }), /^the whole fleet gets/);
});
test('an instance that the other shard has stored fails', () => {
  const [a, b] = whole.answering as [Measured['answering'][0], Measured['answering'][0]];
  const [moved, ...rest] = b.series;
  const answering = [
    { ...a, series: [...a.series, moved!] },
    { ...b, series: rest },
  ];
  const shard = (each: Series) => (each.labels.instance === moved!.labels.instance ? '0' : each.labels.shard!);
  const series = whole.strict.series.map((each) => ({ ...each, labels: { ...each.labels, shard: shard(each) } }));
  failsOnly(judged({ answering, strict: { ...whole.strict, series } }), /^the MD5 of each instance/);
});
test('counters that are not what happened fail', () => {
  const members = whole.members.map((each, index) =>
    index > 0
      ? each
      : { ...each, requests: each.requests.map(([at, value], place): Sample => [at, value + 50 * place]) },
  );
  failsOnly(judged({ members }), /^what happened, and what was stored/);
});

test('a strict querier that does not warn, and a plain one that does what it cannot, fail', () => {
  failsOnly(judgedPart({ strict: { ...part.strict, codeWhenWhole: 200 } }), /^the strict querier/);
  failsOnly(judgedPart({ plain: { ...part.plain, codeWhenWhole: 422 } }), /^the plain querier/);
});
test('an answer that is not the part of the shard that is left fails', () => {
  failsOnly(judgedPart({ plain: { ...part.plain, sum: part.plain.sum! + 1e-6 } }), /^7 of 12 instances/);
  failsOnly(judgedPart({ plain: { ...part.plain, series: whole.plain.series } }), /^7 of 12 instances/);
  failsOnly(judgedPart({ strict: { ...part.strict, series: part.strict.series.slice(1) } }), /^7 of 12 instances/);
});

test('it waits for what is still to come', async () => {
  waits(judged({ isSettled: false }), 1, /^a scrape that is being stored$/);
  const young = whole.members.filter(({ instance }) => instance !== 'exporter:8003');
  // 5 s until it is discovered, 5 s until it is scraped, one until that is stored, and the window.
  waits(judged({ members: young }), 41, /^30 s of samples of each instance$/);
  const late = whole.members.map((each) => ({ ...each, requests: each.requests.slice(3) }));
  // The first samples of the window are up to 5 s old; three scrapes later, and less the 7.5 s that are no gap.
  waits(judged({ members: late }), 13, /^30 s of samples of each instance$/);
  waits(judged({ strict: { ...whole.strict, warnings: 1 } }), 5, /^the queriers to see both sidecars$/);
  waits(judged({ plain: { ...whole.plain, series: [] } }), 5, /^the queriers to see both sidecars$/);
  const silent = { ...whole.lab, exporter: undefined };
  waits(await check(lab.readAt(start + 90), silent), 2, /^the exporter to answer$/);
  waits(judgedPart({ strict: { ...part.strict, warnings: 0 } }), 2, /^the strict querier to miss shard-b$/);
  waits(judgedPart({ plain: { ...part.plain, warnings: 1 } }), 10, /^the plain querier to give sidecar-b up/);
});
test('a lab without shards is sent to exp-17, and a querier that is away is to be started', async () => {
  sendsTo(await lab.settled({ isStopped: 'shards' }));
  sendsTo(await lab.settled({ isStopped: 'query' }), 'make start SERVICE=query');
  sendsTo(await lab.settled({ isStopped: 'query-plain' }), 'make start SERVICE=query-plain');
});

test('the shards are named and numbered as compose.yaml has them', () => {
  const { services } = parse(readFileSync(new URL('compose.yaml', import.meta.url), 'utf8'));
  for (const { service, sidecar, number } of shards) {
    assert.equal(services[service].environment.SHARD, `${number}/${shards.length}`);
    assert.ok(services[sidecar].command.includes(`--prometheus.url=http://${service}:9090`));
    assert.ok(services.query.command.includes(`--endpoint-strict=${sidecar}:10901`));
    assert.ok(services['query-plain'].command.includes(`--endpoint=${sidecar}:10901`));
  }
});
