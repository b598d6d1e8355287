/**
 * make faults: breaks the lab on purpose and asserts what holds then. Settings:
 *
 *   PART=lab|backend|beside|scrape|hostile|soak|security   one part instead of all
 *   SEED=7        repeats hostile requests        COUNT=10000  how many
 *   ONLY=disk     the faults whose name holds this
 *   FULL=1        Prometheus is stopped for two minutes instead of 40 s, and 10 000 groups are pushed instead of 2 000
 */

import { seconds } from '../../lab/model/format.ts';
import { labAt } from '../support/lab.ts';
import { runtimeNamed } from '../support/runtime.ts';
import { table } from '../support/table.ts';
import { backendFaults } from './backend.ts';
import { besideFaults } from './beside.ts';
import { commandFaults } from './commands.ts';
import { diskFault, walFault } from './disk.ts';
import type { Fault, Row } from './fault.ts';
import { hostileFault } from './hostile-run.ts';
import { hangFault, killFaults, termFault } from './kills.ts';
import { scrapeFaults } from './scrape.ts';
import { securityChecks } from './security.ts';
import { soakFault } from './soak.ts';
import { stopFault } from './stop.ts';

const { PART = '', SEED, COUNT, SCRAPES, ONLY = '' } = process.env;
const seed = Number(SEED || Math.floor(Math.random() * 2 ** 31));

const lab = labAt(process.env);
const runtime = runtimeNamed(process.env.RUNTIME);

type Part = { faults: Fault[]; end?: () => Promise<void> };

const parts: Record<string, () => Part | Promise<Part>> = {
  lab: async () => {
    await lab.up();
    return {
      faults: [
        stopFault(lab, runtime, process.env.FULL === '1' ? 120 : 40),
        ...killFaults(lab, runtime),
        hangFault(lab, runtime),
        termFault(lab, runtime),
        walFault(lab, runtime),
        ...commandFaults(lab),
        diskFault(lab, runtime),
      ],
    };
  },
  backend: () => ({ faults: backendFaults(lab, runtime) }),
  beside: () => ({ faults: besideFaults(lab, runtime, process.env.FULL === '1' ? 10_000 : 2_000) }),
  scrape: scrapeFaults,
  hostile: () => ({ faults: [hostileFault(Number(COUNT || 10_000), seed)] }),
  soak: () => ({ faults: [soakFault(Number(SCRAPES || 200_000))] }),
  security: async () => ({ faults: await securityChecks(process.env.GRAFANA_ADMIN_PASSWORD) }),
};

const tryFault = async ({ name, skip, run }: Fault): Promise<Row> => {
  if (skip !== undefined) return { fault: name, lost: `not run: ${skip}`, recovery: '', outcome: 'not run' };
  console.log(`— ${name}`);
  const begun = performance.now();
  try {
    const result = await run();
    console.log(`  held, in ${seconds((performance.now() - begun) / 1_000)}`);
    return { fault: name, ...result, outcome: 'held' };
  } catch (error) {
    console.error(error);
    const [reason = ''] = (error as Error).message.split('\n');
    return { fault: name, lost: `does not hold: ${reason.slice(0, 90)}`, recovery: '', outcome: 'failed' };
  }
};

if (PART !== '' && !(PART in parts)) {
  console.error(`faults: PART must be ${Object.keys(parts).join(', ')} or nothing, got ${JSON.stringify(PART)}`);
  process.exit(1);
}
const begun = performance.now();
const rows: Row[] = [];
for (const part of PART ? [PART] : Object.keys(parts)) {
  const { faults, end } = await parts[part]!();
  try {
    for (const fault of faults.filter(({ name }) => name.includes(ONLY))) rows.push(await tryFault(fault));
  } finally {
    await end?.();
  }
}
const marks: Record<Row['outcome'], string> = { held: '✓', failed: '✗', 'not run': '–' };
const cells = rows.map(({ fault, lost, recovery, outcome }) => [marks[outcome], fault, lost, recovery]);
const shown = table('', ['', 'fault', 'what was lost', 'time to recover'], cells, 'left');
const outcomes = Object.keys(marks).map((each) => `${rows.filter(({ outcome }) => outcome === each).length} ${each}`);
console.log(`${shown}\n  ${outcomes.join(', ')}; ${seconds((performance.now() - begun) / 1_000)} in all`);
process.exitCode = rows.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
