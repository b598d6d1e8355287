import { notScrapedYet, silentNow } from '../../lab/evidence/reachable.ts';
import { exporterSince, mean, values } from '../../lab/evidence/samples.ts';
import { midpoints } from '../../lab/judging/instants.ts';
import { lasting, whereMeasured } from '../../lab/judging/measurement.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import { steps } from '../../lab/judging/world.ts';
import type { Exercise, Expected, Range, World } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { targetUp, thanosJob } from '../../lab/model/metrics.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { replicas } from './pair.ts';
import { areHere, replicasUp } from './services.ts';

const windowSeconds = 30;
const readSeconds = 900;

/** Of the last half minute the first answered 10 s, of its younger half 5 s; the second was down a minute ago. */
const otherReplica: World = {
  asks: { each: 'instance' },
  where: 'where the other replica was frozen',
  series: [
    seriesOf(targetUp, steps([0, 1], [275, 0], [295, 1]), { job: thanosJob, instance: 'replica-a' }),
    seriesOf(targetUp, steps([0, 0], [200, 1], [245, 0], [260, 1]), { job: thanosJob, instance: 'replica-b' }),
    seriesOf(targetUp, 1, { job: thanosJob, instance: 'query' }),
    seriesOf(targetUp, 1),
  ],
  at: [300],
  tolerance: 0.05,
};

export const exercises: readonly Exercise[] = [
  {
    task: 'In how many percent of the scrapes of the last 30 s did each replica answer? One number for each.',
    start: replicasUp,
    hints: [
      '`up` is 1 where a target has answered and 0 where it has not.',
      'The average over time of something that is 0 or 1 is the share of the time in which it was 1.',
      'avg_over_time( … [30s]), times 100.',
    ],
    answer: `100 * avg_over_time(${replicasUp}[30s])`,
    why: 'Each replica has its own gaps: neither figure alone says what the pair has.',
    mistakes: [
      { query: `100 * ${replicasUp}`, why: 'this is whether each answers now' },
      { query: `avg_over_time(${replicasUp}[30s])`, why: 'this is a share, from 0 to 1, and percent are asked for' },
      {
        query: `100 * avg(avg_over_time(${replicasUp}[30s]))`,
        why: 'this is the mean of both: a pair with one dead replica looks half dead, and answers',
      },
      {
        query: `100 * max_over_time(${replicasUp}[30s])`,
        why: 'this is whether each has answered at all in that time',
      },
    ],
    alsoRight: [
      `avg_over_time(${replicasUp}[30s]) * 100`,
      `100 * sum_over_time(${replicasUp}[30s]) / count_over_time(${replicasUp}[30s])`,
      `100 * avg by (instance) (avg_over_time(up{job="thanos",instance=~"replica-.+"}[30s]))`,
    ],
    alsoWrong: [
      `100 * avg_over_time(${replicasUp}[15s])`,
      `100 * avg_over_time(${replicasUp}[1m])`,
      `100 * avg_over_time(${replicasUp}[5m])`,
      `100 * avg_over_time(up{job="thanos"}[30s])`,
      `100 * avg_over_time(up{instance="replica-b"}[30s])`,
      `100 * min_over_time(${replicasUp}[30s])`,
      `100 * quantile_over_time(0.5, ${replicasUp}[30s])`,
    ],
    worlds: [otherReplica],
    mayBeRounded: true,
    onlyLive: 'the services that the step brings',
    expected: async (read, lab) => {
      const names = replicas.map(({ service }) => service);
      const silent = await silentNow(read, names, 9090);
      const seconds = Math.min(readSeconds, Math.max(1, lab.now - exporterSince(lab)));
      const instants = instantsOf(await read.samples(replicasUp, seconds, lab.now), lab, lab.now - seconds);
      const isWell = (each: Expected) => 'each' in each && Object.values(each.each).every(([low]) => low === 100);
      const [well, not] = [instants.filter(isWell), instants.filter((each) => !isWell(each))];
      return whereMeasured(state(instants, well, not, silent, lab), 'make exp-18', well, not);
    },
  },
];

/** What keeps it from being judged. @param silent  the replicas that do not answer now */
const state = (
  instants: readonly Expected[],
  well: readonly Expected[],
  not: readonly Expected[],
  silent: readonly string[],
  lab: Lab,
): Judgement => {
  if (!areHere(lab))
    return notScrapedYet('the replicas', silent.length < replicas.length, 'there are no replicas', lab);
  const { scrapeSeconds } = lab;
  if (scrapeSeconds > windowSeconds / 3) {
    const reason = `${windowSeconds} s hold too few scrapes at one every ${scrapeSeconds} s`;
    return { kind: 'elsewhere', reason, type: 'make exp-18 SCRAPE_INTERVAL=5s' };
  }
  if (instants.length === 0)
    return { kind: 'wait', seconds: windowSeconds, reason: `${windowSeconds} s of samples of both replicas` };
  const [away] = silent;
  if (well.length === 0 && away !== undefined)
    return { kind: 'elsewhere', reason: `${away} has been down all the time`, type: `make thaw SERVICE=${away}` };
  if (well.length === 0)
    return { kind: 'wait', seconds: windowSeconds, reason: 'both replicas to answer all the time' };
  if (not.length > 0) return lasting(lab, well, not);
  if (away !== undefined)
    return { kind: 'wait', seconds: 2 * scrapeSeconds, reason: 'the scrapes of a replica that is down' };
  return {
    kind: 'elsewhere',
    reason: 'both replicas have answered all the time',
    type: 'make freeze SERVICE=replica-b',
  };
};

/** Half-way between two scrapes of the first replica, where a whole window of both is stored. */
const instantsOf = (stored: readonly Series[], lab: Lab, from: number): Expected[] => {
  const lines = replicas.map(({ service }) => ({
    service,
    samples: stored.find(({ labels }) => labels.instance === service)?.samples ?? [],
  }));
  return midpoints(lines[0]!.samples, 2 * lab.scrapeSeconds).flatMap(({ at }): Expected[] => {
    const windows = lines.map(({ service, samples }) => ({ service, inside: inWindow(samples, at, windowSeconds) }));
    const isWhole = ({ inside }: (typeof windows)[0]) =>
      inside.length > 0 && inside[0]![0] < at - windowSeconds + 2 * lab.scrapeSeconds;
    if (at - windowSeconds < from || !windows.every(isWhole)) return [];
    const share = (inside: (typeof windows)[0]['inside']): Range => {
      const percent = 100 * mean(values(inside));
      return [percent, percent];
    };
    return [
      {
        at,
        label: 'instance',
        each: Object.fromEntries(windows.map(({ service, inside }) => [service, share(inside)])),
      },
    ];
  });
};
