import { describe } from 'node:test';
import type { Rule } from '../../lab/simulator/fleet.ts';
import { evaluate, type StoredSeries } from '../../lab/simulator/query.ts';
import { sweep } from '../../test/lessons/sweep.ts';
import { dated, lazy, type Twin, window, zeroed } from './twins.ts';
import { check } from './verdict.ts';

const isPositive = (stored: StoredSeries[], expr: string, at: number) =>
  evaluate(stored, expr, at).filter(({ samples }) => samples[0]![1] > 0);

/** As rules.yml has it. */
const alertOn = ({ metric, alert }: Twin): Rule => ({
  name: alert,
  alert: true,
  series: (stored, at) =>
    isPositive(stored, metric, at).length > 0 ? isPositive(stored, `increase(${metric}[${window}])`, at) : [],
});

describe('experiment 10, at many intervals', () =>
  sweep({
    check,
    environment: { ERRORS: '5@40s' },
    rules: [lazy, zeroed, dated].map(alertOn),
    measurableUpTo: 30,
    quicker: 'make exp-10 SCRAPE_INTERVAL=5s',
  }));
