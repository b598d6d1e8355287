import { byId } from '../../guide/page/dom.ts';
import { start } from '../../guide/page/on-call/page.ts';
import type { ShownExperiment } from '../../lab/running/on-call.ts';
import { keepForLater } from './keep.ts';
import { loadEngine } from './load.ts';
import { tabShifts } from './shifts.ts';

/** Number and title of every experiment by its slug, as JSON: all that this page needs of the lessons. */
declare const EXPERIMENTS: string;
const experiments = JSON.parse(EXPERIMENTS) as Readonly<Record<string, ShownExperiment>>;

const say = (words: string) => {
  byId('engine').textContent = words;
};
const engine = loadEngine(say);
engine.then(
  () => say('Real: Prometheus’ own engine, which evaluates every rule. Simulated: the shifts.'),
  // The page says it where a score would be.
  () => say(''),
);
engine.then(keepForLater).catch(() => {});
start(tabShifts(engine, (slug) => experiments[slug]!));
