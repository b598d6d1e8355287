import { notified } from '../../lab/evidence/alerts.ts';
import { clock, count, listed, seconds } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import type { AlertFlags, Notification } from '../../lab/model/reader.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { restoredActiveAt } from '../../lab/promql/for-state.ts';
import {
  brief,
  cache,
  database,
  firing,
  forState,
  holdSeconds,
  kept,
  long,
  type Restart,
  type Stored,
} from './restart.ts';

/** A time is stored in milliseconds. */
const slack = 0.002;
const isAt = (one: number | undefined, other: number): boolean => one !== undefined && Math.abs(one - other) <= slack;

export type Notifications = readonly Notification[] | undefined;

/** The outage of the database never ends, and every scrape says so. */
export const whatHappened = ({ database: samples }: Stored, truth: Truth, since: number): Claim => {
  const from = Math.max(since, truth.instants[0]!);
  const own = samples.filter(([at]) => at >= from);
  const wrong = own.filter(([, value]) => value !== 0).length;
  const up = truth.outage!.database.filter((value, index) => truth.instants[index]! >= since && value !== 0).length;
  return {
    claim: `the database was down all the time since ${clock(from)}, and ${count(own.length, 'scrape')} saw it so`,
    holds: wrong === 0 && up === 0 && own.length > 0,
    evidence: `${database} beside outage in /truth?from=${Math.floor(from)}&to=${truth.instants.at(-1)}`,
    expected: '0 in every sample, as in /truth',
    measured: `${wrong} of ${own.length} samples are not 0, and ${up} seconds of /truth`,
    look: database,
  };
};

/** Before a restart: the alert fires, and its notification has arrived. */
export const itFires = (stored: Stored, notifications: Notifications): Claim => {
  const [first = Number.NaN] = stored.firing(brief.alert);
  const [newest] = notifications?.filter(({ alertname }) => alertname === brief.alert) ?? [];
  const missing = stored.evaluations.filter((at) => at >= first && !stored.firing(brief.alert).includes(at)).length;
  return {
    claim: `${brief.alert} (for: ${brief.forSeconds}s) fires since ${clock(first)}${newest ? `, and its newest notification says ${newest.status.toUpperCase()}` : ''}`,
    holds: missing === 0 && (notifications === undefined || newest?.status === 'firing'),
    evidence: `${firing(brief.alert)}, and the inbox`,
    expected: 'firing at every evaluation since, and FIRING in the inbox',
    measured: `${missing} evaluations without it, and ${newest?.status ?? 'nothing'} in the inbox`,
    look: 'Alerts in Prometheus, and the inbox in the guide',
    notifies: [brief.alert],
  };
};

/** Before a restart: what `keep_firing_for` keeps. Where no scrape saw the cache down, nothing is kept. */
export const itIsKept = ({ cache: samples, firing: fired, evaluations }: Stored): Claim | Fact => {
  const down = samples.findLast(([, value]) => value === 0)?.[0];
  const evidence = `${firing(kept.alert)} beside ${cache}`;
  if (down === undefined) return { fact: `no scrape saw the cache down, so ${kept.alert} never fired`, evidence };
  const last = evaluations.at(-1)!;
  return {
    claim: `${kept.alert} still fires, ${seconds(last - down)} after the last scrape that saw the cache down: keep_firing_for`,
    holds: fired(kept.alert).includes(last),
    evidence,
    expected: `firing at ${clock(last)}, the last evaluation`,
    measured: `last firing at ${clock(fired(kept.alert).at(-1) ?? 0)}`,
    look: firing(kept.alert),
  };
};

/** When Alertmanager takes the alert as over, at the earliest and the latest: nothing is sent while Prometheus is down. */
export const overBetween = ({ last }: Restart, lab: Lab, flags: AlertFlags): [from: number, to: number] => {
  const hold = holdSeconds(lab, flags);
  return [last - flags.resendSeconds - lab.evaluationSeconds + hold, last + hold];
};

/** The notification that says that the alert is over because nobody sends it any more. */
export const allClearIn = (restart: Restart, lab: Lab, flags: AlertFlags, notifications: Notifications) => {
  const [from, to] = overBetween(restart, lab, flags);
  return notified(notifications ?? [], { alertname: brief.alert }, 'resolved').find(
    ({ endsAt = 0 }) => endsAt >= from - slack && endsAt <= to + slack,
  );
};

