import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { repository } from '../../lab/repository.ts';
import { apply, end } from './apply.ts';
import { type Project, readProject, type Settings, withAddresses } from './compose.ts';
import { LabError } from './error.ts';
import { planFor } from './plan.ts';
import { isRunning } from './processes.ts';
import { natives } from './services.ts';
import { stateIn } from './state.ts';

const lab = join(repository, '.lab');
const state = stateIn(join(lab, 'state.json'));

const read = (name: string) => readFileSync(join(repository, name), 'utf8');
const settings: Settings = { ...parseEnv(read('.env')), ...process.env };

const projectWith = (overrides: readonly string[]): Project =>
  readProject(
    ['compose.yaml', ...overrides].map((name) => ({ name, text: read(name) })),
    settings,
  );

const applyFiles = async (...overrides: string[]) => {
  const { run, leftOut } = planFor(projectWith(overrides), settings, repository, lab);
  for (const { service, reason } of leftOut) console.error(`lab: ${service} is left out (${reason})`);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(new LabError(`ended by ${signal}; what had been started is stopped`)));
  }
  await apply(run, state, interrupted.signal);
};

const status = () => {
  const entries = state.read();
  const rows = Object.keys({ ...projectWith([]), ...entries })
    .filter((service) => service in natives)
    .map((service) => {
      const entry = entries[service];
      if (entry === undefined) return [service, 'stopped', '', ''];
      return [service, isRunning(entry) ? 'running' : 'died', String(entry.pid), `http://${entry.address}`];
    });
  for (const [service, word, pid, address] of [['SERVICE', 'STATE', 'PID', 'ADDRESS'], ...rows]) {
    console.log(`${service!.padEnd(14)}${word!.padEnd(10)}${pid!.padEnd(9)}${address}`.trimEnd());
  }
};

/** The commands that the tools container has in Compose, with the environment that it has there. */
const tools = async () => {
  const project = projectWith([]);
  const environment = withAddresses(project.tools!.environment, project);
  const profiles = environment.PROFILES?.split(',').filter((name) => !natives[name]?.missing?.(settings));
  Object.assign(process.env, environment, { PROFILES: profiles?.join(',') });
  process.argv.splice(2, 1);
  await import('../cli/main.ts');
};

const commands = new Map<string, (...words: string[]) => unknown>([
  ['apply', applyFiles],
  ['down', () => end(Object.keys(state.read()), state)],
  ['status', status],
  ['tools', tools],
]);

try {
  const [name = '', ...words] = process.argv.slice(2);
  if (!existsSync(join(repository, 'compose.yaml'))) throw new LabError('there is no compose.yaml here');
  const command = commands.get(name);
  if (command === undefined)
    throw new LabError(`unknown command ${JSON.stringify(name)}: apply, down, status or tools`);
  await command(...words);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(`lab: ${error.message}`);
  process.exitCode = 1;
}
