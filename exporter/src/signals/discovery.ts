import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import { boundsOf, type Episode, episode } from '../setting.ts';

/** Service discovery does not name the instance for a while, although it is there. */
type Discovery = { unlisted: Episode };

/** @returns from when to when it is not named, unix seconds; undefined where it always is */
export const unlistedOf = (instance: Instance & Partial<Discovery>): { from: number; to: number } | undefined =>
  instance.unlisted && boundsOf(instance, instance.unlisted);

/** Whether `/targets` names an instance at an instant. */
export const isNamed = (instance: Instance & Partial<Discovery>, unixSeconds: number): boolean => {
  const unlisted = unlistedOf(instance);
  return unlisted === undefined || unixSeconds < unlisted.from || unixSeconds >= unlisted.to;
};

export const discovery = scenario({
  settings: {
    unlisted: {
      variable: 'UNLISTED',
      expected: 'how long, and how long after the start, each from 1s to 1h, such as 40s@20s',
      parse: episode,
      suchAs: '`40s@20s`',
      simulates: '`/targets` does not name the instance for 40 s, from 20 s after the start on; it goes on as before',
    },
  },
  first: 2,
  simulated: ({ unlisted }: Partial<Discovery>) => unlisted && 'discovery',
  truth: (instance) => ({ unlisted: boundsOf(instance, instance.unlisted) }),
  points: () => 1,
  reports: { unlisted: '`from` and `to` of the time at which `/targets` does not name the instance' },
});
