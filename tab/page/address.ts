import { incidentStep } from '../../lab/incidents/step.ts';
import { type Setting, wholeNumber } from '../../lab/settings/setting.ts';
import { levelSetting, paceOf, seedSetting, someSeed, type TabIncident } from './incident.ts';
import { type Knobs, knobNames, knobs, usualKnobs } from './knobs.ts';

/** What the address says of the lab in front of its #; behind it the page keeps the query. Times are unix seconds. */
export type Place = {
  /** a lesson's command */
  lesson: string;
  knobs: Knobs;
  /** when the lesson began; undefined where it begins now */
  begun: number | undefined;
  /** to which instant it has come; undefined at its beginning */
  at: number | undefined;
  /** the scrape interval beside which it is shown */
  beside: number | undefined;
  /** what breaks, where the lesson is an incident */
  incident: TabIncident | undefined;
};

/** A lesson is followed from its beginning: what a link opens is simulated at once. */
export const longestSeconds = 3 * 3_600;
const instant = wholeNumber(1, 4_000_000_000);

/**
 * @param search  of the address
 * @param lessons  commands of those that can be opened
 * @returns what it says, and a sentence for each part of it that is not right, which is left out
 */
export const readPlace = (search: string, lessons: readonly string[]): { place: Place; problems: string[] } => {
  const given = new URLSearchParams(search);
  const problems: string[] = [];
  const read = <Value>(
    name: string,
    expected: string,
    parse: (text: string) => Value | undefined,
  ): Value | undefined => {
    const text = given.get(name);
    if (text === null) return undefined;
    const value = parse(text);
    if (value === undefined) problems.push(`${name} must be ${expected}, got ${JSON.stringify(text.slice(0, 60))}`);
    return value;
  };
  const turned = Object.fromEntries(
    knobNames.map((key) => {
      const { name, expected, parse } = knobs[key];
      return [key, read(name, expected, parse) ?? usualKnobs[key]];
    }),
  ) as Knobs;
  const lesson = read('lesson', 'a lesson, such as exp-5', (text) => lessons.find((each) => each === text));
  const begun = read('from', 'when the lesson began, in unix seconds', instant.parse);
  const at = read('at', `an instant within ${longestSeconds / 3_600} hours of from, in unix seconds`, (text) => {
    const value = instant.parse(text);
    const isNear = value !== undefined && begun !== undefined && value >= begun && value <= begun + longestSeconds;
    return isNear ? value : undefined;
  });
  const { expected: interval, parse: toSeconds } = knobs.scrapeSeconds as Setting<number>;
  const beside = read('beside', interval, toSeconds);
  const readIncident = (): TabIncident => ({
    seed: read('incident', seedSetting.expected, seedSetting.parse) ?? someSeed(),
    level: read('level', levelSetting.expected, levelSetting.parse) ?? 1,
    scrapeSeconds: read('pace', interval, toSeconds) ?? paceOf(turned),
  });
  const incident = lesson === incidentStep.command ? readIncident() : undefined;
  return { place: { lesson: lesson ?? 'up', knobs: turned, begun, at, beside, incident }, problems };
};

const inAddress = ({ seed, level, scrapeSeconds }: TabIncident, turned: Knobs) => ({
  incident: seed,
  level,
  pace: scrapeSeconds === paceOf(turned) ? undefined : scrapeSeconds,
});

/** @param view  how the page is shown, which stays @returns the part of an address in front of its # */
export const searchOf = (
  { lesson, knobs: turned, begun, at, beside, incident }: Place,
  view: string | null,
): string => {
  const parameters = new URLSearchParams({ ...(view !== null && { view }), lesson });
  for (const key of knobNames) {
    const value = turned[key];
    if (value !== undefined && value !== usualKnobs[key]) parameters.set(knobs[key].name, String(value));
  }
  const others = {
    ...(incident && inAddress(incident, turned)),
    beside,
    from: begun,
    at: at === undefined ? undefined : Math.floor(at),
  };
  for (const [name, value] of Object.entries(others)) if (value !== undefined) parameters.set(name, String(value));
  return `?${parameters}`;
};
