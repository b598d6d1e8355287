import type { Instance, JobName } from '../instance.ts';
import { scenario } from '../scenario.ts';
import { boundsOf, type Episode, episode } from '../setting.ts';

/** The instance is scraped for a while by a job whose relabelling drops every sample of its page. */
type Relabelling = { relabelled: Episode };

/** That job: of what it keeps no instance of a fleet shows anything, unless it simulates pods. */
export const relabellingJob = 'my_app_two_keeps' satisfies JobName;

/** @returns from when to when that job scrapes it, unix seconds; undefined where none of it is lost */
export const relabelledOf = (instance: Instance & Partial<Relabelling>): { from: number; to: number } | undefined =>
  instance.relabelled && boundsOf(instance, instance.relabelled);

/** Whether `/targets` names an instance in that job at an instant, in place of its own. */
export const isRelabelled = (instance: Instance & Partial<Relabelling>, unixSeconds: number): boolean => {
  const relabelled = relabelledOf(instance);
  return relabelled !== undefined && unixSeconds >= relabelled.from && unixSeconds < relabelled.to;
};

export const relabelling = scenario({
  settings: {
    relabelled: {
      variable: 'RELABELLED',
      expected: 'how long, and how long after the start, each from 1s to 1h, such as 40s@20s',
      parse: episode,
      suchAs: '`40s@20s`',
      simulates: `\`/targets\` names the instance for 40 s, from 20 s after the start on, in the scrape job \`${relabellingJob}\`, whose relabelling drops all of its page; its labels, \`job\` included, stay`,
    },
  },
  first: 2,
  simulated: ({ relabelled }: Partial<Relabelling>) => relabelled && 'relabelling',
  truth: (instance) => ({ relabelled: boundsOf(instance, instance.relabelled) }),
  points: () => 1,
  reports: { relabelled: '`from` and `to` of the time in which relabelling drops all of its page' },
});
