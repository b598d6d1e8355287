import { values } from '../../lab/evidence/samples.ts';
import { percent } from '../../lab/model/format.ts';
import { newest, numberOf, type Picture, sinceStart } from '../../lab/model/picture.ts';
import { longJobs, of, slow, waiting } from './queue.ts';

const truth = 'jobs that wait';
const stored = 'stored of the slow one';
const up = 'up of the slow one';

/** The queue, and the samples that a slow page has left of it. */
export const picture: Picture = {
  title: 'While the queue is long, the slow page has no sample',
  unit: 'count',
  range: [0, 2_000],
  layers: [
    { kind: 'truth', name: truth, instances: [2], values: ({ jobs }) => jobs?.waiting ?? [] },
    { kind: 'samples', name: stored, selector: of(waiting, slow) },
    { kind: 'query', name: up, expr: `avg_over_time(${of('up', slow)}[1m])`, isHidden: true },
  ],
  line: { value: longJobs, name: 'long' },
  numbers: (data) => {
    const [happened, seen] = [truth, stored].map((name) => values(sinceStart(data, name)));
    const share = newest(data, up);
    if (happened!.length === 0 || seen!.length === 0) return [];
    return [
      { value: `${Math.max(...happened!)}`, words: 'jobs at most', colour: 1 },
      { value: `${Math.max(...seen!)}`, words: 'at most in the samples', colour: 2 },
      ...numberOf(share, (value) => percent(100 * value), 'of its scrapes succeeded in a minute'),
    ];
  },
};
