import { firedAt } from '../../lab/evidence/alerts.ts';
import { couldBeNewest } from '../../lab/evidence/evaluation.ts';
import { matchersOf } from '../../lab/evidence/fleet.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { answersNow } from '../../lab/evidence/reachable.ts';
import { activeSince, only, storingSeconds } from '../../lab/evidence/samples.ts';
import { clock } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { instanceName, job, scrapeDuration, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import {
  allAreUp,
  asAVisitor,
  endedByDeath,
  type Fired,
  givesUp,
  type Outage,
  type Probes,
  statusAlone,
  theAlert,
  theCertificate,
  theDoor,
  theFix,
  whatHappened,
} from './findings.ts';
import {
  answeredFrom,
  down,
  downOrUnknown,
  everything,
  expires,
  hasShop,
  isSeen,
  type Module,
  modules,
  of,
  outageIn,
  type Probe,
  prober,
  probesIn,
  type Scraped,
  type Shop,
  scrapedIn,
  success,
} from './probes.ts';

export type Measured = {
  shop: Shop;
  scrapeSeconds: number;
  probes: Probes;
  /** scrapes of the exporter itself */
  exporter: readonly Scraped[];
  /** evaluations at which each alert fired, and since when the last says that it is active */
  down: readonly number[];
  expires: readonly number[];
  orUnknown: readonly number[];
  activeAt: readonly Sample[];
  outage?: Outage & { isOpen: boolean };
};

/** What comes later than so long after the last change of the shop is not read. */
const longestSeconds = 1_800;
/** A scrape or an evaluation that is later than this is not waited for. */
const latestSeconds = 15;
const awaited = 'probes of each phase of the shop';

const lastChange = ({ phases }: Shop): number => phases.at(-1)!.from;
const dueAt = (shop: Shop, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  lastChange(shop) + scrapeSeconds + shop.timeoutSeconds + evaluationSeconds + storingSeconds;

/** Prometheus' default of `scrape_timeout`; never longer than the interval. */
const timeoutOf = (scrapeSeconds: number): number => Math.min(10, scrapeSeconds);

const byModule = <Kind>(of: (module: Module) => Kind): Readonly<Record<Module, Kind>> => ({
  tcp: of('tcp'),
  http_2xx: of('http_2xx'),
  shop: of('shop'),
  certificate: of('certificate'),
});

export const measure = async (shop: Shop, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = activeSince(lab);
  const until = lab.now - storingSeconds / 2;
  if (until - lastChange(shop) > longestSeconds) {
    return {
      kind: 'elsewhere',
      reason: `the shop said at ${clock(lastChange(shop))} that it is closed: that is too long ago`,
    };
  }
  const window = Math.max(1, until - since);
  const stored = await read.samples(everything, window, until);
  const all = byModule((module) => answeredFrom(probesIn(stored, module)));
  const outages = byModule((module) => outageIn(all[module], shop)[0]);
  const { shop: died } = outages;
  const probes: Probes = byModule((module) => all[module].filter(({ at }) => at < (outages[module]?.at ?? until)));
  const missing = shop.phases.find(({ name }) => !modules.every((one) => isSeen(name, probes[one], shop)));
  if (missing !== undefined) {
    if (died === undefined && lab.now < dueAt(shop, lab) + latestSeconds && missing.to === undefined)
      return waitUntil(Math.max(dueAt(shop, lab), lab.now + 1), lab, awaited);
    const reason = died
      ? `the prober was down at ${clock(died.at)}, before it had probed each phase of the shop`
      : 'too few probes came while the shop went through its phases';
    return { kind: 'elsewhere', reason };
  }
  const exporterUp = await read.samples(
    `{__name__=~"${targetUp}|${scrapeDuration}",${matchersOf({ job, instance: instanceName() })}}`,
    window,
    until,
  );
  // Until a probe is stored, an alert may fire by what an earlier Prometheus has stored of an earlier shop.
  const [first] = probes.shop as [Probe];
  const known = (at: number) => at > first.at + first.durationSeconds + storingSeconds && at <= until;
  const measured: Measured = {
    shop,
    scrapeSeconds: lab.scrapeSeconds,
    probes,
    exporter: answeredFrom(scrapedIn(exporterUp)).filter(({ at }) => at <= (died?.at ?? until)),
    down: firedAt(stored, { alertname: down.alert }).filter(known),
    expires: firedAt(stored, { alertname: expires.alert }).filter(known),
    orUnknown: firedAt(stored, { alertname: downOrUnknown.alert }).filter(known),
    activeAt: only(
      stored.filter(({ labels }) => labels.__name__ === 'ALERTS_FOR_STATE' && labels.alertname === downOrUnknown.alert),
    ),
  };
  if ((measured.down.length === 0 || measured.expires.length === 0) && lab.now < dueAt(shop, lab) + latestSeconds)
    return waitUntil(Math.max(dueAt(shop, lab), lab.now + 1), lab, awaited);
  // Each module is scraped at a time of its own: one of them sees the outage before the others do.
  const seen = modules.flatMap((module) => outages[module]?.at ?? []);
  const due = Math.min(...seen) + lab.scrapeSeconds + storingSeconds;
  if (seen.length > 0 && seen.length < modules.length && lab.now < due + latestSeconds)
    return waitUntil(Math.max(due, lab.now + 1), lab, 'each module to ask the prober');
  if (died === undefined) return measured;
  const back = all.shop.find(({ at, up }) => at > died.at && up === 1)?.at;
  return withOutage(measured, { died, last: outages.certificate ?? died, to: back ?? until }, read, lab);
};

/** What is known once two evaluations have come after the scrape that failed. */
const withOutage = async (
  measured: Measured,
  { died, last, to }: { died: Probe; last: Probe; to: number },
  read: Reader,
  lab: Lab,
): Promise<Measured | Judgement> => {
  const at = died.at + died.durationSeconds + storingSeconds / 2;
  const after = measured.orUnknown.filter((time) => time >= at && time < to);
  const due = at + 2 * lab.evaluationSeconds + storingSeconds;
  if (after.length < 2 && lab.now < due + latestSeconds)
    return waitUntil(Math.max(due, lab.now + 1), lab, 'two evaluations after the prober was last seen');
  const [says] = await read.query(of(success, 'shop'), at);
  const { shop } = await read.truth(at, at);
  const outage = {
    from: died.at,
    to,
    at,
    says: says?.samples[0]?.[1],
    isOpen: shop!.open[0] === 1,
    // The certificate is probed at a time of its own.
    expiresLater: measured.expires.filter(
      (time) => time >= last.at + last.durationSeconds + storingSeconds / 2 && time < to,
    ),
  };
  return { ...measured, outage };
};

/** Where the alert fired by what some probe that an evaluation may have seen says, and where it did not. */
export const firedOf = ({ probes, down: firing, orUnknown, outage }: Measured): Fired => {
  const byTime = new Map(probes.shop.map((probe) => [probe.at, probe]));
  const samples = probes.shop.map(({ at }): Sample => [at, 0]);
  const end = outage?.from ?? Number.POSITIVE_INFINITY;
  const [begin = end] = samples.map(([at]) => at);
  const evaluations = [...new Set([...firing, ...orUnknown])].sort((one, other) => one - other);
  const wrong = evaluations
    .filter((at) => at >= begin && at < end)
    .filter((at) => {
      const possible = couldBeNewest(samples, (time) => byTime.get(time)!, at);
      return !possible.some((sample) => (byTime.get(sample?.[0] ?? 0)?.values[success] === 0) === firing.includes(at));
    });
  return { firing: firing.filter((at) => at >= begin), wrong };
};

export const verdict = (measured: Measured): Judgement => {
  const { shop, scrapeSeconds, probes, exporter, orUnknown, activeAt, outage } = measured;
  const fired = firedOf(measured);
  const findings = [
    whatHappened(shop),
    allAreUp(probes, exporter, { exporter: timeoutOf(scrapeSeconds), prober: shop.timeoutSeconds }),
    theDoor(probes, shop),
    statusAlone(probes, shop),
    asAVisitor(probes, shop),
    givesUp(probes, shop),
    theCertificate(probes, shop, measured.expires),
    theAlert({ ...fired, firing: fired.firing.filter((at) => at < (outage?.from ?? Number.POSITIVE_INFINITY)) }),
  ];
  if (outage === undefined) return { kind: 'measured', phase: 0, findings };
  const during = (times: readonly number[]) => times.filter((at) => at >= outage.at && at < outage.to);
  const states = activeAt.filter(([at]) => at >= (fired.firing[0] ?? 0) && at < outage.to);
  return {
    kind: 'measured',
    phase: 1,
    findings: [
      ...findings,
      endedByDeath(fired, outage, during(fired.firing), outage.isOpen),
      theFix([...new Set(states.map(([, value]) => value))], during(orUnknown)),
    ],
  };
};

const shopOf = async (lab: Lab, read: Pick<Reader, 'truth'>): Promise<Shop | undefined> => {
  const at = lab.exporter?.startedAt;
  return at === undefined || !hasShop(lab) ? undefined : (await read.truth(at, at)).shop;
};

const failedAt = ({ phases }: Shop): number => phases[1]!.from;

const { look, check: measured } = whenItHappened({
  what: shopOf,
  none: 'no shop is probed',
  began: (shop) => ({ at: failedAt(shop), was: `the shop failed at ${clock(failedAt(shop))}` }),
  waits: (shop, lab) => ({ until: lastChange(shop), due: dueAt(shop, lab), reason: awaited }),
  measure,
  verdict,
});

/** What the exercises know of it. */
export { look };

/** Measures the running lab and judges it. What a prober that is down leaves behind shows with the next scrapes. */
export const check: Lesson['check'] = async (read, lab) => {
  const judged = await measured(read, lab);
  if (judged.kind !== 'measured' || judged.phase !== 0 || (await answersNow(read, prober))) return judged;
  return waitUntil(lab.now + lab.scrapeSeconds + storingSeconds, lab, 'Prometheus to find that the prober is down');
};
