import { usualSeconds } from '../../lab/base/intervals.ts';
import { anySeed } from '../../lab/chance/chooser.ts';
import { type Level, type Seed, seeds } from '../../lab/incidents/incident.ts';
import { incidentStep } from '../../lab/incidents/step.ts';
import type { Step } from '../../lab/model/lesson.ts';
import type { Plan } from '../../lab/model/plan.ts';
import { incidentPlan } from '../../lab/running/incident-plan.ts';
import { type Setting, wholeNumber } from '../../lab/settings/setting.ts';
import type { Knobs } from './knobs.ts';

/** What level 3 needs no browser tab has. */
type TabLevel = Exclude<Level, 3>;
export const tabLevels: readonly TabLevel[] = [1, 2];

/** An incident in the tab: its times follow the scrape interval at which it was begun, and stay when a knob is turned. */
export type TabIncident = Seed & { level: TabLevel };

export const seedSetting: Setting<number> = wholeNumber(0, seeds - 1);
/** Where the second fault of level 3 can be looked for. */
export const levelThree = 'level 3 needs services that really fail: make incident LEVEL=3';
export const levelSetting: Setting<TabLevel> = {
  expected: `1 or 2 (${levelThree})`,
  parse: (text) => tabLevels.find((each) => String(each) === text),
};

/** The scrape interval that the times of an incident follow where nothing else is said. */
export const paceOf = ({ scrapeSeconds }: Pick<Knobs, 'scrapeSeconds'>): number => scrapeSeconds ?? usualSeconds;

/** The seed of whoever names none, as `make incident` has it. */
export const someSeed = (): number => anySeed(10_000);

/** The step of the catalogue, with what breaks in it. */
export const stepOfIncident = (incident: TabIncident): Step & { plan: Plan } => ({
  ...incidentStep,
  plan: incidentPlan(incident),
});
