import { describe } from 'node:test';
import { sweep } from '../../test/lessons/sweep.ts';
import { check } from './verdict.ts';

describe('experiment 13, at many intervals', () =>
  sweep({
    check,
    environment: { INSTANCES: '3', CHURN_2: '10s', CHURN_3: '10s', JOB_3: 'my_app_limited' },
    measurableUpTo: 60,
    quicker: 'never',
  }));
