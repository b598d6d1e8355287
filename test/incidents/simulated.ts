import type { Happening, Stored } from '../../lab/incidents/fault.ts';
import { happeningsOf, type Incident, incidentOf, type Level } from '../../lab/incidents/incident.ts';
import type { Running } from '../../lab/incidents/reading.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Notification, Reader } from '../../lab/model/reader.ts';
import { incidentPlan } from '../../lab/running/incident-plan.ts';
import { simulate } from '../../lab/simulator/lab.ts';

export const start = 1_800_000_000;

/** An incident that was played to its end and a little longer, on a lab that ran before. */
export type Played = { incident: Incident; running: Running; read: Reader; lab: Lab };

/** @param until  unix seconds; by default all of it is over and stored */
export const play = async (seed: number, level: Level, scrapeSeconds: number, until?: number): Promise<Played> => {
  const incident = incidentOf({ seed, level, scrapeSeconds });
  const happenings = happeningsOf(incident, start);
  const { environment, rules } = incidentPlan(incident);
  const lab = simulate({
    scrapeSeconds,
    phaseSeconds: scrapeSeconds * ((0.13 + 0.29 * seed) % 1),
    evaluationPhase: (0.7 + 0.17 * seed) % 1,
    lives: [
      { from: start - 2 * scrapeSeconds - 20, to: start - 1 },
      { from: start, environment },
    ],
    ...prometheusIn(happenings, scrapeSeconds),
    rules,
  });
  const now = until ?? Math.max(...happenings.map(({ to }) => to)) + 3 * scrapeSeconds + 20;
  await lab.advance(now);
  return {
    incident,
    running: { incident, startedAt: start, happenings },
    read: silenced(lab.readAt(now), happenings),
    lab: lab.labAt(now),
  };
};

/** When Prometheus began, and when it was restarted, where a fault is that. */
const prometheusIn = (happenings: readonly Happening[], scrapeSeconds: number) => {
  const began = start - 2 * scrapeSeconds - 15;
  const restart = happenings.find(({ fault }) => fault.restarts);
  return restart === undefined
    ? { prometheusStartedAt: began }
    : { prometheusStartedAt: restart.to, earlier: { from: began, scrapeSeconds, to: restart.from } };
};

/** What Alertmanager knows and holds back, where a fault is a silence. */
const silenced = (read: Reader, happenings: readonly Happening[]): Reader => {
  const own = happenings.filter(({ fault }) => fault.silences);
  const isHeld = ({ alertname, receivedAt }: Notification) =>
    own.some(
      ({ fault, from, to }) =>
        new RegExp(`^(?:${fault.silences!.matcher.value})$`).test(alertname) && receivedAt >= from && receivedAt < to,
    );
  return {
    ...read,
    silences: async () =>
      own.map(({ fault: { silences }, from, to }) => {
        const { name, value } = silences!.matcher;
        const matchers = `${name}=~${JSON.stringify(value)}`;
        return { id: 'one', matchers, createdBy: 'somebody', comment: silences!.comment, startsAt: from, endsAt: to };
      }),
    notifications: async () => (await read.notifications())?.filter((each) => !isHeld(each)),
  };
};

export type { Stored };
