import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../scripts/host/repository.ts';
import { make, run, tryRun } from '../support/commands.ts';
import { docker, inContainer, type Runtime } from '../support/runtime.ts';

/** What keeps Prometheus' data, for somebody who damages it while the lab is down. */
type Storage = {
  /** overwrites 64 bytes in the middle of what the newest WAL segment holds; @returns what it did */
  corruptWal: () => Promise<string>;
  /** why there can be no small disk here; undefined where there can */
  noSmallDisk: string | undefined;
  /**
   * puts the data of a service on a small disk of its own, before it is started
   * @param volume  as Compose calls it; by default Prometheus' own
   */
  smallDisk: (megabytes: number, volume?: string) => Promise<SmallDisk>;
  /** the word of `make status` for a service that does not run though it should */
  brokenWord: RegExp;
};

type SmallDisk = { fill: () => Promise<void>; free: () => Promise<void>; remove: () => Promise<void> };

const prometheusData = 'prometheus-data';
const folder = join(repository, '.lab/data/prometheus');

/** Why this machine mounts no small disk; undefined where it does. */
export const noSmallDisk =
  process.getuid?.() === 0 && process.platform === 'linux' ? undefined : 'needs root, to mount a small one';

/** Mounts a small disk at a folder of this machine, in memory. */
export const smallDiskAt = async (folder: string, megabytes: number): Promise<SmallDisk> => {
  const ballast = join(folder, 'ballast');
  await run('mkdir', ['-p', folder]);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  return {
    fill: async () => {
      try {
        writeFileSync(ballast, Buffer.alloc(megabytes * 2 ** 20));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: async () => rmSync(ballast, { force: true }),
    remove: async () => void (await run('umount', [folder])),
  };
};

const native: Storage = {
  brokenWord: /died/,
  corruptWal: async () => {
    const wal = join(folder, 'wal');
    const segments = readdirSync(wal).filter((name) => /^\d+$/.test(name) && statSync(join(wal, name)).size > 0);
    const newest = segments.sort().at(-1)!;
    // The end of a segment is filled up with zeros.
    const used = readFileSync(join(wal, newest)).filter((byte) => byte !== 0).length;
    const file = openSync(join(wal, newest), 'r+');
    writeSync(file, Buffer.alloc(64, 0xff), 0, 64, Math.floor(used / 2));
    closeSync(file);
    return `segment ${newest}, at byte ${Math.floor(used / 2)} of ${used}`;
  },
  noSmallDisk,
  smallDisk: async (megabytes, volume = prometheusData) => {
    return smallDiskAt(join(repository, '.lab/data', volume.replace(/-data$/, '')), megabytes);
  },
};

const volumeNamed = (name: string) => `prometheus-lab_${name}`;
const image = 'prometheus-lab/prometheus';

const compose: Storage = {
  brokenWord: /restarting|unhealthy|exited|starting/i,
  corruptWal: () => {
    const script = `
      cd /prometheus/wal
      for each in [0-9]*; do [ ! -s "$each" ] || newest=$each; done
      size=$(tr -d '\\000' <"$newest" | wc -c)
      awk 'BEGIN { for (i = 0; i < 64; i++) printf "z" }' | dd of="$newest" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
      echo "segment $newest, at byte $((size / 2)) of $size"`;
    return inContainer('-v', `${volumeNamed(prometheusData)}:/prometheus`, image, '-c', script);
  },
  noSmallDisk: undefined,
  smallDisk: async (megabytes, name = prometheusData) => {
    const volume = volumeNamed(name);
    const options = ['type=tmpfs', 'device=tmpfs', `o=size=${megabytes}m,uid=65534`];
    await tryRun('docker', ['volume', 'rm', volume]);
    await docker('volume', 'create', ...options.flatMap((each) => ['--opt', each]), volume);
    // Such a volume is emptied when its last container ends, so one has to hold it.
    const mounted = ['--user', '65534', '-v', `${volume}:/prometheus`];
    const holder = await docker('run', '-d', '--rm', ...mounted, '--entrypoint', 'sleep', image, '3600');
    const inHolder = (script: string) => tryRun('docker', ['exec', holder, 'sh', '-c', script]);
    return {
      fill: async () => void (await inHolder('dd if=/dev/zero of=/prometheus/ballast bs=65536')),
      free: async () => void (await inHolder('rm -f /prometheus/ballast')),
      remove: async () => {
        await docker('kill', holder);
        await make('clean');
        await tryRun('docker', ['volume', 'rm', volume]);
      },
    };
  },
};

export const storageOf = ({ name }: Runtime): Storage => (name === 'compose' ? compose : native);
