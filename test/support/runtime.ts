import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../scripts/host/repository.ts';
import { run, tryRun } from './commands.ts';
import type { ServiceName } from './lab.ts';
import { until } from './until.ts';

/** What differs between the two runtimes, for a test that stops or kills a service. */
export type Runtime = {
  name: 'native' | 'compose';
  /** a service that is killed comes back without a command */
  restartsByItself: boolean;
  /** stops a service, as somebody would who wants it stopped, and waits until it has ended */
  stop: (service: ServiceName) => Promise<void>;
  /** sends a signal to the service's own process, from outside */
  signal: (service: string, signal: NodeJS.Signals) => Promise<void>;
  isRunning: (service: string) => Promise<boolean>;
  /** of its process: it changes when the service restarts; undefined where it does not run */
  identity: (service: string) => Promise<string | undefined>;
  log: (service: string) => Promise<string>;
  /**
   * host:port by which this machine reaches a service that is published nowhere.
   * @param port  where it listens in its container
   */
  reached: (service: string, port: number) => Promise<string>;
  /** the address of this machine by which such a service reaches it */
  hostFor: (service: string) => Promise<string>;
};

/** The lab that LAB_NAME names, or the one without a name. */
const { LAB_NAME } = process.env;
const labFolder = join(repository, LAB_NAME ? `.lab/labs/${LAB_NAME}` : '.lab');
export const project = LAB_NAME ? `prometheus-lab-${LAB_NAME}` : 'prometheus-lab';

const stateFile = join(labFolder, 'state.json');

/** What the native runtime wrote down. @throws Error where it wrote down nothing of that service */
const entryOf = (service: string): { pid: number; address: string } => {
  const state = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : {};
  if (state[service] === undefined) throw new Error(`${service} has not been started`);
  return state[service];
};
const pidOf = (service: string): number => entryOf(service).pid;

const native: Runtime = {
  name: 'native',
  restartsByItself: false,
  stop: async (service) => {
    process.kill(pidOf(service), 'SIGTERM');
    await until(`${service} to end`, 20, async () => !(await native.isRunning(service)));
  },
  signal: async (service, signal) => void process.kill(pidOf(service), signal),
  isRunning: async (service) => {
    const { output } = await tryRun('ps', ['-o', 'stat=', '-p', String(pidOf(service))]);
    return /^\s*[^Z\s]/.test(output);
  },
  identity: async (service) => ((await native.isRunning(service)) ? String(pidOf(service)) : undefined),
  log: async (service) => readFileSync(join(labFolder, `logs/${service}.log`), 'utf8'),
  reached: async (service) => entryOf(service).address,
  hostFor: async () => '127.0.0.1',
};

/** Runs docker, which has to succeed. @returns its output, trimmed */
export const docker = async (...args: string[]): Promise<string> => (await run('docker', args)).trim();

/** Runs a program as root in a container that has a shell, and goes with it. */
export const inContainer = (...args: string[]): Promise<string> =>
  docker('run', '--rm', '--user', '0', '--entrypoint', 'sh', ...args);

const inspect = async (service: string) => {
  // Not by its name: query-plain begins as query does.
  const labels = [`project=${project}`, `service=${service}`, 'oneoff=False'];
  const id = await docker('ps', '-aq', ...labels.flatMap((each) => ['--filter', `label=com.docker.compose.${each}`]));
  return id ? JSON.parse(await docker('inspect', id))[0] : undefined;
};

/** As Docker does it on Linux: elsewhere its network is that of a virtual machine. */
const networkOf = async (service: string): Promise<{ IPAddress: string; Gateway: string }> => {
  const networks = (await inspect(service))?.NetworkSettings.Networks ?? {};
  const [network] = Object.values<{ IPAddress: string; Gateway: string }>(networks);
  if (!network?.IPAddress) throw new Error(`${service} has no address on the network of the lab`);
  return network;
};

const compose: Runtime = {
  name: 'compose',
  restartsByItself: true,
  stop: async (service) => void (await docker('compose', '-p', project, 'stop', service)),
  // As a crash does, and unlike docker kill: after that Docker takes the service for stopped on purpose.
  signal: async (service, signal) => {
    const { State } = await inspect(service);
    const script = ['-c', 'kill -s "$1" "$2"', 'sh', String(constants.signals[signal]), String(State.Pid)];
    await inContainer('--pid', 'host', '--cap-add', 'KILL', 'prometheus-lab/prometheus', ...script);
  },
  isRunning: async (service) => (await inspect(service))?.State.Running === true,
  identity: async (service) => (await inspect(service))?.State.StartedAt,
  log: (service) => docker('compose', '-p', project, 'logs', '--no-log-prefix', '--tail', '4000', service),
  reached: async (service, port) => `${(await networkOf(service)).IPAddress}:${port}`,
  hostFor: async (service) => (await networkOf(service)).Gateway,
};

/** @param name  RUNTIME, compose or native */
export const runtimeNamed = (name: string | undefined): Runtime => (name === 'compose' ? compose : native);
