import { only } from '../../lab/evidence/samples.ts';
import { betweenSamples, fromStored, tooFewSamples } from '../../lab/judging/expectation.ts';
import { gapSeconds, midpoints } from '../../lab/judging/instants.ts';
import { meanRange, timestampRange } from '../../lab/judging/ranges.ts';
import { asked, seriesOf, unevenGauge } from '../../lab/judging/scenario.ts';
import type { Exercise } from '../../lab/model/exercise.ts';
import { cpu, job, scrapeDuration, startTime } from '../../lab/model/metrics.ts';

const duration = `${scrapeDuration}{job="${job}"}`;
const minute = 60;

/** Places between a sample and the next one, in turn, so that the ages differ. */
const shares = [0.1, 0.3, 0.5, 0.7, 0.9];

export const exercises: readonly Exercise[] = [
  {
    task: `How old is the newest sample of \`${cpu}\`, in seconds?`,
    start: cpu,
    hints: [
      'A value without its time does not say whether it is of now or of five minutes ago.',
      '`timestamp()` gives the time of a sample instead of its value.',
      '`time()` is the unix time of the instant at which the query is asked.',
    ],
    answer: `time() - timestamp(${cpu})`,
    why: 'An age that keeps growing is a metric that is no longer scraped, although a graph still shows its last value.',
    mistakes: [
      { query: `timestamp(${cpu})`, why: 'this is the unix time of the sample: its age is the difference to now' },
      {
        query: `time() - ${cpu}`,
        why: 'this takes the value, a percentage, from the time: `timestamp()` gives the time of a sample',
      },
      { query: `time() - ${startTime}{job="${job}"}`, why: 'this is how long the exporter has been running' },
      {
        query: `time() - timestamp(last_over_time(${cpu}[1m]))`,
        why: '`timestamp()` knows the time of a sample that a selector returns; of what a function returns it is the time of the query, and the age always 0',
      },
    ],
    alsoRight: [
      `time() - max(timestamp(${cpu}))`,
      `scalar(time() - timestamp(${cpu}))`,
      `vector(time()) - on () timestamp(${cpu})`,
    ],
    alsoWrong: [
      `timestamp(${cpu}) - time()`,
      `(time() - timestamp(${cpu})) * 1000`,
      `time() - timestamp(${cpu} offset 1m)`,
    ],
    expected: fromStored({
      selector: cpu,
      readSeconds: 900,
      candidates: (series, lab) => {
        const samples = only(series);
        return midpoints(samples, gapSeconds(lab)).map(({ index }) => {
          const [[sampled], [next]] = [samples[index]!, samples[index + 1]!];
          const at = Math.round(1000 * (sampled + shares[index % shares.length]! * (next - sampled))) / 1000;
          return { at, number: timestampRange(at - sampled) };
        });
      },
    }),
  },
  {
    task: 'How long does a scrape of the exporter take, in seconds, on average over the last minute?',
    start: scrapeDuration,
    hints: [
      `Prometheus stores \`${scrapeDuration}\` after every scrape of every target.`,
      'Pick the exporter by its job.',
      '`avg_over_time()` averages the samples of a series, `avg()` the series of an instant.',
    ],
    answer: `avg_over_time(${duration}[1m])`,
    why: 'A target that answers slower and slower will soon time out: this figure shows it before `up` does.',
    mistakes: [
      { query: duration, why: 'this is the last scrape alone' },
      { query: `avg(${scrapeDuration})`, why: '`avg()` averages over the targets, and Prometheus scrapes itself, too' },
      { query: `avg_over_time(${scrapeDuration}[1m])`, why: 'every target has one: pick the exporter' },
      { query: `max_over_time(${duration}[1m])`, why: 'this is the slowest scrape, not the average' },
      {
        query: `rate(${duration}[1m])`,
        why: '`rate()` is for counters: a duration is a gauge, and its rate means nothing',
      },
    ],
    alsoRight: [
      `sum_over_time(${duration}[1m]) / count_over_time(${duration}[1m])`,
      `avg(avg_over_time(${duration}[60s]))`,
    ],
    alsoWrong: [
      `avg_over_time(${duration}[30s])`,
      `avg_over_time(${duration}[2m])`,
      `quantile_over_time(0.5, ${duration}[1m])`,
      `1000 * avg_over_time(${duration}[1m])`,
      `min_over_time(${duration}[1m])`,
    ],
    worlds: [
      {
        where: 'where the scrapes were slower before',
        series: [
          seriesOf(scrapeDuration, unevenGauge(minute, 0.5)),
          seriesOf(scrapeDuration, 0.01, { job: 'prometheus', instance: 'prometheus:9090' }),
        ],
        at: [asked],
        tolerance: 0.05,
      },
    ],
    slowestSeconds: 30,
    expected: fromStored({
      selector: duration,
      readSeconds: 900,
      windowSeconds: minute,
      instead: tooFewSamples(minute, 2),
      candidates: betweenSamples((samples, at, { scrapeSeconds }) => meanRange(samples, at, minute, scrapeSeconds)),
    }),
  },
];
