import type { Exercise } from '../../lab/model/exercise.ts';
import { latency as histogram, requests } from '../../lab/model/metrics.ts';
import { buckets, errors, questions, routed } from './findings.ts';
import { fastShare, p95, ratio, whereBothTell, window } from './pooled.ts';

const { averageP95, pooledP95, averageRatio, pooledRatio, ratios } = questions;
const edge = 'le="0.5"';
const all = `sum(rate(${histogram}_count[${window}]))`;
const fast = `sum(rate(${buckets}{${edge}}[${window}]))`;
const fastOfEach = `rate(${buckets}{${edge}}[${window}]) / ignoring (le) rate(${histogram}_count[${window}])`;

export const exercises: readonly Exercise[] = [
  {
    task: 'Within how many seconds were 95 of 100 requests answered, of all at both instances in the last half minute, as far as the histograms can tell? One number.',
    start: averageP95(window),
    hints: [
      'A percentile cannot be averaged: it does not know how many requests stand behind it.',
      'Buckets are counters, and counters may be added up.',
      'Add up the buckets of both instances, and keep the label that tells them apart: `sum by (le)`.',
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
        why: 'a sum without `by (le)` loses the edges, and nobody knows any more which count belongs to which',
      },
      {
        query: `histogram_quantile(0.95, sum by (le) (${buckets}))`,
        why: 'this is of all requests since the start: take the rate of each bucket first',
      },
      {
        query: `histogram_quantile(95, sum by (le) (rate(${buckets}[${window}])))`,
        why: 'a quantile goes from 0 to 1: 95 of 100 is 0.95',
      },
    ],
    expected: whereBothTell([buckets], p95),
  },
  {
    task: 'How many per cent of all requests failed, at both instances together in the last half minute? One number.',
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
    ],
    expected: whereBothTell([errors, requests], (series, grown) => 100 * ratio(series, grown)),
  },
  {
    task: 'How many per cent of all requests took longer than half a second, at both instances together in the last half minute? One number, and exact: the histogram has an edge there.',
    start: `100 * ${fast} / ${all}`,
    hints: [
      'The bucket with `le="0.5"` counts the requests that took half a second at most.',
      `\`${histogram}_count\` counts all of them.`,
      'Those that are not within the edge took longer: 1 − the share within it.',
    ],
    answer: `100 * (1 - ${fast} / ${all})`,
    why: 'At an edge a histogram does not guess: put one where your promise is, and count what is beyond it.',
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
        query: `100 * sum(rate(${buckets}{le="1"}[${window}])) / ${all}`,
        why: 'a bucket holds all that is below its edge, not only what lies between two edges: this is the share up to one second',
      },
      {
        query: `100 * (1 - sum(${buckets}{${edge}}) / sum(${histogram}_count))`,
        why: 'this is of all requests since the start: take the rates first',
      },
    ],
    expected: whereBothTell([buckets], (series, grown) => 100 * (1 - fastShare(series, grown, 0.5))),
  },
];
