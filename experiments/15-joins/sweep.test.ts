import { describe } from 'node:test';
import type { Series } from '../../lab/promql/sample.ts';
import type { Rule } from '../../lab/simulator/fleet.ts';
import { evaluate, type StoredSeries } from '../../lab/simulator/query.ts';
import { sweep } from '../../test/lessons/sweep.ts';
import { count, joined, matching, recorded, recordedCount, recordedUnique, unique } from './join.ts';
import { check } from './verdict.ts';

/** The traffic by version, as rules.yml joins it. */
const join = (stored: StoredSeries[], at: number, isHealed: boolean): Series[] | 'fails' => {
  const shown = evaluate(stored, matching, at);
  const of = (job = '', instance = '') =>
    shown.filter(({ labels }) => labels.job === job && labels.instance === instance);
  const rates = evaluate(stored, 'rate(requests_total[2m])', at);
  if (rates.length === 0 || shown.length === 0) return [];
  if (!isHealed && shown.some(({ labels }) => of(labels.job, labels.instance).length > 1)) return 'fails';
  const versions = new Map<string, number>();
  for (const { labels, samples } of rates) {
    const version = of(labels.job, labels.instance)[0]?.labels.version;
    if (version !== undefined) versions.set(version, (versions.get(version) ?? 0) + samples[0]![1]);
  }
  return [...versions].map(([version, value]) => ({ labels: { version }, samples: [[at, value]] }));
};

const rules: Rule[] = [
  { name: recorded, series: (stored, at) => join(stored, at, false) },
  { name: recordedUnique, series: (stored, at) => join(stored, at, true) },
  { name: recordedCount, series: (stored, at) => evaluate(stored, count, at) },
];

describe('experiment 15, at many intervals', () =>
  sweep({
    check,
    environment: { INSTANCES: '3', DEPLOY: '30s@1h', DEPLOY_2: '30s@30s' },
    rules,
    measurableUpTo: 30,
    quicker: 'make exp-15 SCRAPE_INTERVAL=5s',
    answers: (read, stored) => ({
      query: async (expr, at) => {
        const healedNow = expr === joined(unique) ? join(stored, at!, true) : 'fails';
        return healedNow === 'fails' ? read.query(expr, at) : healedNow;
      },
      ask: async (_, at) => {
        const series = join(stored, at, false);
        return series === 'fails' ? { refused: 'found duplicate series' } : { type: 'vector', series };
      },
    }),
  }));
