import { notified } from '../../lab/evidence/alerts.ts';
import { couldHaveSeen, cpuOf, type Scrape } from '../../lab/evidence/scrape.ts';
import { between, clock, count, duration, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { cpu as gauge, ofExporter } from '../../lab/model/metrics.ts';
import type { Notification } from '../../lab/model/reader.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { countedIn, episodesSaid, notificationsOf } from './counted.ts';
import { episodesOf, type Rule, recordedCpu, rules, storedEpisodes } from './flap.ts';

export type Measured = {
  lab: Lab;
  /** what the evaluations saw; some of it before the stretch that is measured */
  recorded: Sample[];
  gauge: Sample[];
  scrapeAt: (at: number) => Scrape;
  /** of each alert, the evaluations at which it fired */
  firing: Record<string, Sample[]>;
  /** of these alerts; undefined where nothing receives notifications */
  notifications: Notification[] | undefined;
  truth: Truth;
};

/** The evaluations that are measured: times of the first and the last, unix seconds. */
export type Stretch = { from: number; until: number };

/** Of one alert in a stretch: when episodes began. */
export type Episodes = {
  /** by its rule */
  expected: number[];
  stored: number[];
  /** those of which a notification says that they began; undefined where nothing receives any */
  notified: number[] | undefined;
  /** whether Alertmanager still had the first for firing, as after a restart of Prometheus: no notification is due then */
  isKnown: boolean;
};

/** Alertmanager has an alert for firing so long at most after it was last sent. */
export const knownSeconds = 60;

/** Alertmanager gets milliseconds. */
const slack = 0.002;

export const episodesIn = (measured: Measured, rule: Rule, { from, until }: Stretch): Episodes => {
  const recorded = measured.recorded.filter(([at]) => at <= until);
  const firing = (measured.firing[rule.alert] ?? []).filter(([at]) => at <= until);
  const stored = storedEpisodes(firing, recorded, from);
  const messages = measured.notifications && notified(measured.notifications, { alertname: rule.alert }, 'firing');
  const [first = Number.NaN] = stored;
  // One that fires already at the first evaluation may have begun at an earlier one of this Prometheus, of which
  // nothing is stored: the first evaluations after a start leave no ALERTS.
  const began = measured.lab.prometheusStartedAt;
  const isAbout = (at: number) => (startsAt: number) =>
    Math.abs(startsAt - at) <= slack || (at === from && startsAt >= began && startsAt < from);
  return {
    expected: episodesOf(
      rule,
      recorded,
      from,
      firing.some(([at]) => at === from),
    ),
    stored,
    notified: messages && stored.filter((at) => messages.map(({ startsAt }) => startsAt).some(isAbout(at))),
    isKnown: firing.some(([at]) => at < first && first - at <= knownSeconds),
  };
};

/** Episodes that should have a notification and have none. */
export const withoutNotification = ({ stored, notified = stored, isKnown }: Episodes): number[] =>
  stored.filter((at, index) => !notified.includes(at) && !(index === 0 && isKnown));

/** Stretches of high CPU that happened, each from its first second to the one after its last. */
const highs = (truth: Truth): { from: number; until: number }[] => {
  const { firstSecond, values } = cpuOf(truth);
  const isHigh = values.map((value) => value > rules.atOnce.thresholdPercent);
  return isHigh.flatMap((is, index) => {
    if (!is || isHigh[index - 1]) return [];
    const end = isHigh.indexOf(false, index);
    return [{ from: firstSecond + index, until: firstSecond + (end === -1 ? isHigh.length : end) }];
  });
};

const times = (number: number) => (number === 1 ? 'once' : `${number} times`);

export const whatHappened = (truth: Truth, { from, until }: Stretch): Fact => {
  const inside = highs(truth).filter((high) => high.until > from && high.from <= until);
  return {
    fact: `what happened: the CPU was high ${times(inside.length)} in the ${seconds(until - from)} until ${clock(until)}, for 20 s each time, and low for 20 s in between`,
    evidence: truthBetween(from, until),
  };
};

/** The samples beside the truth, and how often the evaluations, which are later, saw it high. */
export const whatWasStored = (
  { lab, gauge: samples, scrapeAt, recorded }: Measured,
  truth: Truth,
  { from, until }: Stretch,
): Claim => {
  const signal = cpuOf(truth);
  const own = samples.filter(([at]) => at >= from && at <= until);
  const wrong = own.filter(([at, value]) => !couldHaveSeen(signal, scrapeAt(at)).includes(value));
  const seen = episodesOf(
    rules.atOnce,
    recorded.filter(([at]) => at <= until),
    from,
  ).length;
  // At either end one may have been too short to be seen.
  const late = lab.scrapeSeconds + lab.evaluationSeconds + 2;
  const length = (high: Stretch) => Math.min(high.until, until) - Math.max(high.from, from);
  const least = highs(truth).filter((high) => length(high) >= late).length;
  const most = highs(truth).filter((high) => high.until > from - late && high.from <= until).length;
  return {
    claim: `what was stored is right: each of ${count(own.length, 'sample')} is what the CPU was, and the evaluations saw it high ${times(seen)}`,
    holds: own.length > 0 && wrong.length === 0 && seen >= least && seen <= most,
    evidence: `${ofExporter(gauge)}[${duration(Math.ceil(until - from))}] at ${clock(until)}, and ${recordedCpu}, beside /truth`,
    expected: `the values of /truth at the scrapes, high ${between(least, most)} times`,
    measured: `${wrong.map(([at, value]) => `${value} at ${clock(at)}`).join(', ') || count(own.length, 'sample')}, high ${times(seen)}`,
    look: `${recordedCpu} in the graph view`,
  };
};

const fired = (number: number) => (number === 0 ? 'never fired' : `fired ${times(number)}`);

/** One alert: its episodes by value, and a notification for each. */
export const alertFinding = (measured: Measured, rule: Rule, stretch: Stretch): Claim => {
  const episodes = episodesIn(measured, rule, stretch);
  const { expected, stored, notified } = episodes;
  const isSame = expected.length === stored.length && expected.every((at, index) => at === stored[index]);
  const silent =
    notified !== undefined && withoutNotification(episodes).length === 0 && notified.length < stored.length;
  const known = silent ? ', since Alertmanager already had it for firing' : '';
  const messages = notified === undefined ? '' : `, ${count(notified.length, 'notification')}${known}`;
  return {
    claim: `${rule.alert}, ${rule.waits}: it ${fired(stored.length)}${messages}`,
    holds: isSame && withoutNotification(episodes).length === 0,
    evidence: `ALERTS{alertname="${rule.alert}",alertstate="firing"}[${duration(Math.ceil(stretch.until - stretch.from))}] at ${clock(stretch.until)}, beside ${recordedCpu} at the same evaluations${notified ? ', and the inbox' : ''}`,
    expected: `${fired(expected.length)}${expected.map((at) => `, ${clock(at)}`).join('')}, and a notification for each`,
    measured: `${fired(stored.length)}${stored.map((at) => `, ${clock(at)}`).join('')}${messages}`,
    look: `ALERTS{alertname="${rule.alert}"} in the graph view`,
    ...(isSame && { notifies: [rule.alert] }),
  };
};

/** The same episodes as the inbox shows them: each has a notification that it began, and another one that it ended. */
export const inTheInbox = ({ lab, notifications }: Measured): Fact[] => {
  if (notifications === undefined) return [];
  const each = Object.values(rules).map(({ alert }) => ({
    alert,
    ...episodesSaid(notificationsOf(notifications, alert, lab)),
  }));
  const rows = each.filter(({ fired: number }) => number > 0);
  if (rows.length === 0) return [];
  return [
    {
      fact: `the same in the inbox, where an alert that is resolved notifies as well: ${rows.map(({ alert, fired: begun, resolved }) => `${alert} ${begun} fired and ${resolved} resolved`).join(', ')}`,
      evidence: `the guide's inbox, of what fired by ${clock(countedIn(lab).until)}`,
    },
  ];
};
