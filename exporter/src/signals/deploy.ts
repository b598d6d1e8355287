import { Gauge } from 'prom-client';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { boundsOf, type Episode, episode } from '../setting.ts';

/** Two versions at once, from so long after the start, for so long. */
type Deploy = { deploy: Episode };

const oldVersion = '1.0.0';
const newVersion = '1.1.0';

/** @returns the versions that an instance shows at an instant: the old one, both while it is deployed, the new one */
const versionsAt = (instance: Instance & Deploy, unixSeconds: number): string[] => {
  const { from, to } = boundsOf(instance, instance.deploy);
  if (unixSeconds < from) return [oldVersion];
  return unixSeconds < to ? [oldVersion, newVersion] : [newVersion];
};

/** Registers the version's gauge. */
const registerDeploy = ({ registry, instant }: Scrape, instance: Instance & Deploy): void => {
  new Gauge({
    name: 'build_info',
    help: 'The version that runs; the value is always 1.',
    labelNames: ['version'],
    registers: [registry],
    collect() {
      this.reset();
      for (const version of versionsAt(instance, instant())) this.set({ version }, 1);
    },
  });
};

/** What `/truth` reports of the deploy: the seconds with two versions, and the versions at each instant. */
type DeployTruth = { from: number; to: number; versions: string[][] };

const deployTruth = (instance: Instance & Deploy, at: readonly number[]): DeployTruth => ({
  ...boundsOf(instance, instance.deploy),
  versions: at.map((instant) => versionsAt(instance, instant)),
});

export const deploy = scenario({
  settings: {
    deploy: {
      variable: 'DEPLOY',
      expected: 'how long, and how long after the start, each from 1s to 1h, such as 30s@20s',
      parse: episode,
      suchAs: '`30s@20s`',
      simulates: '`build_info{version}`: both versions for 30 s, from 20 s after the start on',
    },
  },
  simulated: ({ deploy }: Partial<Deploy>) => deploy && 'deploy',
  register: registerDeploy,
  truth: (instance, at) => ({ deploy: deployTruth(instance, at) }),
  points: () => 2,
  reports: { deploy: '`from`, `to`, and the `versions` at each instant' },
});
