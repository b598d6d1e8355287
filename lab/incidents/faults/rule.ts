import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, monitoring, of } from '../fleet.ts';
import { countAt, withGaps } from '../shown.ts';
import { boundsOfGap, timesOf } from '../steps.ts';

const recorded = 'version:requests:rate2m';

/** A recording rule fails while an instance reports two versions: its series has a gap, for all versions. */
export const rule: Fault = {
  cause: 'rule',
  says: `the rule ${recorded} failed, since an instance reported two versions`,
  kind: 'monitoring',
  // Two deploys would be one gap of the rule.
  beside: ({ cause }) => cause !== 'deploy',
  settings: ({ number, ...when }) => ({ [`DEPLOY_${number}`]: during(when) }),
  who: ({ number }) => [monitoring, instanceName(number)],
  reads: () => ({ recorded }),
  bounds: ({ series, scrapeSeconds, evaluationSeconds }, from, to) =>
    boundsOfGap(timesOf(series.recorded!), from, to, evaluationSeconds, scrapeSeconds + evaluationSeconds),
  shown: ({ series, evaluationSeconds }) => ({
    name: `series of ${recorded} that were recorded`,
    unit: 'count',
    samples: withGaps(countAt(series.recorded!), evaluationSeconds),
  }),
  hints: () => [
    'Is what was recorded complete?',
    'An evaluation that fails writes nothing, and a graph draws over it for five minutes.',
    `count_over_time(${recorded}[1m]), and prometheus_rule_evaluation_failures_total`,
  ],
  queries: ({ number }) => [
    { expr: `count_over_time(${recorded}[1m])`, read: 'how many evaluations of a minute were stored: none meanwhile' },
    { expr: 'instance:versions:count', read: 'why: two series to match where the join needs one' },
    { expr: of('build_info', number), read: 'both versions at once' },
  ],
  experiments: ['15-joins'],
};
