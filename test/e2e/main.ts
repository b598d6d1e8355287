/**
 * The end-to-end run: every lane in a process of its own, side by side. What a lane said is printed when it has ended,
 * so that the lines of two do not mix. Ends with 1 where a lane fails.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { experiments } from '../../experiments/catalogue.ts';
import { firstAddedPort, ports } from '../../lab/running/settings.ts';
import { repository } from '../../scripts/host/repository.ts';
import { incidentLanes, type Lane, lanesFor } from './lanes.ts';

const logs = join(repository, '.lab/e2e');
mkdirSync(logs, { recursive: true });

/** The usual ports, or those that are set for the whole run, moved by the lane's share. */
const portsOf = ({ portsAbove }: Lane): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...ports, ENGINE_PORT: firstAddedPort }).map(([name, usual]) => [
      name,
      String(Number(process.env[name] || usual) + portsAbove),
    ]),
  );

/** The lab of a lane, for its tests and for every command that they run. */
const surroundings = (lane: Lane): NodeJS.ProcessEnv => ({
  ...process.env,
  ...portsOf(lane),
  ...lane.settings,
  ...(lane.name && { LAB_NAME: lane.name }),
  LANE: lane.experiments.join(','),
  INCIDENTS: (lane.incidents ?? []).map(({ level, seed }) => `${level}:${seed}`).join(','),
});

/** Runs a program to its end. @param log  where its output goes @returns its exit code */
const ended = (program: string, args: readonly string[], env: NodeJS.ProcessEnv, log: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: repository, env, stdio: ['ignore', log, log] });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });

const logOf = ({ name = 'lab' }: Lane): string => join(logs, `${name}.log`);

/** The most lines of one lane's failures that are said once more. */
const mostLines = 40;

/** What the runner lists as failed, without where in Node's own code; the end of the log where the runner says nothing. */
const failuresIn = (log: string): string => {
  const lines = log.split('\n').filter((line) => !/^ +at |^$/.test(line));
  const from = lines.lastIndexOf('✖ failing tests:');
  return (from === -1 ? lines.slice(-mostLines) : lines.slice(from, from + mostLines)).join('\n');
};

/** Plays a lane, ends its lab, and prints what was said. @returns 0 where all of it holds */
const play = async (lane: Lane): Promise<number> => {
  const log = openSync(logOf(lane), 'w');
  const files = lane.files.map((name) => `test/e2e/${name}.e2e.ts`);
  const tests = ['--import', 'tsx', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files];
  const code = await ended(process.execPath, tests, surroundings(lane), log);
  // A lab of the learner's own name keeps its data.
  const end = lane.name === undefined ? 'down' : 'clean';
  const down = await ended('sh', ['scripts/cli/lab.sh', end], surroundings(lane), log);
  closeSync(log);
  console.log(`\n=== ${[lane.name ?? 'the lab', ...lane.files, ...lane.experiments].join(' ')}`);
  console.log(readFileSync(logOf(lane), 'utf8'));
  return code || down;
};

const labs = Number(process.env.LANES || '3');
const asked = Number(process.env.INCIDENTS || '0');
const lanes = asked > 0 ? incidentLanes(asked, labs) : lanesFor(experiments, labs, process.env.SMOKE === '1');
// Images and programs are made ready once, and not by all lanes at the same time.
for (const command of [['step', 'up'], ['down']]) {
  const code = await ended(
    'sh',
    ['scripts/cli/lab.sh', ...command],
    surroundings(lanes.find(({ name }) => name === undefined) ?? lanes[0]!),
    2,
  );
  if (code !== 0) process.exit(code);
}
/** With more labs at once two cores are so busy that scrapes every second come late. */
const atOnce = 5;
const codes: number[] = [];
const left = [...lanes.entries()];
const playOn = async (): Promise<void> => {
  for (let next = left.shift(); next !== undefined; next = left.shift()) codes[next[0]] = await play(next[1]);
};
await Promise.all(Array.from({ length: atOnce }, playOn));
for (const [index, lane] of lanes.entries())
  console.log(`${codes[index] === 0 ? '✔' : '✖'} ${lane.name ?? 'the lab'}: ${logOf(lane)}`);
// Once more at the end, where a reader looks first: what failed, and why.
for (const [index, lane] of lanes.entries())
  if (codes[index] !== 0) console.log(failuresIn(readFileSync(logOf(lane), 'utf8')));
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
