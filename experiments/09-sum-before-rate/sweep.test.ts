import { describe } from 'node:test';
import { evaluate } from '../../lab/simulator/query.ts';
import { sweep } from '../../test/lessons/sweep.ts';
import { recordedSum } from './findings.ts';
import { check } from './verdict.ts';

describe('experiment 9, at many intervals', () =>
  sweep({
    check,
    environment: { INSTANCES: '3', COUNTER_START: '100000', LEAVES_AFTER: '60s' },
    rules: [{ name: recordedSum, series: (stored, at) => evaluate(stored, 'sum by (job) (requests_total)', at) }],
    measurableUpTo: 30,
    quicker: 'make exp-9 SCRAPE_INTERVAL=5s',
  }));
