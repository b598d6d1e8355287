import { asked, restarted, seriesOf, uneven } from '../../lab/judging/scenario.ts';
import type { Exercise, World, WorldSeries } from '../../lab/model/exercise.ts';
import { latency as histogram, requests } from '../../lab/model/metrics.ts';
import { buckets, errors, questions, routed } from './findings.ts';
import { fastShare, p95, ratio, whereBothAreStored, window, windowSeconds } from './pooled.ts';

const { averageP95, pooledP95, averageRatio, pooledRatio, ratios } = questions;
const edge = 'le="0.5"';
const all = `sum(rate(${histogram}_count[${window}]))`;
const fast = `sum(rate(${buckets}{${edge}}[${window}]))`;
const fastOfEach = `rate(${buckets}{${edge}}[${window}]) / ignoring (le) rate(${histogram}_count[${window}])`;

/**
 * Two instances of which other shares of the requests are slow and fail than in this lab, and other ones before the
 * window; the first one restarted in it.
 */
const otherShares: World = {
  where: 'where other requests are slow than those that fail, and the first instance restarted in the window',
  series: [1, 2].flatMap((instance): WorldSeries[] => {
    // Of the first, with 60 a second, 6 take 0.3 s and 3 fail; of the second 30 % are slow, and 20 % fail.
    const rate = (first: number, share: number) =>
      instance === 1 ? restarted(windowSeconds, first) : uneven(windowSeconds, 200 * share);
    const of = (name: string, first: number, share: number, labels: Readonly<Record<string, string>> = {}) =>
      seriesOf(name, rate(first, share), labels, instance);
    return [
      of(buckets, 54, 0, { le: '0.025' }),
      of(buckets, 60, 0.7, { le: '0.5' }),
      of(buckets, 60, 1, { le: '1.0' }),
      of(buckets, 60, 1, { le: '+Inf' }),
      of(`${histogram}_count`, 60, 1),
      of(requests, 60, 1),
      of(errors, 3, 0.2, { code: '500' }),
      of('errors_zeroed_total', 3, 0.2, { code: '500' }),
      of(routed, 3, 0.2, { route: 'light', code: '500' }),
      of(routed, 57, 0.8, { route: 'light', code: '200' }),
    ];
  }),
  at: [asked],
  tolerance: 0.02,
};

