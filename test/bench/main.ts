/**
 * make bench: speed and cost, measured on this machine and printed; nothing is asserted.
 *
 *   make bench [PART=exporter|growth|lab|backtest|site|states] [SIZES=10,1000] [ROUNDS=3] [SECONDS=0.6] [PEERS=Python,Go]
 *              [NODES=<another node>,…] [RUNTIME=native|compose] [CHECK=1] [TEST=1]
 *              [STEPS=exp-9,exp-13] [STORED=1000,10000]
 *
 * Without PART it is all but the states, which take half an hour; STEPS measures some of them.
 * STORED gives the sizes at which a Prometheus, and Thanos and VictoriaMetrics where they are in PATH, are filled. With
 * both backends and the default sizes, which take 40 minutes, it writes docs/scale.md; what there is so far is kept in
 * .artefacts/bench/scale.md. `sh packaging/go-programs.sh thanos` prints the folder of what it builds, for PATH.
 * NODES measures the exporter on other Nodes, too; CHECK and TEST add make check and make test.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { memoryFile, memoryOverBase } from '../../scripts/cli/state-memory.ts';
import { repository as folder } from '../../scripts/host/repository.ts';
import { noChromium } from '../support/chromium.ts';
import { findProgram } from '../support/programs.ts';
import { backtestTable, benchBacktest, benchOnCall, onCallTable } from './backtest.ts';
import type { Runtime } from './copy.ts';
import { benchExporters, exporterTables, ratioTable } from './exporter.ts';
import { benchGrowth, exponents, growthTable } from './growth.ts';
import { benchDashboards, benchFloor, benchLab, benchTests, type Line, labTable } from './lab.ts';
import { findPeers, labOn } from './peers.ts';
import { findBackends } from './scale/backends.ts';
import { benchStored, storedSizes } from './scale/bench.ts';
import { scaleDocument } from './scale/document.ts';
import { benchStates, changed, overBase, type State, statesTable } from './states.ts';

const artefacts = join(folder, '.artefacts/bench');
const setting = (name: string, fallback: string) => process.env[name] || fallback;
const list = (name: string, fallback: string) => setting(name, fallback).split(',').filter(Boolean);
const progress = (line: string) => process.stderr.write(`bench: ${line}\n`);

const machine = {
  date: new Date().toISOString(),
  cores: availableParallelism(),
  processor: cpus()[0]?.model.trim(),
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
};

const keep = (part: string, figures: unknown) => {
  mkdirSync(artefacts, { recursive: true });
  writeFileSync(join(artefacts, `${part}.json`), `${JSON.stringify({ machine, figures }, null, 2)}\n`);
};

/** Numbers of series; what is none ends the bench before it begins. */
const sizesIn = (name: string, least: number, fallback: string): number[] => {
  const given = list(name, fallback).map(Number);
  if (given.length > 0 && given.every((each) => Number.isInteger(each) && each >= least)) return given;
  console.error(
    `bench: ${name} must be whole numbers from ${least} on, such as ${fallback}, got "${process.env[name]}"`,
  );
  process.exit(1);
};
const sizes = (fallback: string) => sizesIn('SIZES', 1, fallback);
const rounds = Number(setting('ROUNDS', '3'));
const hasPrometheus = findProgram('prometheus') !== undefined;
const noPrometheus = 'Prometheus is left out: it is neither in PATH nor unpacked; make up RUNTIME=native gets it';

const exporter = async () => {
  const { found, missing } = findPeers(folder, artefacts, list('NODES', ''));
  for (const line of missing) progress(line);
  const wanted = list('PEERS', '');
  const peers = found.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  const results = await benchExporters({
    peers,
    sizes: sizes('10,1000,10000,100000'),
    rounds,
    seconds: Number(setting('SECONDS', '0.6')),
    folder,
    progress,
  });
  keep('exporter', { peers, missing, results });
  console.log(`\n${exporterTables(results)}\n${ratioTable(results)}`);
  for (const { name, version } of peers) console.log(`  ${name}: ${version}`);
  for (const line of missing) console.log(`  ${line}`);
};

const growth = async () => {
  const peer = findLab();
  // A hundredth of the counters is asked for, too.
  const chosen = sizesIn('STORED', 200, storedSizes.join(','));
  if (!hasPrometheus) progress(noPrometheus);
  const points = await benchGrowth(peer, hasPrometheus, sizes('10,100,1000,10000,100000'), folder, progress);
  keep('growth', { peer, points, exponents: exponents(points, 0), exponentsFrom1000: exponents(points, 1_000) });
  console.log(`\n${growthTable(points)}`);
  if (hasPrometheus) await stored(chosen);
};

