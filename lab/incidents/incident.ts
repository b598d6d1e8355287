import { chooserOf } from '../chance/chooser.ts';
import { instanceName } from '../model/metrics.ts';
import { seal } from '../settings/sealed.ts';
import type { Chosen, Fault, Happening } from './fault.ts';
import { faults } from './faults.ts';
import { fleetSettings, instances, routes } from './fleet.ts';
import { type Herring, herrings } from './herrings.ts';

/** What decides an incident, all of it. */
export type Seed = {
  seed: number;
  level: Level;
  /** its times follow the scrapes, so that at any interval some see it begin and end */
  scrapeSeconds: number;
};

/** A seed is a whole number from 0 to one less. */
export const seeds = 2 ** 31;

/** 1: one fault. 2: something harmless beside it. 3: a second fault, in the monitoring itself. */
export const levels = [1, 2, 3] as const;
export type Level = (typeof levels)[number];

type Planned = { fault: Fault; chosen: Chosen };
export type Incident = Seed & {
  /** one, or two at level 3 */
  planned: readonly Planned[];
  herring?: { herring: Herring; number: number; afterSeconds: number };
};

/** For the exporter: settings beside those of the fleet. */
export const settingsOf = ({ planned, herring }: Incident): Record<string, string> =>
  Object.assign(
    {},
    ...planned.map(({ fault, chosen }) => fault.settings(chosen)),
    herring?.herring.settings(herring.number, herring.afterSeconds),
  );

/** All that the exporter of an incident is started with. */
export const environmentOf = (incident: Incident): Record<string, string> => ({
  ...fleetSettings,
  ...settingsOf(incident),
});

/** Until every target has been scraped a few times: service discovery takes up to ten seconds. */
const settledSeconds = 25;

/** Nothing happens before, nothing harmless either: the fleet starts, and scrapes of what does not listen yet fail. */
export const calmSeconds = 15;

const stream = 11;

/** The incident of a seed, the same on every machine. */
export const incidentOf = ({ seed, level, scrapeSeconds }: Seed): Incident => {
  const { chance, upTo, of } = chooserOf(seed, stream + level);

  const begins = settledSeconds + Math.ceil((3 + 8 * chance()) * scrapeSeconds) + upTo(20);
  const lasts = 12 + Math.ceil((6 + 6 * chance()) * scrapeSeconds) + upTo(12);
  const second = level === 3 ? of(faults.filter(({ kind }) => kind === 'monitoring')) : undefined;
  const first = of(faults.filter((each) => each.kind === 'service' && (second?.beside?.(each) ?? true)));
  const place = (fault: Fault, not: readonly number[]) => {
    const free = Array.from({ length: instances }, (_, index) => index + 1).filter(
      (each) => each >= (fault.first ?? 1) && !not.includes(each),
    );
    return of(free);
  };
  const chosenFor = (fault: Fault, not: readonly number[], afterSeconds: number, seconds: number): Planned => ({
    fault,
    chosen: {
      number: place(fault, not),
      route: of(Object.keys(routes)),
      afterSeconds,
      seconds,
      scrapeSeconds,
      size: chance(),
    },
  });
  const main = chosenFor(first, [], begins, lasts);
  const common = { seed, level, scrapeSeconds };
  const { number } = main.chosen;
  if (second !== undefined) {
    const later = { afterSeconds: begins + upTo(Math.floor(lasts / 2)), seconds: lasts + upTo(10) };
    const { afterSeconds, seconds } = second.times?.(main.chosen) ?? later;
    return { ...common, planned: [main, chosenFor(second, [number], afterSeconds, seconds)] };
  }
  if (level === 2) {
    // What has errors of its own is no herring of a route that fails everywhere.
    const fitting = first.cause === 'route' ? [herrings[0]!, herrings[2]!] : herrings;
    const herring = { herring: of(fitting), number: place(first, [number]), afterSeconds: begins - 2 - upTo(8) };
    return { ...common, planned: [main], herring };
  }
  return { ...common, planned: [main] };
};

/**
 * What the exporter is handed, which says nothing to whoever sees it.
 * @param madeAt  another text for each, so that the exporter begins anew
 */
export const sealedIncident = ({ seed, level, scrapeSeconds }: Seed, madeAt = Date.now()): string =>
  seal({
    ...environmentOf(incidentOf({ seed, level, scrapeSeconds })),
    SEED: `${seed}`,
    LEVEL: `${level}`,
    SCRAPES: `${scrapeSeconds}`,
    MADE_AT: `${madeAt}`,
  });

/** @param startedAt  when the exporter began, unix seconds */
export const happeningsOf = ({ planned }: Incident, startedAt: number): Happening[] =>
  planned.map(({ fault, chosen }) => {
    const from = startedAt + chosen.afterSeconds;
    return { fault, chosen, from, to: from + (fault.lasts?.(chosen) ?? chosen.seconds) };
  });

export const instanceOfHerring = ({ herring }: Incident): string | undefined => herring && instanceName(herring.number);
