import { type Episode, inhibitedBy, isSilenced, type Labels, type Muting, type Routing, routeOf } from './routing.ts';

/**
 * Which notifications Alertmanager sends of alerts that begin and end: groups that wait, inhibition, silences, and what
 * was sent already. Source: https://github.com/prometheus/alertmanager, dispatch/dispatch.go and notify/notify.go.
 */

/** One notification: all alerts of a group that nothing holds back, as they are then. Unix seconds. */
export type Sent = { at: number; group: string; alerts: (Episode & { status: 'firing' | 'resolved' })[] };

type Group = {
  key: string;
  intervalSeconds: number;
  flushAt: number;
  alerts: Map<string, Episode>;
};

/** What the last notification of a group said of its alerts, by their labels. */
type Said = { firing: Set<string>; resolved: Set<string> };

/** An alert begins, or ends. */
type Change = { at: number; episode: Episode; ends: boolean };

const keyOf = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));

const isSubset = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].every((each) => other.has(each));

export class Dispatcher {
  readonly sent: Sent[] = [];
  readonly #routing: Routing;
  readonly #silences: readonly Muting[];
  readonly #groups = new Map<string, Group>();
  readonly #said = new Map<string, Said>();
  readonly #firing = new Map<string, Labels>();
  #changes: Change[] = [];

  constructor(routing: Routing, silences: readonly Muting[] = []) {
    this.#routing = routing;
    this.#silences = silences;
  }

  /** What is to come; changes of one instant count in the order in which they are given. */
  add(episode: Episode, ends: boolean, at: number): void {
    this.#changes.push({ at, episode, ends });
    this.#changes.sort((one, other) => one.at - other.at);
  }

  /** Lets time pass. @param until  unix seconds */
  advance(until: number): void {
    for (;;) {
      const [change] = this.#changes;
      const next = [...this.#groups.values()].reduce<Group | undefined>(
        (first, group) => (first === undefined || group.flushAt < first.flushAt ? group : first),
        undefined,
      );
      const at = Math.min(change?.at ?? Number.POSITIVE_INFINITY, next?.flushAt ?? Number.POSITIVE_INFINITY);
      if (at > until || at === Number.POSITIVE_INFINITY) return;
      if (change !== undefined && change.at <= at) {
        this.#changes.shift();
        this.#take(change);
      } else this.#flush(next!);
    }
  }

  #take({ at, episode, ends }: Change): void {
    const own = keyOf(episode.labels);
    if (ends) this.#firing.delete(own);
    else this.#firing.set(own, episode.labels);
    const { index, grouping } = routeOf(this.#routing, episode.labels);
    const { groupBy, waitSeconds, intervalSeconds } = grouping;
    const by = Object.entries(episode.labels).filter(([name]) => groupBy === 'all' || groupBy.includes(name));
    const key = `${index}:${keyOf(Object.fromEntries(by))}`;
    const known = this.#groups.get(key);
    const group = known ?? { key, intervalSeconds, flushAt: at + waitSeconds, alerts: new Map() };
    this.#groups.set(key, group);
    group.alerts.set(own, episode);
    // Without a wait nothing else is awaited, not even what comes at the same instant.
    if (known === undefined && waitSeconds === 0) this.#flush(group);
  }

  #flush(group: Group): void {
    const at = group.flushAt;
    group.flushAt = at + group.intervalSeconds;
    const firing = [...this.#firing.values()];
    const alerts = [...group.alerts.values()]
      .filter(({ labels }) => inhibitedBy(this.#routing, labels, firing).length === 0)
      .filter(({ labels }) => !isSilenced(this.#silences, labels, at))
      .map(
        (episode) => ({ ...episode, status: this.#firing.has(keyOf(episode.labels)) ? 'firing' : 'resolved' }) as const,
      );
    const of = (status: 'firing' | 'resolved') =>
      new Set(alerts.filter((alert) => alert.status === status).map(({ labels }) => keyOf(labels)));
    const now = { firing: of('firing'), resolved: of('resolved') };
    if (alerts.length > 0 && isNews(now, this.#said.get(group.key))) {
      this.#said.set(group.key, now);
      this.sent.push({ at, group: group.key, alerts });
    }
    for (const key of group.alerts.keys()) if (!this.#firing.has(key)) group.alerts.delete(key);
    // What begins later waits as a new group does.
    if (group.alerts.size === 0) this.#groups.delete(group.key);
  }
}

/** Nothing is news of what was resolved before anybody was notified of it. */
const isNews = (now: Said, said: Said | undefined): boolean => {
  if (said === undefined) return now.firing.size > 0;
  if (!isSubset(now.firing, said.firing)) return true;
  if (now.firing.size === 0) return said.firing.size > 0;
  return !isSubset(now.resolved, said.resolved);
};