/** What stored series cost, at sizes up to a million. docs/scale.md takes all of it; what there is, is kept meanwhile. */
const stored = async (chosen: readonly number[]) => {
  const { found, absent } = findBackends();
  for (const line of absent) progress(line);
  const described = `${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.date.slice(0, 10)}`;
  let text: string | undefined;
  await benchStored(chosen, found, folder, progress, (measured) => {
    keep('stored', measured);
    text = scaleDocument({ ...measured, machine: described });
    if (text !== undefined) writeFileSync(join(artefacts, 'scale.md'), text);
  });
  if (text === undefined) return progress('stored: it takes two sizes, one of 10 000 or more, to fit figures to them');
  console.log(text);
  if (absent.length === 0 && !process.env.STORED) writeFileSync(join(folder, 'docs/scale.md'), text);
  else
    progress('docs/scale.md stays as it was: it takes every backend, and no STORED; this is .artefacts/bench/scale.md');
};

const lab = async () => {
  const lines: Line[] = [];
  if (hasPrometheus) lines.push(await benchFloor(findLab(), folder, rounds));
  else progress(noPrometheus);
  lines.push(benchDashboards(folder, rounds));
  if (setting('TEST', '')) lines.push(benchTests(folder));
  const runtimes: Partial<Record<Runtime, Line[]>> = {};
  for (const runtime of chosenRuntimes()) {
    runtimes[runtime] = await benchLab(folder, runtime, rounds, setting('CHECK', '') !== '', progress);
  }
  keep('lab', { lines, runtimes });
  console.log(`\n${labTable('Lab: in any runtime', lines)}`);
  for (const [runtime, own] of Object.entries(runtimes)) console.log(labTable(`Lab: RUNTIME=${runtime}`, own));
};

const backtest = async () => {
  if (!hasPrometheus) {
    progress(noPrometheus);
    return;
  }
  const measured = await benchBacktest(rounds, progress);
  if (noChromium) progress(`the page On call ${noChromium}`);
  const page = noChromium ? undefined : await benchOnCall(rounds, progress);
  keep('backtest', { measured, ...(page && { page }) });
  console.log(`\n${backtestTable(measured)}`);
  if (page) console.log(`\n${onCallTable(page)}`);
};

const site = async () => {
  // Of the page's own types, which are a browser's.
  type Tables = { title: string; lines: Line[] }[];
  type Bench = (rounds: number, progress: (line: string) => void) => Promise<Tables>;
  const program = new URL('../../tab/test/bench.ts', import.meta.url).href;
  const { lacking, benchSite }: { lacking: string | false; benchSite: Bench } = await import(program);
  if (lacking) {
    progress(`the site is left out: ${lacking}`);
    return;
  }
  const measured = await benchSite(rounds, progress);
  keep('site', measured);
  for (const { title, lines } of measured) console.log(`\n${labTable(title, lines)}`);
};

const states = async () => {
  const only = list('STEPS', '');
  const known = changed.map(({ command }) => command);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`bench: STEPS must be of ${known.join(', ')}, got "${unknown.join(', ')}"`);
    process.exit(1);
  }
  const runtimes: Partial<Record<Runtime, State[]>> = {};
  for (const runtime of chosenRuntimes()) {
    const measured = await benchStates(folder, runtime, only, progress);
    runtimes[runtime] = measured;
    console.log(`\n${statesTable(runtime, measured)}`);
    if (runtime === 'native') keepMemory(overBase(measured));
  }
  keep('states', runtimes);
};

/** What make exp-N prints is of the native runtime; steps that were not measured now keep their figure. */
const keepMemory = (measured: Record<string, number>) => {
  const all = { ...memoryOverBase, ...measured };
  const megabytes = Object.fromEntries(
    changed.flatMap(({ command }) => (command in all ? [[command, all[command]]] : [])),
  );
  const made = `last: make bench PART=states, RUNTIME=native, ${machine.date.slice(0, 10)}, Node ${machine.node}`;
  writeFileSync(memoryFile, `${JSON.stringify({ made, megabytes }, null, 2)}\n`);
};

const findLab = () => labOn(process.execPath);

const chosenRuntimes = (): Runtime[] => {
  const only = setting('RUNTIME', '');
  if (only === 'native' || only === 'compose') return [only];
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 });
    return ['native', 'compose'];
  } catch {
    progress('compose is left out: no Docker engine answers');
    return ['native'];
  }
};

const parts: Record<string, () => Promise<void>> = { exporter, growth, lab, backtest, site, states };
const onlyByName = ['states'];

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const chosen = process.argv[2] || '';
if (chosen !== '' && !(chosen in parts)) {
  console.error(`bench: PART must be ${Object.keys(parts).join(', ')} or nothing, got "${chosen}"`);
  process.exit(1);
}
const { cores, processor, memoryGigabytes, node } = machine;
console.log(`bench: ${machine.date.slice(0, 10)}, ${cores} cores (${processor}), ${memoryGigabytes} GB, Node ${node}`);
for (const [name, part] of Object.entries(parts)) {
  if (chosen === name || (chosen === '' && !onlyByName.includes(name))) await part();
}