/** @param isDue  whether it has to have come: undefined where the alert fired again just then */
export const theAllClear = (
  stored: Stored,
  restart: Restart,
  { lab, flags, notifications, truth }: { lab: Lab; flags: AlertFlags; notifications: Notifications; truth: Truth },
  isDue: boolean | undefined,
): Claim | Fact => {
  const found = allClearIn(restart, lab, flags, notifications);
  const hold = holdSeconds(lab, flags);
  const sent = stored.firing(brief.alert).find((at) => isAt(found?.endsAt, at + hold));
  const endsAt = found?.endsAt ?? Number.NaN;
  const isDown = truth.outage!.database[Math.floor(endsAt) - truth.instants[0]!] === 0;
  const evidence = `the inbox beside ${firing(brief.alert)} and /truth`;
  if (isDue === undefined) {
    return {
      fact: `${brief.alert} fired again just as Alertmanager took it as over: RESOLVED ${found ? 'came' : 'did not come'}`,
      evidence,
    };
  }
  return {
    claim: found
      ? `a false all-clear: RESOLVED at ${clock(endsAt)}, while the database is down. Prometheus had sent ${brief.alert} last at ${clock(sent ?? endsAt - hold)}, and Alertmanager waits ${seconds(hold)}`
      : `no RESOLVED for ${brief.alert}: it was sent again within ${seconds(hold)}`,
    holds: isDue ? sent !== undefined && isDown : found === undefined,
    evidence,
    expected: isDue ? `RESOLVED, ${seconds(hold)} after one of the last evaluations before the restart` : 'no RESOLVED',
    measured: found ? `RESOLVED at ${clock(endsAt)}, the database ${isDown ? 'down' : 'up'}` : 'no such notification',
    look: 'the inbox in the guide, and Alertmanager',
    notifies: [brief.alert],
  };
};

/**
 * Since when an alert counts as active after the restart, by the flags: whole seconds, at the earliest and the latest.
 * Right after the second evaluation Prometheus restores; how long that takes nobody stores.
 */
export const activePredicted = (
  stored: Stored,
  { after }: Restart,
  { alert, forSeconds }: { alert: string; forSeconds: number },
  lab: Lab,
  flags: AlertFlags,
): { range: [from: number, to: number]; isRestored: boolean } => {
  const { evaluationSeconds, prometheusStartedAt } = lab;
  const [first, second, third] = after as [number, number, number];
  const before = stored.forStates(alert).findLast(({ at }) => at < prometheusStartedAt);
  const restored = (at: number) => before && restoredActiveAt(before, at, { forSeconds, ...flags });
  const [from, to] = [restored(second), restored(third + evaluationSeconds)];
  if (from === undefined || to === undefined) {
    // A later version may restore what has fired, whatever its `for` is (prometheus/prometheus#19166).
    const hasFired = before !== undefined && Math.floor(before.at) - before.activeAt >= forSeconds;
    const isRestored = hasFired && activeAfter(stored, alert, lab) === before.activeAt;
    const at = isRestored ? before.activeAt : Math.floor(first);
    return { range: [at, at], isRestored };
  }
  return { range: [Math.floor(from), Math.floor(to)], isRestored: true };
};

/** Since when an alert counts as active after the restart, as stored. */
export const activeAfter = ({ forStates }: Stored, alert: string, { prometheusStartedAt }: Lab): number | undefined =>
  forStates(alert).find(({ at }) => at >= prometheusStartedAt)?.activeAt;

/** The first evaluation after the restart at which the alert fires; undefined where that is still to come. */
export const firesAgainAt = ({ after }: Restart, activeAt: number, isRestored: boolean): number | undefined =>
  // The first two know of nothing that is restored.
  after.find((at, index) => at - (isRestored && index >= 2 ? activeAt : after[0]!) >= brief.forSeconds - slack);

type ForCase = { active: number | undefined; predicted: ReturnType<typeof activePredicted>; flags: AlertFlags };

const activeWords = ({ active, predicted: { isRestored, range } }: ForCase) => ({
  since: active === undefined ? 'nothing' : clock(active),
  expected: isRestored
    ? `${clock(range[0])} to ${clock(range[1])}: the outage is not counted`
    : `${clock(range[0])}, the first evaluation after the start`,
  isRight: active !== undefined && active >= range[0] && active <= range[1],
});

