import { instanceName } from '../../model/metrics.ts';
import type { Fault } from '../fault.ts';
import { during, of } from '../fleet.ts';
import { countAt } from '../shown.ts';
import { boundsIn, stateSteps, timesOf } from '../steps.ts';

/** A deploy does not end: two versions of one instance at once. */
export const deploy: Fault = {
  cause: 'deploy',
  says: 'two versions of it ran at once',
  kind: 'service',
  settings: ({ number, ...when }) => ({ [`DEPLOY_${number}`]: during(when) }),
  who: ({ number }) => [instanceName(number)],
  reads: ({ number }) => ({ build: of('build_info', number) }),
  bounds: ({ series: { build } }, from, to) => {
    const at = build!.map(({ samples }) => new Set(samples.map(([time]) => time)));
    return boundsIn(
      stateSteps(timesOf(build!), (time) => at.filter((times) => times.has(time)).length > 1),
      from,
      to,
    );
  },
  shown: ({ series }) => ({ name: 'versions at each scrape', unit: 'count', samples: countAt(series.build!) }),
  hints: () => [
    'The requests are well. What runs?',
    'build_info has a series for each version that an instance reports.',
    'count by (instance) (build_info) > 1',
  ],
  queries: () => [
    { expr: 'count by (instance) (build_info)', read: '2 where two versions report at once' },
    { expr: 'build_info', read: 'which versions, and when the old one ends' },
    {
      expr: 'version:requests:rate2m',
      read: 'a rule that joins the version to the traffic: every evaluation meanwhile fails',
    },
  ],
  experiments: ['15-joins'],
};
