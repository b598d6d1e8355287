import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import { boundsOf, type Episode, episode, fewSeconds } from '../setting.ts';

/** The page of an instance is answered late for a while. */
type SlowPage = { slowPage: { seconds: number; during: Episode } };

const parseSlowPage = (text: string): SlowPage['slowPage'] | undefined => {
  const [late = '', when = '', ...rest] = text.split(':');
  const [seconds, during] = [fewSeconds(late), episode(when)];
  return seconds && during && rest.length === 0 ? { seconds, during } : undefined;
};

/** @returns how late a scrape is answered that comes at an instant, in seconds */
const delayAt = (instance: Instance & SlowPage, unixSeconds: number): number => {
  const { from, to } = boundsOf(instance, instance.slowPage.during);
  return unixSeconds >= from && unixSeconds < to ? instance.slowPage.seconds : 0;
};

export const slowPage = scenario({
  settings: {
    slowPage: {
      variable: 'SLOW_PAGE',
      expected: 'seconds above 0 and up to 60, and when, such as 0.6:40s@20s',
      parse: parseSlowPage,
      suchAs: '`0.6:40s@20s`',
      simulates: 'its page is answered 0.6 s late for 40 s, from 20 s after the start on',
    },
  },
  simulated: ({ slowPage }: Partial<SlowPage>) => slowPage && 'slow-page',
  delay: { seconds: delayAt },
  truth: (instance, at) => ({ pageDelay: at.map((instant) => delayAt(instance, instant)) }),
  points: () => 1,
  reports: { pageDelay: 'how late a scrape is answered, in seconds' },
});
