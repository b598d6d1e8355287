import { Gauge, Registry } from 'prom-client';
import { type Format, openMetrics } from './exposition.ts';
import type { Scrape } from './scrape.ts';
import { coreExposition } from './signals/cores.ts';
import { registerCpu } from './signals/cpu.ts';
import { registerMemory } from './signals/memory.ts';
import { registerRequests } from './signals/requests.ts';
import { simulatedBy, type World } from './world.ts';

/**
 * Every metric of one instance, each evaluated at the instant of the scrape.
 * @param clock    unix seconds, fractions included
 * @param process  metrics of the process, which the instances of a fleet share
 * @returns a function that renders one scrape, of now unless an instant is given, unix seconds
 */
export const createMetrics = (
  world: World,
  clock: () => number,
  process: Registry,
): ((format: Format, at?: number) => Promise<string>) => {
  const registry = new Registry();
  const byHand: ((format: Format) => string)[] = [];
  const cores = coreExposition(world.cores);
  let instant = clock();
  let counted = instant;
  const scrape: Scrape = {
    registry,
    instance: world,
    instant: () => instant,
    counted: () => counted,
    write: (lines) => byHand.push(lines),
  };

  registerCpu(scrape);
  registerMemory(scrape);
  registerRequests(scrape);
  for (const { scenario } of simulatedBy(world)) scenario.register?.(scrape, world);
  registerInfo(scrape);

  const render = async (format: Format, at = clock()): Promise<string> => {
    instant = at;
    counted = Math.max(counted, instant);
    const few = `${await registry.metrics()}\n${await process.metrics()}`;
    const many = byHand.map((lines) => lines(format)).join('') + cores(instant, world.seed);
    return format === 'text' ? few + many : `${openMetrics(few)}${many}# EOF\n`;
  };
  // Rendering waits in between, so two scrapes at once take turns: each has an instant of its own.
  let turn: Promise<unknown> = Promise.resolve();
  return (format, at) => {
    const text = turn.then(() => render(format, at));
    turn = text.catch(() => {});
    return text;
  };
};

const registerInfo = ({ registry, instance }: Scrape): void => {
  new Gauge({
    name: 'lab_info',
    help: 'Which signal the exporter simulates, from which seed; the value is always 1.',
    labelNames: ['signal', 'seed'],
    registers: [registry],
  }).set({ signal: instance.signal, seed: instance.seed }, 1);
};
