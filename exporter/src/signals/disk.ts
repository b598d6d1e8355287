import { Gauge } from 'prom-client';
import { listOf } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { perMille, wholeSeconds } from '../setting.ts';

/** From so long after the start on so much of the disk is free, in thousandths; `NaN`: that cannot be read any more. */
type Phase = { afterSeconds: number; free: number };

type Disk = { disk: readonly Phase[] };

const freeAtStart = 500;

const parseDisk = (text: string): readonly Phase[] | undefined => {
  const phases = listOf(text, 5, (part) => {
    const [value = '', after = '', ...rest] = part.split('@');
    const free = value === 'NaN' ? Number.NaN : perMille(value);
    const afterSeconds = wholeSeconds(after);
    return free === undefined || afterSeconds === undefined || rest.length > 0 ? undefined : { afterSeconds, free };
  });
  const isLater = (each: Phase, index: number) => index === 0 || each.afterSeconds > phases![index - 1]!.afterSeconds;
  return phases?.every(isLater) ? phases : undefined;
};

/** @returns the phases that have begun, the one that every disk begins with first */
const begun = ({ disk, startedAt }: Instance & Disk, unixSeconds: number): number[] => [
  freeAtStart,
  ...disk.filter(({ afterSeconds }) => unixSeconds >= startedAt + afterSeconds).map(({ free }) => free),
];

/** @returns the share of the disk that is free, 0 to 1, whether it can be read or not */
const freeAt = (instance: Instance & Disk, unixSeconds: number): number =>
  begun(instance, unixSeconds).findLast((free) => !Number.isNaN(free))! / 1_000;

/** @returns the same as it is exposed: NaN where it cannot be read */
const exposedAt = (instance: Instance & Disk, unixSeconds: number): number =>
  begun(instance, unixSeconds).at(-1)! / 1_000;

const registerDisk = ({ registry, instant }: Scrape, instance: Instance & Disk): void => {
  new Gauge({
    name: 'disk_free_ratio',
    help: 'The share of a simulated disk that is free; NaN where it cannot be read.',
    registers: [registry],
    collect() {
      this.set(exposedAt(instance, instant()));
    },
  });
};

/** The share that is free at each instant, and as it is exposed: null where it cannot be read. JSON has no NaN. */
type DiskTruth = { free: number[]; exposed: (number | null)[] };

const diskTruth = (instance: Instance & Disk, at: readonly number[]): DiskTruth => ({
  free: at.map((instant) => freeAt(instance, instant)),
  exposed: at.map((instant) => {
    const exposed = exposedAt(instance, instant);
    return Number.isNaN(exposed) ? null : exposed;
  }),
});

export const disk = scenario({
  settings: {
    disk: {
      variable: 'DISK',
      expected:
        'up to 5 shares that are free, each from so long after the start on (1s to 1h, each later than the one before), ' +
        'such as 5%@6s,50%@20s, or NaN@20s where it cannot be read from then on',
      parse: parseDisk,
      suchAs: '`5%@6s,50%@20s` or `5%@6s,NaN@20s`',
      simulates:
        '`disk_free_ratio`: 0.5 at the start, 0.05 from 6 s on, and 0.5 again from 20 s on, or NaN since it cannot be read',
    },
  },
  simulated: ({ disk }: Partial<Disk>) => disk && 'disk',
  register: registerDisk,
  truth: (instance, at) => ({ disk: diskTruth(instance, at) }),
  points: () => 2,
  reports: { disk: '`free`, and `exposed`: the same as the page has it, null for NaN' },
});
