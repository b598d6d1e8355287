import { notScrapedYet, silentNow } from '../../lab/evidence/reachable.ts';
import { isSentTo } from '../../lab/evidence/remote-endpoint.ts';
import { waiting } from '../../lab/evidence/remote-write.ts';
import { exporterSince, untilScrapes } from '../../lab/evidence/samples.ts';
import { midpoints } from '../../lab/judging/instants.ts';
import { lasting, whereMeasured } from '../../lab/judging/measurement.ts';
import { seriesOf } from '../../lab/judging/scenario.ts';
import type { Exercise, Expected, World } from '../../lab/model/exercise.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { targetUp, thanosJob } from '../../lab/model/metrics.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { eachUp, entry, nodeNames, nodePort, noQuorum, receiversUp } from './nodes.ts';

/** How far back is read: two that were away earlier have to be killed again. */
const readSeconds = 900;

/** What is up of the receivers, in their order, and of all else. */
const upOf = (where: string, receivers: readonly number[], others: number): World => ({
  asks: 'alert',
  where,
  series: [
    ...nodeNames.map((instance, index) => seriesOf(targetUp, receivers[index]!, { job: thanosJob, instance })),
    ...['query', 'query-plain'].map((instance) => seriesOf(targetUp, others, { job: thanosJob, instance })),
    seriesOf(targetUp, others, { job: 'prometheus', instance: 'prometheus:9090' }),
    seriesOf(targetUp, others),
  ],
  at: [100],
});

const worlds: readonly World[] = [
  upOf('where the first two receivers are down', [0, 0, 1], 1),
  upOf('where the first and the last receiver are down', [0, 1, 0], 1),
  upOf('where all receivers are down', [0, 0, 0], 1),
  upOf('where the last receiver alone is down', [1, 1, 0], 1),
  upOf('where the first receiver alone is down', [0, 1, 1], 1),
  upOf('where one receiver and all other targets are down', [1, 0, 1], 0),
];

export const exercises: readonly Exercise[] = [
  {
    task: 'Write the alert for the time in which writes wait: an expression that is true while fewer than two of the three receivers answer, and only then.',
    start: eachUp,
    hints: [
      'Prometheus scrapes the receivers in the job `thanos`: `up` is 1 where one answers, and 0 where it does not.',
      'How many answer is the sum of these ones and zeros.',
      'An alert is true where its expression returns a series: a comparison drops what does not fulfil it.',
    ],
    answer: noQuorum,
    why: 'Two of three are a quorum: with one dead all is well, and this alert sleeps.',
    mistakes: [
      {
        query: `${eachUp} == 0`,
        why: 'this is true once one of them is down: writes still succeed, and nobody has to get up',
      },
      { query: `${receiversUp} < 3`, why: 'this is true once one of them is down: writes still succeed' },
      {
        query: `count(${eachUp}) < 2`,
        why: 'this counts the series of up, those that are 0 as well: it is never true',
      },
      { query: `absent(${eachUp})`, why: 'a receiver that is down is not absent: its up is there, and is 0' },
      { query: eachUp, why: 'this returns a series for each receiver that is known, whether it answers or not' },
      { query: `${waiting} > 0`, why: 'some samples wait at any time: a batch is sent after 5 s' },
    ],
    alsoRight: [
      `sum(${eachUp}) <= 1`,
      `count(${eachUp} == 0) >= 2`,
      `avg(${eachUp}) < 0.5`,
      `quantile(0.5, ${eachUp}) == 0`,
      `sum(up{instance=~"receive-[123]"}) < 2`,
    ],
    alsoWrong: [
      'up{instance="receive-3"} == 0',
      'up{instance="receive-2"} == 0',
      'up{instance="receive-2"} == 0 and ignoring (instance) up{instance="receive-3"} == 0',
      `count(${eachUp} == 1) < 2`,
      `sum(${eachUp}) == 1`,
      `sum(${eachUp}) < 1`,
      `sum(up{job="thanos"}) < 4`,
      'count(up == 0) >= 2',
    ],
    worlds,
    onlyLive: 'the services that the step brings',
    expected: async (read, lab) => {
      const window = Math.min(readSeconds, Math.max(1, lab.now - exporterSince(lab)));
      const instants = instantsOf(await read.samples(eachUp, window, lab.now), lab);
      const [two, one] = [2, 1].map((up) => instants.filter((each) => each.up === up));
      const silent = (await silentNow(read, nodeNames, nodePort)).length;
      return whereMeasured(state(instants.length, two!, one!, silent, lab), 'make exp-20', two!, one!);
    },
  },
];

type Instant = { at: number; fires: boolean; up: number } & Expected;

/** What keeps it from being judged. @param silent  how many receivers do not answer now */
const state = (all: number, two: readonly Instant[], one: readonly Instant[], silent: number, lab: Lab): Judgement => {
  if (!isSentTo(entry, lab)) {
    const answer = lab.remoteWriteUrl !== undefined && silent < nodeNames.length;
    return notScrapedYet('the receivers', answer, 'Prometheus sends nothing to three receivers', lab);
  }
  const next = (scrapes: number, reason: string): Judgement => ({
    kind: 'wait',
    seconds: untilScrapes(scrapes, undefined, lab),
    reason,
  });
  if (all === 0) return next(2, 'two scrapes of the three receivers');
  const [spare, last] = nodeNames.slice(1);
  if (two.length === 0) {
    if (silent === 1) return next(2, 'two scrapes of a receiver that is down');
    if (silent > 1) {
      return {
        kind: 'elsewhere',
        reason: 'no receiver has been down on its own yet',
        type: `make start SERVICE=${last}`,
      };
    }
    return { kind: 'elsewhere', reason: 'no receiver was down', type: `make kill SERVICE=${spare}` };
  }
  if (one.length > 0) return lasting(lab, two, one);
  if (silent > 1) return next(2, 'two scrapes of the second receiver that is down');
  return {
    kind: 'elsewhere',
    reason: 'two receivers have never been down together',
    type: `make kill SERVICE=${last}`,
  };
};

/** Half-way between two scrapes of the first, where each has one just before and another just after with the same up. */
const instantsOf = (stored: readonly Series[], lab: Lab): Instant[] => {
  const lines = nodeNames.map((name) => stored.find(({ labels }) => labels.instance === name)?.samples ?? []);
  const upAt = (samples: readonly Sample[], at: number): number => {
    const before = samples.findLast(([time]) => time <= at && time > at - 2 * lab.scrapeSeconds)?.[1];
    const after = samples.find(([time]) => time > at && time < at + 2 * lab.scrapeSeconds)?.[1];
    return before !== undefined && before === after ? before : Number.NaN;
  };
  return midpoints(lines[0]!, 2 * lab.scrapeSeconds).flatMap(({ at }) => {
    const up = lines.reduce((sum, samples) => sum + upAt(samples, at), 0);
    return Number.isNaN(up) ? [] : [{ at, up, fires: up < 2 }];
  });
};