/** The short `for`: it begins again, or not, as the flag says; and the alert fires when it has waited. */
export const theShort = (
  stored: Stored,
  { lab, notifications }: { lab: Lab; notifications: Notifications },
  { again, ...how }: ForCase & { again: number },
): Claim => {
  const { since, expected, isRight } = activeWords(how);
  const isNotified = notified(notifications ?? [], { alertname: brief.alert }, 'firing').some(({ startsAt }) =>
    isAt(startsAt, again),
  );
  const { isRestored } = how.predicted;
  const grace = `for-grace-period=${how.flags.graceSeconds}s`;
  const anyway = isRestored && brief.forSeconds < how.flags.graceSeconds ? ', which this version does without it' : '';
  return {
    claim: `${brief.alert} (for: ${brief.forSeconds}s, ${grace}) ${isRestored ? `goes on${anyway}` : 'begins again'}: active since ${since}${notifications ? `, a second FIRING for ${clock(again)}` : ''}`,
    holds:
      isRight &&
      (isNotified || notifications === undefined) &&
      stored.firing(brief.alert).some((at) => at >= lab.prometheusStartedAt),
    evidence: `${forState(brief.alert)}, the evaluations in ${firing(brief.alert)}, and the inbox`,
    expected: `active since ${expected}, and FIRING for ${clock(again)}`,
    measured: `active since ${since}, and ${isNotified ? 'that notification' : 'no such notification'}`,
    look: 'Status → Command-line flags, and the inbox in the guide',
    notifies: [brief.alert],
  };
};

/** The long `for`: what it had waited is restored, the outage aside. */
export const theLong = (
  stored: Stored,
  { last, after }: Restart,
  { prometheusStartedAt }: Lab,
  how: ForCase,
): Claim => {
  const { since, expected, isRight } = activeWords(how);
  const before = stored.forStates(long.alert).findLast(({ at }) => at < prometheusStartedAt);
  const waited = seconds(last - (before?.activeAt ?? last));
  return {
    claim: `${long.alert} (for: ${seconds(long.forSeconds)}) ${how.predicted.isRestored ? `keeps the ${waited} that it had waited` : 'begins again'}: active since ${since}, after ${seconds(after[0]! - last)} without an evaluation`,
    holds: isRight,
    evidence: forState(long.alert),
    expected: `active since ${expected}`,
    measured: `active since ${since}, before the restart since ${clock(before?.activeAt ?? 0)}`,
    look: 'Status → Command-line flags',
  };
};

/** What a query of ALERTS shows at the third evaluation, beside what this Prometheus stores. */
export type Shown = { at: number; names: readonly string[]; untilLookback: boolean; afterLookback: boolean };

/** `keep_firing_for` is in memory alone, and ALERTS gets no stale marker from a Prometheus that ends. */
export const theKept = (
  stored: Stored,
  { last }: Restart,
  { prometheusStartedAt }: Lab,
  shown: Shown,
): Claim | Fact => {
  const before = stored.firing(kept.alert).findLast((at) => at < prometheusStartedAt);
  const after = stored.firing(kept.alert).filter((at) => at >= prometheusStartedAt).length;
  const evidence = `${firing(kept.alert)}, also asked for ${clock((before ?? last) + 299)} and ${clock((before ?? last) + 300)}`;
  if (before !== last) return { fact: `${kept.alert} did not fire when Prometheus ended`, evidence };
  return {
    claim: `${kept.alert} is lost, since keep_firing_for is in memory alone; yet ALERTS shows it as firing until ${clock(before + 299)}`,
    holds: after === 0 && shown.untilLookback && !shown.afterLookback,
    evidence,
    expected: 'no evaluation after the restart with it, shown at the last one + 299 s and not at + 300 s',
    measured: `${after} evaluations, ${shown.untilLookback ? '' : 'not '}shown at + 299 s, ${shown.afterLookback ? '' : 'not '}shown at + 300 s`,
    look: 'Alerts in Prometheus beside ALERTS in the query bar',
  };
};

/** What ALERTS shows as firing is not what fires. */
export const theContradiction = (stored: Stored, { last }: Restart, { at, names }: Shown): Claim => {
  const all = [brief.alert, long.alert, kept.alert];
  const held = all.filter((alert) => stored.firing(alert).includes(at));
  const left = all.filter((alert) => stored.firing(alert).includes(last) && at - last < 300);
  const expected = all.filter((alert) => held.includes(alert) || left.includes(alert));
  const list = (alerts: readonly string[]) => listed(alerts) || 'none';
  return {
    claim: `asked for ${clock(at)}, ALERTS shows ${names.length} as firing, and Prometheus held ${held.length}`,
    holds: expected.length === names.length && expected.every((alert) => names.includes(alert)),
    evidence: `ALERTS{alertstate="firing"} at ${clock(at)}, beside its samples`,
    expected: `${list(expected)}: what fired at ${clock(last)} and what fires at ${clock(at)}`,
    measured: list(names),
    look: 'timestamp(ALERTS{alertstate="firing"}): how old each is',
  };
};
