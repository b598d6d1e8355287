import { clock, count, grouped } from '../model/format.ts';
import { beginOf } from './scenarios.ts';
import { firstPageAt, type JudgedIncident, type JudgedPage, type ShiftScore } from './score.ts';
import { avoidable, type Scenario, type Slug, savedBy } from './shift.ts';

/** What went wrong in a shift, and where it is shown why. */
export type Moment = {
  seed: number;
  /** unix seconds */
  at: number;
  /** in a sentence */
  what: string;
  /** how often the same went wrong in these shifts */
  times: number;
  shownBy: Slug;
};

/** One loss. Losses of the same kind have the same `kind`. */
type Loss = Omit<Moment, 'times'> & { kind: string; weight: number };

/** A page that saves nothing weighs as much as half of an incident: who gets many of them reads none. */
const uselessWeight = 0.5;

/** Where nothing that happened explains a loss, the lesson of alerting does. */
const withoutEvent: Slug = 'alerting';
const repeated: Slug = 'flapping';

const pageLoss = (scenario: Scenario, seed: number, { page, kind, event }: JudgedPage): Loss => {
  const during = event === undefined ? 'while nothing was under way' : `during ${event.what}`;
  const words = {
    false: `a page ${during}`,
    'not worth a page': `a page ${during}, of which ${event && avoidable(event) > 0 ? 'too little' : 'nothing'} can be avoided`,
    'too late': `a page ${during}, too late to avoid enough`,
    repeat: `another page ${during}`,
    useful: '',
  }[kind];
  return {
    seed,
    at: beginOf(scenario, seed) + page.at,
    what: words,
    kind: `${kind} ${event?.what}`,
    weight: uselessWeight,
    shownBy: kind === 'repeat' ? repeated : (event?.shownBy ?? withoutEvent),
  };
};

const incidentLoss = (scenario: Scenario, seed: number, incident: JudgedIncident, mean: number): Loss => {
  const { event, saved, detectedAfter } = incident;
  const lost = savedBy(event, firstPageAt(event)) - saved;
  const begin = `${clock(beginOf(scenario, seed) + event.from)} to ${clock(beginOf(scenario, seed) + event.until)}`;
  const cost = `${grouped(Math.round(lost))} ${scenario.unit} could have been avoided`;
  return {
    seed,
    at: beginOf(scenario, seed) + event.from,
    what:
      detectedAfter === undefined
        ? `no useful page for ${event.what}, ${begin}: ${cost}`
        : `the page for ${event.what} came ${Math.round(detectedAfter)} s after its begin: ${cost} by the first possible page`,
    kind: `${detectedAfter === undefined ? 'missed' : 'late'} ${event.what}`,
    weight: lost / mean,
    shownBy: detectedAfter === undefined ? event.shownBy : withoutEvent,
  };
};

/**
 * The worst moments of these shifts, of different kinds: of each kind of loss the worst one, and how often there was one.
 * @returns as many as asked for, or fewer where less went wrong; the worst first
 */
export const worstMoments = (scenario: Scenario, shifts: readonly ShiftScore[], most = 3): Moment[] => {
  const worth = shifts.flatMap(({ incidents }) => incidents).filter(({ isWorth }) => isWorth);
  const mean = worth.reduce((sum, { avoidable }) => sum + avoidable, 0) / Math.max(1, worth.length);
  const losses = shifts.flatMap(({ seed, pages, incidents }) => [
    ...pages.filter(({ kind }) => kind !== 'useful').map((page) => pageLoss(scenario, seed, page)),
    ...incidents
      .filter(({ isWorth }) => isWorth)
      .map((incident) => incidentLoss(scenario, seed, incident, mean))
      // Less than a page can make good.
      .filter(({ weight }) => weight * mean >= 1),
  ]);
  const kinds = [...new Set(losses.map(({ kind }) => kind))].map((kind) => losses.filter((each) => each.kind === kind));
  const weightOf = (same: readonly Loss[]) => same.reduce((sum, { weight }) => sum + weight, 0);
  return kinds
    .sort((one, other) => weightOf(other) - weightOf(one))
    .slice(0, most)
    .map((same) => {
      const { kind, weight, ...moment } = same.reduce((one, other) => (other.weight > one.weight ? other : one));
      return { ...moment, times: same.length };
    });
};

/** What a moment says, on one line. */
export const momentText = ({ seed, at, what, times }: Moment): string =>
  `shift ${seed}, ${clock(at)}: ${what}${times > 1 ? ` (${count(times, 'time')} in these shifts)` : ''}`;
