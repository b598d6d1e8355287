import type { Lab } from '../model/lab.ts';
import type { Reader } from '../model/reader.ts';
import { sealed } from '../settings/sealed.ts';
import type { Happening, Stored } from './fault.ts';
import { happeningsOf, type Incident, incidentOf, instanceOfHerring, type Level, levels } from './incident.ts';
import type { Around, Evidence } from './judge.ts';

/** An incident that is on, as the exporter reports it. */
export type Running = { incident: Incident; startedAt: number; happenings: readonly Happening[] };

/** @returns undefined where none is on */
export const runningIn = ({ exporter }: Pick<Lab, 'exporter'>): Running | undefined => {
  if (exporter?.incident === undefined) return undefined;
  const { from: startedAt } = exporter.incident;
  const opened = sealed.parse(exporter.incident.sealed);
  const [seed, level, scrapeSeconds] = [opened?.SEED, opened?.LEVEL, opened?.SCRAPES].map(Number);
  const known = levels.find((each) => each === level);
  if (!Number.isInteger(seed) || known === undefined || !(scrapeSeconds! > 0)) return undefined;
  const incident = incidentOf({ seed: seed!, level: known satisfies Level, scrapeSeconds: scrapeSeconds! });
  return { incident, startedAt, happenings: happeningsOf(incident, startedAt) };
};

/** Reads what was stored of a happening since its incident began. */
export const storedOf = async (read: Reader, lab: Lab, happening: Happening, startedAt: number): Promise<Stored> => {
  const { now, scrapeSeconds, evaluationSeconds } = lab;
  const names = Object.entries(happening.fault.reads(happening.chosen));
  const series = await Promise.all(
    names.map(async ([name, selector]) => [name, await read.samples(selector, now - startedAt, now)] as const),
  );
  const silences = happening.fault.silences && (await read.silences());
  return { series: Object.fromEntries(series), scrapeSeconds, evaluationSeconds, now, ...(silences && { silences }) };
};

export const evidenceOf = async (read: Reader, lab: Lab, { happenings, startedAt }: Running): Promise<Evidence[]> =>
  Promise.all(
    happenings.map(async (happening) => {
      const stored = await storedOf(read, lab, happening, startedAt);
      const { fault, from, to } = happening;
      const really = fault.happened?.(stored, from);
      const [began, ended] = really ?? [from, to];
      return {
        happening: { ...happening, from: began, to: ended },
        bounds: fault.bounds(stored, from, to),
        ...(fault.shown && { shown: fault.shown(stored) }),
      };
    }),
  );

/** Which alerts were active since the incident began, as Prometheus stored it. */
export const aroundOf = async (read: Reader, lab: Lab, { incident, startedAt }: Running): Promise<Around> => {
  const instance = instanceOfHerring(incident);
  const stored = await read.samples('ALERTS', lab.now - startedAt, lab.now);
  const names = [...new Set(stored.map(({ labels }) => labels.alertname!))].sort();
  const firstOf = (name: string, state?: string) =>
    Math.min(
      ...stored
        .filter(({ labels }) => labels.alertname === name && (state === undefined || labels.alertstate === state))
        .flatMap(({ samples }) => samples.slice(0, 1).map(([at]) => at)),
    );
  return {
    scrapeSeconds: lab.scrapeSeconds,
    alerts: names.map((name) => {
      const firedAt = firstOf(name, 'firing');
      const lastAt = Math.max(
        ...stored.filter(({ labels }) => labels.alertname === name).map(({ samples }) => samples.at(-1)![0]),
      );
      const endedAt = lastAt + lab.evaluationSeconds;
      return {
        name,
        pendingAt: firstOf(name),
        ...(Number.isFinite(firedAt) && { firedAt }),
        ...(endedAt + lab.evaluationSeconds < lab.now && { endedAt }),
      };
    }),
    ...(instance && { herring: { instance, says: incident.herring!.herring.says } }),
  };
};
