import { instancesIn } from '../../lab/evidence/fleet.ts';
import { betweenSamples, fromStored, tooFewSamples } from '../../lab/judging/expectation.ts';
import { rateRange } from '../../lab/judging/ranges.ts';
import { counterWorlds } from '../../lab/judging/scenario.ts';
import type { Exercise } from '../../lab/model/exercise.ts';
import { latency as histogram, instanceName, ofExporter } from '../../lab/model/metrics.ts';

const window = '30s';
const seconds = 30;
const command = 'make exp-11';

const instance = instanceName();
const named = `{instance="${instance}"}`;
const sum = `${histogram}_sum${named}`;
const count = `${histogram}_count${named}`;
const p95 = `histogram_quantile(0.95, rate(${histogram}_bucket${named}[${window}]))`;

export const exercises: readonly Exercise[] = [
  {
    task: `How many requests is ${instance} working on at once, on average over the last half minute? That is the seconds of work that arrive in each second. One number, and exact: no bucket boundaries are needed for it.`,
    start: `rate(${count}[${window}]) * on (instance) ${p95}`,
    hints: [
      'Four requests a second of a quarter of a second each keep one worker busy.',
      'A histogram does not only count: one of its series adds up what each request took, to the last digit.',
      `That is \`${histogram}_sum\`, a counter of seconds. Seconds per second is a rate.`,
    ],
    answer: `rate(${sum}[${window}])`,
    why: 'A histogram guesses at percentiles, never at totals: its sum and its count are exact, whatever the bucket boundaries are.',
    mistakes: [
      {
        query: `rate(${count}[${window}]) * on (instance) ${p95}`,
        why: 'this takes the 95th percentile for what each request took, and it is a guess within a bucket: nearly twice too much',
      },
      {
        query: `rate(${count}[${window}])`,
        why: 'this is how many requests arrive in a second, however long they take',
      },
      {
        query: `rate(${sum}[${window}]) / rate(${count}[${window}])`,
        why: 'this is what one request takes on average, however many there are',
      },
      { query: p95, why: 'this is a guess at what the slowest requests take' },
      {
        query: `increase(${sum}[${window}])`,
        why: 'this is the work of half a minute: thirty times too much for a second',
      },
      {
        query: `delta(${sum}[${window}]) / ${seconds}`,
        why: '`delta()` is for gauges: it does not correct for counter resets',
      },
      { query: sum, why: 'this is the work of all requests since the exporter started' },
    ],
    alsoRight: [
      `increase(${sum}[${window}]) / 30`,
      `sum(rate(${sum}[${window}]))`,
      `0.26 * rate(${count}[${window}])`,
      `scalar(rate(${sum}[${window}]))`,
      `rate(${sum}[${window}]) / rate(${count}[${window}]) * rate(${count}[${window}])`,
    ],
    alsoWrong: [
      `sum(rate(${histogram}_sum[${window}]))`,
      `rate(${histogram}_sum{instance="exporter:8001"}[${window}])`,
      `rate(${sum}[15s])`,
      `rate(${sum}[1m])`,
      `rate(${sum}[2m])`,
      `1000 * rate(${sum}[${window}])`,
      `(${sum} - ${sum} offset ${window}) / ${seconds}`,
    ],
    worlds: counterWorlds(`${histogram}_sum`, seconds, 4),
    slowestSeconds: 15,
    expected: fromStored({
      selector: ofExporter(`${histogram}_sum`),
      readSeconds: 300,
      windowSeconds: seconds,
      candidates: betweenSamples((samples, at, lab) => rateRange(samples, at, seconds, lab.scrapeSeconds)),
      instead: (lab) => {
        const [first] = instancesIn(lab);
        if (!first?.simulates.includes('latency')) {
          return { kind: 'elsewhere', reason: `the requests at ${instance} are not timed`, type: command };
        }
        return tooFewSamples(seconds, 2, `${command} SCRAPE_INTERVAL=5s`)(lab);
      },
    }),
  },
];
