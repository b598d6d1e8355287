import { Gauge } from 'prom-client';
import type { Setting } from '../../../lab/settings/setting.ts';
import type { Scrape } from '../scrape.ts';
import { wholeSeconds } from '../setting.ts';
import type { World } from '../world.ts';

/** `DEPLOY`: when, and for how long, an instance shows two versions. */
export const deploySetting: Setting<NonNullable<World['deploy']>> = {
  expected: 'how long, and how long after the start, each from 1s to 1h, such as 30s@20s',
  parse: (text) => {
    const [lasts = '', after = '', ...rest] = text.split('@');
    const [seconds, afterSeconds] = [wholeSeconds(lasts), wholeSeconds(after)];
    return seconds && afterSeconds && rest.length === 0 ? { seconds, afterSeconds } : undefined;
  },
};

const oldVersion = '1.0.0';
const newVersion = '1.1.0';

/** @returns the versions that an instance shows at an instant: the old one, both while it is deployed, the new one */
export const versionsAt = ({ deploy, startedAt }: World, unixSeconds: number): string[] => {
  if (deploy === undefined) return [];
  const since = unixSeconds - startedAt - deploy.afterSeconds;
  if (since < 0) return [oldVersion];
  return since < deploy.seconds ? [oldVersion, newVersion] : [newVersion];
};

/** Registers the version's gauge. */
export const registerDeploy = ({ registry, world, instant }: Scrape): void => {
  if (world.deploy === undefined) return;
  new Gauge({
    name: 'build_info',
    help: 'The version that runs; the value is always 1.',
    labelNames: ['version'],
    registers: [registry],
    collect() {
      this.reset();
      for (const version of versionsAt(world, instant())) this.set({ version }, 1);
    },
  });
};

/** What `/truth` tells of the deploy: the seconds with two versions, and the versions at each instant. */
export type DeployTruth = { from: number; to: number; versions: string[][] };

/** @returns undefined where the instance is not deployed */
export const deployTruth = (world: World, at: readonly number[]): DeployTruth | undefined => {
  if (world.deploy === undefined) return undefined;
  const from = world.startedAt + world.deploy.afterSeconds;
  return { from, to: from + world.deploy.seconds, versions: at.map((instant) => versionsAt(world, instant)) };
};
