/**
 * make bench: speed and cost, measured on this machine and printed; nothing is asserted.
 *
 *   node --import tsx bench/main.ts [exporter|growth|lab]
 *
 * SIZES=10,1000  ROUNDS=3  SECONDS=0.6  NODES=/path/to/another/node,…
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchExporters, exporterTables, ratioTable } from './exporter.ts';
import { findPeers } from './peers.ts';

const folder = join(import.meta.dirname, '..');
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

const exporter = async () => {
  const { found, missing } = findPeers(folder, artefacts, list('NODES', ''));
  for (const line of missing) progress(line);
  const wanted = list('PEERS', '');
  const peers = found.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  const results = await benchExporters({
    peers,
    sizes: list('SIZES', '10,1000,10000,100000').map(Number),
    rounds: Number(setting('ROUNDS', '3')),
    seconds: Number(setting('SECONDS', '0.6')),
    folder,
    progress,
  });
  keep('exporter', { peers, missing, results });
  console.log(`\n${exporterTables(results)}\n${ratioTable(results)}`);
  for (const { name, version } of peers) console.log(`  ${name}: ${version}`);
  for (const line of missing) console.log(`  ${line}`);
};

const parts: Record<string, () => Promise<void>> = { exporter };

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const chosen = process.argv[2] || '';
if (chosen !== '' && !(chosen in parts)) {
  console.error(`bench: PART must be ${Object.keys(parts).join(', ')} or nothing, got "${chosen}"`);
  process.exit(1);
}
const { cores, processor, memoryGigabytes, node } = machine;
console.log(`bench: ${machine.date.slice(0, 10)}, ${cores} cores (${processor}), ${memoryGigabytes} GB, Node ${node}`);
for (const [name, part] of Object.entries(parts)) if (chosen === '' || chosen === name) await part();
