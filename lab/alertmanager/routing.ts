import { type Matcher, matchesAll } from './matcher.ts';

/** How alerts are grouped; times in seconds. Each alert is a group of its own where all labels are in `groupBy`. */
export type Grouping = {
  groupBy: readonly string[] | 'all';
  /** `group_wait`: after a group's first alert */
  waitSeconds: number;
  /** `group_interval`: between two notifications of a group that has changed */
  intervalSeconds: number;
};

/** A route below the base's own; what it leaves out is the base's. */
export type Route = Partial<Grouping> & { matchers: readonly Matcher[] };

/** Targets give no notification while a source fires that has the same values of these labels. */
export type InhibitRule = { source: readonly Matcher[]; target: readonly Matcher[]; equal: readonly string[] };

/** What Alertmanager's configuration says of routing: the first route that matches has an alert, else the base. */
export type Routing = { base: Grouping; routes: readonly Route[]; inhibitRules: readonly InhibitRule[] };

export type Labels = Readonly<Record<string, string>>;

/** An alert while it fires; unix seconds. */
export type Episode = { labels: Labels; startsAt: number; endsAt?: number };

/** A silence: who is held back, and from when to before when, unix seconds. */
export type Muting = { matchers: readonly Matcher[]; startsAt: number; endsAt: number };

/** @returns the place of the route that has an alert, -1 for the base, and how it groups */
export const routeOf = ({ base, routes }: Routing, labels: Labels): { index: number; grouping: Grouping } => {
  const index = routes.findIndex(({ matchers }) => matchesAll(matchers, labels));
  return { index, grouping: { ...base, ...routes[index] } };
};

/** @returns which alerts that fire inhibit one */
export const inhibitedBy = ({ inhibitRules }: Routing, labels: Labels, firing: readonly Labels[]): Labels[] =>
  inhibitRules
    .filter(({ target }) => matchesAll(target, labels))
    .flatMap(({ source, target, equal }) =>
      firing.filter(
        (other) =>
          matchesAll(source, other) &&
          equal.every((name) => (other[name] ?? '') === (labels[name] ?? '')) &&
          // What is both, on both sides, does not inhibit: an alert would silence itself.
          !(matchesAll(target, other) && matchesAll(source, labels)),
      ),
    );

/** @returns whether a silence holds an alert back at an instant */
export const isSilenced = (silences: readonly Muting[], labels: Labels, at: number): boolean =>
  silences.some(({ matchers, startsAt, endsAt }) => startsAt <= at && at < endsAt && matchesAll(matchers, labels));

/** @returns the labels of the alerts that fire at an instant */
export const firingAt = (episodes: readonly Episode[], at: number): Labels[] =>
  episodes
    .filter(({ startsAt, endsAt = Number.POSITIVE_INFINITY }) => startsAt <= at && at < endsAt)
    .map(({ labels }) => labels);
