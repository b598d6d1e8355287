import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listenProblems } from '../../lab/running/settings.ts';
import { endWhereNothingCanBePrinted } from '../cli/streams.ts';
import { printError } from '../cli/terminal.ts';
import { repository } from '../host/repository.ts';
import { placesOf, portVariable, withAddresses } from './addresses.ts';
import { apply, end } from './apply.ts';
import { type Project, readProject, type Settings } from './compose.ts';
import { FailedChange, LabError, PortError } from './error.ts';
import { doing, doManualStep, thawAll } from './manual-steps.ts';
import { leftOutOf, planFor, settingsHere } from './plan.ts';
import { isRunning } from './processes.ts';
import { natives } from './services.ts';
import { startShifts } from './shifts.ts';
import { type Entry, stateIn } from './state.ts';

/** Which lab is meant: each has a folder of its own. */
const lab = join(repository, process.env.LAB_FOLDER || '.lab');
const state = stateIn(join(lab, 'state.json'));

const read = (name: string) => readFileSync(join(repository, name), 'utf8');
const projectWith = (overrides: readonly string[], settings: Settings): Project =>
  readProject(
    ['compose.yaml', ...overrides].map((name) => ({ name, text: read(name) })),
    settings,
    read,
  );

/** What the settings make of compose.yaml on this machine. @throws LabError where an address is wrong */
const readLab = (...overrides: string[]) => {
  const given: Settings = process.env;
  const [problem] = listenProblems(given);
  if (problem !== undefined) throw new LabError(problem);
  const leftOut = leftOutOf(projectWith([], given), given);
  const settings = settingsHere(given, leftOut);
  return { settings, leftOut, project: projectWith(overrides, settings) };
};

/** `apply [--only=SERVICE] FILE…` */
const applyFiles = async (...words: string[]) => {
  const { values, positionals: overrides } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { only: { type: 'string' } },
  });
  const { project, settings, leftOut } = readLab(...overrides);
  const run = planFor(project, settings, leftOut, repository, lab);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(new LabError(`ended by ${signal}; what had been started is stopped`)));
  }
  thawAll(state);
  await apply(run, state, interrupted.signal, undefined, values.only);
};

/** One that has ended by itself has died. */
const wordFor = (entry: Entry): string => (isRunning(entry) ? doing(entry) : (entry.ended ?? 'died'));

const status = () => {
  const entries = state.read();
  const base = Object.values(projectWith([], {})).filter(({ image }) => image in natives);
  const rows = [...new Set([...base.map(({ name }) => name), ...Object.keys(entries)])].map((service) => {
    const entry = entries[service];
    if (entry === undefined) return [service, 'stopped', '', ''];
    return [service, wordFor(entry), String(entry.pid), `http://${entry.address}`];
  });
  const width = Math.max(...rows.map(([service]) => service!.length)) + 2;
  for (const [service, word, pid, address] of [['SERVICE', 'STATE', 'PID', 'ADDRESS'], ...rows]) {
    console.log(`${service!.padEnd(width)}${word!.padEnd(10)}${pid!.padEnd(9)}${address}`.trimEnd());
  }
};

const down = async () => {
  thawAll(state);
  await end(Object.keys(state.read()), state);
};

/** Every service that was started, for lab.sh; in one write, since who looks for one line reads no further. */
const services = () => {
  const lines = Object.entries(state.read()).map(([service, entry]) => `${service} ${doing(entry)}\n`);
  process.stdout.write(lines.join(''));
};

/** Where a lab listens that wrote down what it has started, and not where. */
const where = () => {
  const places = Object.entries(state.read()).map(([service, { address }]) => {
    const port = address.slice(address.lastIndexOf(':') + 1);
    return `${portVariable(service)}=${port}\n`;
  });
  const bind = state.read().exporter?.started?.environment.HOST;
  process.stdout.write([...(bind ? [`BIND=${bind}\n`] : []), ...places].join(''));
};

/** The commands that the tools container has in Compose, with the environment that it has there. */
const tools = async () => {
  const { project, settings, leftOut } = readLab();
  const lines = [...leftOut].map(([service, reason]) => `${service}: ${reason}`);
  Object.assign(process.env, withAddresses(project.tools!.environment, placesOf(project, settings), settings), {
    ADDRESSES_FILE: join(lab, 'state.json'),
    LEFT_OUT: lines.join('\n'),
  });
  process.argv.splice(2, 1);
  await import('../cli/main.ts');
};

/** `backtest ARGUMENT…`: the command of the same name, beside a Prometheus that holds its shifts. */
const backtest = async () => {
  const prometheus = await startShifts(lab, process.env.PATH);
  process.env.SHIFTS_ADDRESS = prometheus.address;
  await import('../cli/main.ts');
  await prometheus.stop();
};

const commands = new Map<string, (...words: string[]) => unknown>([
  ['apply', applyFiles],
  ['down', down],
  ['services', services],
  ['manual', (verb = '', service = '') => doManualStep(verb, service, state)],
  ['status', status],
  ['where', where],
  ['tools', tools],
  ['backtest', backtest],
]);

endWhereNothingCanBePrinted();
try {
  const [name = '', ...words] = process.argv.slice(2);
  if (!existsSync(join(repository, 'compose.yaml'))) throw new LabError('there is no compose.yaml here');
  const command = commands.get(name);
  if (command === undefined)
    throw new LabError(`unknown command ${JSON.stringify(name)}: ${[...commands.keys()].join(', ')}`);
  await command(...words);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  printError(`lab: ${error instanceof PortError ? error.in(process.env) : error.message}`);
  // 3 says to the shell that the lab is as it was before.
  process.exitCode = error instanceof FailedChange ? 1 : 3;
}
