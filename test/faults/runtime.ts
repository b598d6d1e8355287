import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../lab/repository.ts';
import { made, run } from '../e2e/commands.ts';
import type { ServiceName } from './lab.ts';

/** What differs between the two runtimes, for somebody who breaks them. */
export type Runtime = {
  name: 'native' | 'compose';
  /** a service that is killed comes back without a command */
  restartsByItself: boolean;
  /** sends a signal to the service's own process, from outside */
  signal: (service: ServiceName, signal: NodeJS.Signals) => Promise<void>;
  isRunning: (service: ServiceName) => Promise<boolean>;
  /** of its process: another one, or undefined, after its end */
  identity: (service: ServiceName) => Promise<string | undefined>;
  log: (service: ServiceName) => Promise<string>;
  /** the word of `make status` for a service that is not there though it should be */
  brokenWord: RegExp;
  /** overwrites 64 bytes in the middle of what the newest WAL segment holds, while the lab is down; @returns what it did */
  corruptWal: () => Promise<string>;
  /** puts the data of Prometheus on a small disk of its own, while the lab is down */
  smallDisk: (megabytes: number) => Promise<SmallDisk>;
};

export type SmallDisk = { fill: () => Promise<void>; free: () => Promise<void>; remove: () => Promise<void> };

const must = async (command: string, args: string[]): Promise<string> => {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${output}`);
  return output.trim();
};

const data = join(repository, '.lab/data/prometheus');
const stateFile = join(repository, '.lab/state.json');

/** What the native runtime wrote down; empty where nothing runs. */
export const nativeState = (): Record<string, { pid: number }> =>
  existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : {};

const native: Runtime = {
  name: 'native',
  restartsByItself: false,
  signal: async (service, signal) => void process.kill(nativeState()[service]!.pid, signal),
  isRunning: async (service) => {
    const { pid } = nativeState()[service] ?? {};
    if (pid === undefined) return false;
    const { output } = await run('ps', ['-o', 'stat=', '-p', String(pid)]);
    return /^\s*[^Z\s]/.test(output);
  },
  identity: async (service) => ((await native.isRunning(service)) ? String(nativeState()[service]!.pid) : undefined),
  log: async (service) => readFileSync(join(repository, `.lab/logs/${service}.log`), 'utf8'),
  brokenWord: /died/,
  corruptWal: async () => {
    const wal = join(data, 'wal');
    const segments = readdirSync(wal).filter((name) => /^\d+$/.test(name) && statSync(join(wal, name)).size > 0);
    const newest = segments.sort().at(-1)!;
    // The end of a segment is filled up with zeros.
    const used = readFileSync(join(wal, newest)).filter((byte) => byte !== 0).length;
    const file = openSync(join(wal, newest), 'r+');
    writeSync(file, Buffer.alloc(64, 0xff), 0, 64, Math.floor(used / 2));
    closeSync(file);
    return `segment ${newest}, at byte ${Math.floor(used / 2)} of ${used}`;
  },
  smallDisk: async (megabytes) => {
    const ballast = join(data, 'ballast');
    await must('mkdir', ['-p', data]);
    await must('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', data]);
    return {
      fill: async () => {
        try {
          writeFileSync(ballast, Buffer.alloc(megabytes * 2 ** 20));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      },
      free: async () => rmSync(ballast, { force: true }),
      remove: async () => void (await must('umount', [data])),
    };
  },
};

const volume = 'prometheus-lab_prometheus-data';
const image = 'prometheus-lab/prometheus';
const helper = (...args: string[]) => must('docker', ['run', '--rm', '--user', '0', '--entrypoint', 'sh', ...args]);

const inspect = async (service: ServiceName) => {
  const id = await must('docker', ['ps', '-aq', '--filter', `name=^prometheus-lab-${service}-`]);
  return id ? JSON.parse(await must('docker', ['inspect', id]))[0] : undefined;
};

const compose: Runtime = {
  name: 'compose',
  restartsByItself: true,
  // As a crash does, and unlike docker kill: after that Docker takes the service for stopped on purpose.
  signal: async (service, signal) => {
    const { State } = await inspect(service);
    const number = String(constants.signals[signal]);
    await helper(
      '--pid',
      'host',
      '--cap-add',
      'KILL',
      image,
      '-c',
      'kill -s "$1" "$2"',
      'sh',
      number,
      String(State.Pid),
    );
  },
  isRunning: async (service) => (await inspect(service))?.State.Running === true,
  identity: async (service) => (await inspect(service))?.State.StartedAt,
  log: (service) => must('docker', ['compose', 'logs', '--no-log-prefix', '--tail', '400', service]),
  brokenWord: /restarting|unhealthy|exited|starting/i,
  corruptWal: () =>
    helper(
      '-v',
      `${volume}:/prometheus`,
      image,
      '-c',
      `
      cd /prometheus/wal
      for each in [0-9]*; do [ ! -s "$each" ] || newest=$each; done
      size=$(tr -d '\\000' <"$newest" | wc -c)
      awk 'BEGIN { for (i = 0; i < 64; i++) printf "z" }' | dd of="$newest" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
      echo "segment $newest, at byte $((size / 2)) of $size"`,
    ),
  smallDisk: async (megabytes) => {
    const options = ['type=tmpfs', 'device=tmpfs', `o=size=${megabytes}m,uid=65534`];
    await run('docker', ['volume', 'rm', volume]);
    await must('docker', ['volume', 'create', ...options.flatMap((each) => ['--opt', each]), volume]);
    // Somebody has to hold such a volume: it is empty again when its last container ends.
    const holder = await must('docker', [
      'run',
      '-d',
      '--rm',
      '--user',
      '65534',
      '-v',
      `${volume}:/prometheus`,
      '--entrypoint',
      'sleep',
      image,
      '300',
    ]);
    const inHolder = (script: string) => run('docker', ['exec', holder, 'sh', '-c', script]);
    return {
      fill: async () => void (await inHolder('dd if=/dev/zero of=/prometheus/ballast bs=65536')),
      free: async () => void (await inHolder('rm -f /prometheus/ballast')),
      remove: async () => {
        await must('docker', ['kill', holder]);
        await made('clean');
        await run('docker', ['volume', 'rm', volume]);
      },
    };
  },
};

/** @param name  RUNTIME, as test/faults/run.sh has chosen it */
export const runtimeNamed = (name: string | undefined): Runtime => (name === 'compose' ? compose : native);
