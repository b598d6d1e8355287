import type { Range } from '../../model/exercise.ts';
import type { Fault, Stored } from '../fault.ts';
import { monitoring } from '../fleet.ts';
import { samplesOf, withGaps } from '../shown.ts';
import { timesOf } from '../steps.ts';

const began = 'process_start_time_seconds{job="prometheus"}';

/** It takes about so long. */
const restartSeconds = 3;

/**
 * The first start of Prometheus that its own samples show, from when the incident planned one on.
 * @returns the last sample of anything before it, the start, and the first sample of anything after it
 */
const restartIn = ({ series }: Stored, from: number): { last: number; started: number; next: number } | undefined => {
  const started = samplesOf(series.began!).find(([, at]) => at >= from - 1)?.[1];
  if (started === undefined) return undefined;
  const times = timesOf([...series.up!, ...series.began!]);
  const [last, next] = [times.findLast((at) => at < started), times.find((at) => at >= started)];
  return last === undefined || next === undefined ? undefined : { last, started, next };
};

/** Prometheus itself is restarted: for a moment nothing is scraped and no rule is evaluated. */
export const prometheus: Fault = {
  cause: 'prometheus',
  says: 'Prometheus was restarted: meanwhile nothing was scraped, and no rule evaluated',
  kind: 'monitoring',
  restarts: 'prometheus',
  settings: () => ({}),
  lasts: () => restartSeconds,
  happened: (stored, from): Range | undefined => {
    const restart = restartIn(stored, from);
    return restart && [Math.max(restart.last, Math.min(from, restart.started)), restart.started];
  },
  who: () => [monitoring],
  reads: () => ({ began, up: 'up' }),
  bounds: (stored, from) => {
    const restart = restartIn(stored, from);
    if (restart === undefined) return {};
    const { last, started, next } = restart;
    return { since: [last, started], until: [started, next], lost: [0, 0] };
  },
  shown: ({ series, scrapeSeconds }) => ({
    name: 'age of the process of Prometheus at each scrape of itself',
    unit: 'seconds',
    samples: withGaps(
      samplesOf(series.began!).map(([at, start]) => [at, at - start]),
      scrapeSeconds,
    ),
  }),
  hints: () => [
    'Where every series has the same gap, no service has it.',
    'Prometheus scrapes itself, too: since when does its process run?',
    `${began}: its value is the time at which it began`,
  ],
  queries: () => [
    { expr: `time() - ${began}`, read: 'how long Prometheus runs: it drops where a new process began' },
    { expr: 'count({__name__="up"})', read: 'what was scraped: a gap in all of them at once' },
    { expr: 'resets(prometheus_tsdb_head_samples_appended_total[10m])', read: 'its own counters began anew' },
  ],
  experiments: ['25-restart', '01-missing-data'],
};