export const exercises: readonly Exercise[] = [
  {
    task: 'Within how many seconds were 95 of 100 requests answered, of all at both instances in the last half minute, as far as the histograms show? One number.',
    start: averageP95(window),
    hints: [
      'A percentile cannot be averaged: it does not know how many requests stand behind it.',
      'Buckets are counters, and counters may be added up.',
      'Add up the buckets of both instances, and keep the label that distinguishes them: `sum by (le)`.',
    ],
    answer: pooledP95(window),
    why: 'Buckets add up, percentiles do not: first the sum by `le`, then the percentile.',
    mistakes: [
      {
        query: averageP95(window),
        why: 'the average of two percentiles gives a tenth of the requests as much weight as all the others',
      },
      {
        query: `max(histogram_quantile(0.95, rate(${buckets}[${window}])))`,
        why: 'this is the percentile of the slow instance alone',
      },
      {
        query: `quantile(0.95, histogram_quantile(0.95, rate(${buckets}[${window}])))`,
        why: 'this is a percentile of two percentiles, each of which counts as one value',
      },
      {
        query: `histogram_quantile(0.95, rate(${buckets}[${window}]))`,
        why: 'this is a percentile for each instance: add up their buckets first',
      },
      {
        query: `histogram_quantile(0.95, sum(rate(${buckets}[${window}])))`,
        why: 'a sum without `by (le)` drops the bucket boundaries, and no count belongs to a bucket any more',
      },
      {
        query: `histogram_quantile(0.95, sum by (le) (${buckets}))`,
        why: 'this is of all requests since the start: take the rate of each bucket first',
      },
      {
        query: `histogram_quantile(95, sum by (le) (rate(${buckets}[${window}])))`,
        why: 'a quantile goes from 0 to 1: 95 of 100 is 0.95',
      },
      {
        query: `histogram_quantile(0.95, sum by (le) (delta(${buckets}[${window}])))`,
        why: '`delta()` is for gauges: it does not correct for counter resets',
      },
    ],
    alsoRight: [
      `histogram_quantile(0.95, sum by (le) (increase(${buckets}[${window}])))`,
      `histogram_quantile(0.95, sum without (instance) (rate(${buckets}{job="my_app"}[${window}])))`,
      `histogram_quantile(0.95, sum by (le, job) (rate(${buckets}[${window}])))`,
      `histogram_quantile(0.95, avg by (le) (rate(${buckets}[${window}])))`,
    ],
    alsoWrong: [
      `histogram_quantile(0.9, sum by (le) (rate(${buckets}[${window}])))`,
      `histogram_quantile(0.99, sum by (le) (rate(${buckets}[${window}])))`,
      `histogram_quantile(0.95, max by (le) (rate(${buckets}[${window}])))`,
      `histogram_quantile(0.95, sum by (le) (rate(${buckets}[15s])))`,
      `histogram_quantile(0.95, sum by (le) (rate(${buckets}[1m])))`,
      `1000 * histogram_quantile(0.95, sum by (le) (rate(${buckets}[${window}])))`,
      `histogram_quantile(0.95, rate(${buckets}{instance="exporter:8001"}[${window}]))`,
      'vector(0.75)',
    ],
    worlds: [otherShares],
    slowestSeconds: 15,
    expected: whereBothAreStored([buckets], p95),
  },
  {
    task: 'How many percent of all requests failed, at both instances together in the last half minute? One number.',
    start: `100 * ${averageRatio(window)}`,
    hints: [
      'A ratio does not know how many requests stand behind it, so ratios cannot be averaged.',
      'Add up what failed, and add up what arrived.',
      'Divide last.',
    ],
    answer: `100 * ${pooledRatio(window)}`,
    why: 'Add up first, divide last: then each request counts once, wherever it arrived.',
    mistakes: [
      {
        query: `100 * ${averageRatio(window)}`,
        why: 'the average of two ratios makes as much of the small instance as of the large one, and does not notice how the traffic turns',
      },
      {
        query: `100 * sum(${ratios(window)})`,
        why: 'ratios do not add up: two halves of the requests are not two wholes',
      },
      { query: `100 * ${ratios(window)}`, why: 'this is a ratio for each instance' },
      { query: pooledRatio(window), why: 'this is the share, from 0 to 1: per cent are asked for' },
      {
        query: `100 * sum(${errors}) / sum(${requests})`,
        why: 'this is of all requests since the start: take the rates first',
      },
      {
        query: `100 * sum(rate(${routed}{code="500"}[${window}])) / sum(rate(${routed}{code="200"}[${window}]))`,
        why: 'this divides by the requests that went well: those that failed have arrived, too',
      },
      {
        query: `100 * rate(${errors}[${window}]) / rate(${requests}[${window}])`,
        why: 'only the errors have the label `code`, so no series of one side finds its like on the other',
      },
      {
        query: `100 * sum(delta(${errors}[${window}])) / sum(delta(${requests}[${window}]))`,
        why: '`delta()` is for gauges: it does not correct for counter resets',
      },
    ],
    alsoRight: [
      `sum(rate(${errors}[${window}])) / sum(rate(${requests}[${window}])) * 100`,
      `100 * sum(increase(errors_zeroed_total[${window}])) / sum(increase(${requests}[${window}]))`,
      `100 * sum(rate(${routed}{code="500"}[${window}])) / sum(rate(${routed}[${window}]))`,
      `100 * avg(rate(${errors}[${window}])) / avg(rate(${requests}[${window}]))`,
      `round(100 * sum(rate(${errors}[${window}])) / sum(rate(${requests}[${window}])))`,
    ],
    alsoWrong: [
      `100 * max(rate(${errors}[${window}])) / max(rate(${requests}[${window}]))`,
      `100 * sum(rate(${errors}[15s])) / sum(rate(${requests}[15s]))`,
      `100 * sum(rate(${errors}[1m])) / sum(rate(${requests}[1m]))`,
      `100 * sum(rate(${errors}[${window}])) / rate(${requests}{instance="exporter:8000"}[${window}])`,
      `100 * (1 - ${fast} / ${all})`,
    ],
    worlds: [otherShares],
    mayBeRounded: true,
    slowestSeconds: 15,
    expected: whereBothAreStored([errors, requests], (series, grown) => 100 * ratio(series, grown)),
  },
  {
    task: 'How many percent of all requests took longer than half a second, at both instances together in the last half minute? One number, and exact: the histogram has a bucket boundary there.',
    start: `100 * ${fast} / ${all}`,
    hints: [
      'The bucket with `le="0.5"` counts the requests that took half a second at most.',
      `\`${histogram}_count\` counts all of them.`,
      'Those that are not in the bucket up to 0.5 s took longer: 1 − the share in it.',
    ],
    answer: `100 * (1 - ${fast} / ${all})`,
    why: 'At a bucket boundary a histogram does not guess: put one at your objective, and count what is beyond it.',
    mistakes: [
      { query: `100 * ${fast} / ${all}`, why: '`le` means at most: this is the share of the fast ones' },
      {
        query: `100 * (1 - avg(${fastOfEach}))`,
        why: 'this is the average of two shares, each of which counts as much as the other, whatever its traffic is',
      },
      { query: `100 * (1 - ${fastOfEach})`, why: 'this is a share for each instance' },
      { query: `1 - ${fast} / ${all}`, why: 'this is the share, from 0 to 1: per cent are asked for' },
      { query: `${all} - ${fast}`, why: 'this is how many there are in a second: divide by all' },
      {
        query: `100 * sum(rate(${buckets}{le=~"1|1[.]0"}[${window}])) / ${all}`,
        why: 'buckets are cumulative, from 0 to their `le`: this is the share up to one second',
      },
      {
        query: `100 * (1 - sum(${buckets}{${edge}}) / sum(${histogram}_count))`,
        why: 'this is of all requests since the start: take the rates first',
      },
      {
        query: `100 * sum(rate(${errors}[${window}])) / sum(rate(${requests}[${window}]))`,
        why: 'this is the share that failed, not the share that took long',
      },
    ],
    alsoRight: [
      `100 - 100 * ${fast} / sum(rate(${buckets}{le="+Inf"}[${window}]))`,
      `100 * sum(rate(${histogram}_count[${window}]) - ignoring (le) rate(${buckets}{${edge}}[${window}])) / sum(rate(${histogram}_count[${window}]))`,
      `100 * (1 - sum(increase(${buckets}{${edge}}[${window}])) / sum(increase(${histogram}_count[${window}])))`,
      `round(100 * (1 - ${fast} / ${all}))`,
    ],
    alsoWrong: [
      `100 * avg(1 - rate(${buckets}{${edge}}[${window}]) / ignoring (le) rate(${histogram}_count[${window}]))`,
      `100 * sum(rate(${buckets}{le="1"}[${window}])) / ${all}`,
      `100 * sum(rate(${routed}{code="500"}[${window}])) / sum(rate(${routed}[${window}]))`,
      `100 * (1 - sum(delta(${buckets}{${edge}}[${window}])) / sum(delta(${histogram}_count[${window}])))`,
      `100 * (1 - sum(rate(${buckets}{${edge}}[15s])) / sum(rate(${histogram}_count[15s])))`,
      `100 * (1 - sum(rate(${buckets}{${edge}}[1m])) / sum(rate(${histogram}_count[1m])))`,
      `100 * (1 - sum(rate(${buckets}{le="0.25"}[${window}])) / ${all})`,
    ],
    worlds: [otherShares],
    mayBeRounded: true,
    slowestSeconds: 15,
    expected: whereBothAreStored([buckets], (series, grown) => 100 * (1 - fastShare(series, grown, 0.5))),
  },
];
