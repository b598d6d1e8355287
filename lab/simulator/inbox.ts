import { Dispatcher } from '../alertmanager/dispatcher.ts';
import { type Episode, firingAt, inhibitedBy, isSilenced, type Muting, type Routing } from '../alertmanager/routing.ts';
import { grouping } from '../model/alerts.ts';
import type { HeldAlert, Notification } from '../model/reader.ts';

/** Alertmanager as the base lab configures it, but for the alert of a target, which has no part in any lesson's. */
export const baseRouting: Routing = {
  base: { groupBy: grouping.by, waitSeconds: grouping.waitSeconds, intervalSeconds: grouping.intervalSeconds },
  routes: [
    {
      matchers: [{ name: 'severity', value: 'critical', isRegex: false }],
      waitSeconds: grouping.criticalWaitSeconds,
    },
  ],
  inhibitRules: [],
};

/** Seconds from a flush to the guide. */
const deliverySeconds = 0.02;

/** The guide's inbox, and the Alertmanager before it. */
export class Inbox {
  readonly #routing: Routing;
  readonly #silences: readonly Muting[];
  readonly #dispatcher: Dispatcher;
  readonly #episodes = new Map<string, Episode>();
  readonly #all: Episode[] = [];

  constructor(routing: Routing = baseRouting, silences: readonly Muting[] = []) {
    this.#routing = routing;
    this.#silences = silences;
    this.#dispatcher = new Dispatcher(routing, silences);
  }

  /** Prometheus says that an alert has begun to fire, or has ended. @param at  unix seconds; those of a rule in order */
  send(
    alertname: string,
    status: Notification['status'],
    others: Record<string, string>,
    startsAt: number,
    at: number,
  ): void {
    const labels = { alertname, ...others };
    const key = JSON.stringify(labels);
    const known = this.#episodes.get(key);
    if (status === 'firing' || known === undefined) {
      const episode: Episode = { labels, startsAt };
      this.#episodes.set(key, episode);
      this.#all.push(episode);
    }
    const episode = this.#episodes.get(key)!;
    const ends = status === 'resolved';
    if (ends) episode.endsAt = at;
    this.#dispatcher.add(episode, ends, at);
  }

  /** What has come by an instant, the newest first. @param now  unix seconds */
  at(now: number): Notification[] {
    this.#dispatcher.advance(now);
    return this.#dispatcher.sent
      .filter(({ at }) => at + deliverySeconds <= now)
      .flatMap(({ at, group, alerts }) =>
        alerts.map(
          ({ labels, status, startsAt, endsAt }): Notification => ({
            alertname: labels.alertname!,
            status,
            labels: { ...labels },
            annotations: {},
            startsAt,
            endsAt: status === 'resolved' ? endsAt : undefined,
            receivedAt: at + deliverySeconds,
            group,
          }),
        ),
      )
      .reverse();
  }

  /** What Alertmanager has for firing at an instant. */
  heldAt(now: number): HeldAlert[] {
    const firing = firingAt(this.#all, now);
    return firing.map((labels) => ({
      labels: { ...labels },
      inhibitedBy: inhibitedBy(this.#routing, labels, firing).length,
      silencedBy: isSilenced(this.#silences, labels, now) ? 1 : 0,
    }));
  }
}
