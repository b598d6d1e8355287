import { notScrapedYet, silentNow } from '../../lab/evidence/reachable.ts';
import { exporterSince } from '../../lab/evidence/samples.ts';
import { midpoints } from '../../lab/judging/instants.ts';
import { lasting, whereMeasured } from '../../lab/judging/measurement.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { targetUp, thanosJob } from '../../lab/model/metrics.ts';
import { instancesKnown, upOfFleet } from '../../lab/model/sources.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { anyShardDown, areHere, shardsUp } from './services.ts';
import { shards } from './union.ts';

/** How far back is read: a shard that died earlier has to be killed again. */
const readSeconds = 900;

/** What is up of the shards, of the other Thanos services, of the fleet, and of Prometheus itself. */
const upOf = (where: string, shardA: number | string, shardB: number | string, others: number | string): World => ({
  asks: 'alert',
  where,
  series: [
    seriesOf(targetUp, shardA, { job: thanosJob, instance: 'shard-a' }),
    seriesOf(targetUp, shardB, { job: thanosJob, instance: 'shard-b' }),
    seriesOf(targetUp, others, { job: thanosJob, instance: 'query' }),
    seriesOf(targetUp, others, { job: 'prometheus', instance: 'prometheus:9090' }),
    ...[1, 2, 3].map((instance) => seriesOf(targetUp, instance === 2 ? others : 1, {}, instance)),
  ],
  at: [100],
});

const worlds: readonly World[] = [
  upOf('where the first shard is down', 0, 1, 1),
  upOf('where the second shard is down', 1, 0, 1),
  upOf('where both shards are down', 0, 0, 1),
  upOf('where the shards are up, and other targets are down', 1, 1, 0),
  { ...upOf('where a shard was down and is up again', steps([0, 0], [150, 1]), 1, 1), at: [100, 200] },
];

export const exercises: readonly Exercise[] = [
  {
    task: 'Write the alert that no querier sends: an expression that is true while one of the shards does not answer, and only then.',
    start: shardsUp,
    hints: [
      'Prometheus writes `up` for each target of each of its jobs, and the shards are targets themselves: job="thanos".',
      'An alert is true where its expression returns a series: a comparison drops what does not fulfil it.',
      'up is 0 where a target did not answer.',
    ],
    answer: anyShardDown,
    why: 'The instances are up: it is the Prometheus that scrapes them that is down, and only another one can notice.',
    mistakes: [
      { query: shardsUp, why: 'this returns a series for each shard that is known, whether it answers or not' },
      {
        query: `${upOfFleet} == 0`,
        why: 'the instances are up: it is the Prometheus that scrapes them that is down',
      },
      {
        query: `absent(${shardsUp})`,
        why: 'a shard that is down is not absent: up is there, and says 0',
      },
      { query: `${instancesKnown} < 12`, why: 'this Prometheus still scrapes all twelve: it does not miss them' },
    ],
    alsoRight: [
      `up{job="thanos",instance=~"shard-[ab]"} < 1`,
      `min(${shardsUp}) == 0`,
      `sum(${shardsUp}) < 2`,
      `count(${shardsUp} == 0) > 0`,
      `up{instance="shard-a"} == 0 or up{instance="shard-b"} == 0`,
      `${shardsUp} unless ${shardsUp} == 1`,
    ],
    alsoWrong: [
      'up == 0',
      'up{job="thanos"} == 0',
      'up{instance="shard-a"} == 0',
      'up{instance="shard-b"} == 0',
      `sum(${shardsUp}) == 1`,
      `sum(${shardsUp}) < 1`,
      `max(${shardsUp}) == 0`,
      `min_over_time(${shardsUp}[5m]) == 0`,
      `${shardsUp} == bool 0`,
      `${shardsUp} == 1`,
    ],
    worlds,
    onlyLive: 'the services that the step brings',
    expected: async (read, lab) => {
      const names = shards.map(({ service }) => service);
      const silent = await silentNow(read, names, 9090);
      const seconds = Math.min(readSeconds, Math.max(1, lab.now - exporterSince(lab)));
      const stored = await read.samples(shardsUp, seconds, lab.now);
      const instants = instantsOf(stored, lab);
      const [up, down] = [false, true].map((fires) =>
        instants.filter((each) => 'fires' in each && each.fires === fires),
      );
      return whereMeasured(state(up!, down!, silent, lab), 'make exp-17', up!, down!);
    },
  },
];

/** What keeps it from being judged. @param silent  the shards that do not answer now */
const state = (up: readonly Expected[], down: readonly Expected[], silent: readonly string[], lab: Lab): Judgement => {
  if (!areHere(lab)) return notScrapedYet('the shards', silent.length < shards.length, 'there are no shards', lab);
  const [away] = silent;
  if (up.length === 0 && down.length > 0 && away !== undefined)
    return { kind: 'elsewhere', reason: `${away} has been down all the time`, type: `make start SERVICE=${away}` };
  if (up.length === 0) return { kind: 'wait', seconds: 15, reason: 'the shards to be scraped' };
  if (down.length > 0) return lasting(lab, up, down);
  if (away !== undefined)
    return { kind: 'wait', seconds: 2 * lab.scrapeSeconds, reason: 'two scrapes after a shard has died' };
  return { kind: 'elsewhere', reason: 'both shards have been there all the time', type: 'make kill SERVICE=shard-b' };
};

/** Half-way between two scrapes of a shard, where each of them has one near by. */
const instantsOf = (stored: readonly Series[], lab: Lab): Expected[] => {
  const lines = shards.map(({ service }) => stored.find(({ labels }) => labels.instance === service)?.samples ?? []);
  const valueAt = (samples: readonly Sample[], at: number) =>
    samples.findLast(([time]) => time <= at && time > at - 2 * lab.scrapeSeconds)?.[1];
  return midpoints(lines[0]!, 2 * lab.scrapeSeconds).flatMap(({ at }) => {
    const values = lines.map((samples) => valueAt(samples, at));
    return values.includes(undefined) ? [] : [{ at, fires: values.includes(0) }];
  });
};
