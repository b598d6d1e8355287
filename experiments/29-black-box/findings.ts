import { clock, count, listed, round, seconds, truthBetween } from '../../lab/model/format.ts';
import { ofExporter, targetUp } from '../../lab/model/metrics.ts';
import type { Claim, Fact, Finding } from '../../lab/model/verdict.ts';
import {
  code,
  down,
  downOrUnknown,
  duration,
  expires,
  expiry,
  givenUpOf,
  isAsSaid,
  isGivenUp,
  isSeen,
  type Module,
  modules,
  of,
  type Phase,
  type Probe,
  probeJob,
  redirects,
  renewSeconds,
  type Scraped,
  type Shop,
  shopUp,
  success,
  surelyIn,
} from './probes.ts';

export type Probes = Readonly<Record<Module, readonly Probe[]>>;

const words: Readonly<Record<Phase, string>> = {
  good: 'was good',
  error: 'had status 500',
  slow: 'was slow',
  login: 'led to a login page',
  sorry: 'said “closed for maintenance”',
};
const phases = Object.keys(words) as Phase[];
const shown = (value: number | undefined): string => (value === undefined ? 'nothing' : round(value, 3));

/** What the answered probes of a phase say, each value once. */
const saidIn = (phase: Phase, probes: readonly Probe[], shop: Shop, metric = success): string =>
  [...new Set(surelyIn(phase, probes, shop).map(({ values }) => shown(values[metric])))].join(', ') || 'nothing';
const eachPhase = (probes: readonly Probe[], shop: Shop): string =>
  phases.map((phase) => `${phase} ${saidIn(phase, probes, shop)}`).join('; ');

export const whatHappened = ({ phases: all }: Shop): Fact => ({
  fact: `what happened: the shop ${listed(all.map(({ name, from }) => `${words[name]} from ${clock(from)}`))}. One could buy until ${clock(all[1]!.from)}`,
  evidence: `${truthBetween(all[0]!.from, all.at(-1)!.from)}, shop`,
});

/** @param exporter  the scrapes of the exporter, which answers for the shop; @param timeouts  of the scrapes of both, seconds */
export const allAreUp = (
  probes: Probes,
  exporter: readonly Scraped[],
  timeouts: { exporter: number; prober: number },
): Claim => {
  const ofProber = modules.flatMap((module) => probes[module]);
  const counted = [
    ...ofProber.filter((each) => !isGivenUp(each, timeouts.prober)),
    ...exporter.filter((each) => !isGivenUp(each, timeouts.exporter)),
  ];
  const wrong = counted.filter(({ up }) => up !== 1);
  return {
    claim: `up is 1 all the while, ${count(counted.length, 'scrape')} of the exporter and of its prober: no target is down`,
    holds: wrong.length === 0 && ofProber.length > 0 && exporter.length > 0,
    evidence: `${ofExporter(targetUp)} and ${targetUp}{job="${probeJob}"}; scrapes that Prometheus gave up are left out`,
    expected: 'up 1 in each of them',
    measured: wrong.length > 0 ? `0 at ${wrong.map(({ at }) => clock(at)).join(', ')}` : `${counted.length} with 1`,
    look: `${targetUp}{job="${probeJob}"} in the graph view`,
  };
};

export const statusAlone = ({ http_2xx: probes }: Probes, shop: Shop): Claim => {
  const all = (phase: Phase, wanted: Readonly<Record<string, number>>) => {
    const inside = surelyIn(phase, probes, shop);
    return (
      isSeen(phase, probes, shop) &&
      inside.every(({ values }) => Object.entries(wanted).every(([name, value]) => values[name] === value))
    );
  };
  const facts = (phase: Phase) => {
    const followed = saidIn(phase, probes, shop, redirects);
    return `${saidIn(phase, probes, shop, code)} after ${followed} ${followed === '1' ? 'redirect' : 'redirects'}`;
  };
  return {
    claim: `http_2xx says success of the login page (${facts('login')}) and of “closed for maintenance” (${facts('sorry')}): it asks for the status alone`,
    holds:
      probes.every((probe) => probe.up === 0 || isAsSaid(probe, 'http_2xx', shop)) &&
      all('good', { [code]: 200, [redirects]: 0 }) &&
      all('error', { [code]: 500 }) &&
      all('slow', { [success]: 0 }) &&
      all('login', { [code]: 200, [redirects]: 1 }) &&
      all('sorry', { [code]: 200, [redirects]: 0 }),
    evidence: `${of(success, 'http_2xx')}, ${code} and ${redirects}, ${count(probes.length, 'probe')}, by the phases of /truth`,
    expected: 'good 1; error 0; slow 0; login 1; sorry 1, with 200 where it is 1',
    measured: eachPhase(probes, shop),
    look: `${of(code, 'http_2xx')} in the graph view`,
  };
};

export const asAVisitor = ({ shop: probes }: Probes, shop: Shop): Claim => {
  const answered = probes.filter(({ up }) => up === 1);
  return {
    claim: `the module shop asks for what a visitor needs, the words of a cart: each of ${count(answered.length, 'probe')} says what the shop was like`,
    holds:
      answered.every((probe) => isAsSaid(probe, 'shop', shop)) && phases.every((phase) => isSeen(phase, probes, shop)),
    evidence: `${of(success, 'shop')}, by shop.open of /truth`,
    expected: 'good 1; error 0; slow 0; login 0; sorry 0',
    measured: eachPhase(probes, shop),
    look: `${of(success, 'shop')} in the graph view`,
  };
};

export const theDoor = ({ tcp: probes }: Probes, shop: Shop): Claim => {
  const answered = probes.filter(({ up }) => up === 1);
  return {
    claim: `tcp says success in all ${phases.length} phases, ${count(answered.length, 'probe')}: the port takes connections, whatever comes after that`,
    holds:
      answered.every(({ values }) => values[success] === 1) && phases.every((phase) => isSeen(phase, probes, shop)),
    evidence: of(success, 'tcp'),
    expected: '1 in each of them',
    measured: eachPhase(probes, shop),
    look: `${of(success, 'tcp')} in the graph view`,
  };
};

/** @param fired  evaluations at which the alert on it fired */
export const theCertificate = (
  { certificate: probes }: Probes,
  { certificate }: Shop,
  fired: readonly number[],
): Claim => {
  const seen = probes.filter(({ up }) => up === 1).map(({ values }) => values[expiry]);
  const end = certificate?.to;
  const days =
    end === undefined || fired[0] === undefined ? 'no time' : count(Number(round((end - fired[0]) / 86_400, 1)), 'day');
  return {
    claim: `the certificate is valid for ${days} more, by each of ${count(seen.length, 'probe')} as by the exporter: ${expires.alert} fires, ${count(fired.length, 'evaluation')}, while all pages are served as ever`,
    holds:
      fired.length > 0 && seen.length > 0 && seen.every((value) => value === end) && end! - fired[0]! < renewSeconds,
    evidence: `${of(expiry, 'certificate')} and shop.certificate of /truth`,
    expected: `${end ?? 'a certificate'}, and ${expires.alert} firing, since less than 7 days are left`,
    measured: `${listed([...new Set(seen.map(shown))]) || 'nothing'}; ${count(fired.length, 'evaluation')}`,
    look: `${of(expiry, 'certificate')} - time() in the graph view`,
  };
};

/** The prober gives up so long before Prometheus does, seconds: its flag `--timeout-offset`. */
const offsetSeconds = 0.5;
/** A timer is never early, and the clock of a duration is read beside it. */
const clockSeconds = 0.01;

export const givesUp = ({ shop: probes }: Probes, shop: Shop): Finding => {
  if (surelyIn('slow', probes, shop).length === 0) {
    const givenUp = count(givenUpOf(probes, shop).length, 'scrape');
    return {
      fact: `of the slow page Prometheus itself gave up ${givenUp}, after ${seconds(shop.timeoutSeconds)}: the prober gives up half a second before, and this machine was too busy to hear of it`,
      evidence: `${shopUp} while the page was slow`,
    };
  }
  const limit = shop.timeoutSeconds - offsetSeconds;
  const took = surelyIn('slow', probes, shop).map(({ values }) => values[duration] ?? 0);
  return {
    claim: `of the slow page, ${seconds(shop.slowSeconds)}, the prober gives up after ${listed([...new Set(took.map((value) => seconds(value)))]) || 'no time'}: half a second before Prometheus gives up the scrape, ${seconds(shop.timeoutSeconds)}, though the module says 5 s`,
    holds: took.length > 0 && took.every((value) => value >= limit - clockSeconds && value < shop.timeoutSeconds),
    evidence: `${of(duration, 'shop')} while the page was slow`,
    expected: `${seconds(limit)}, under ${seconds(shop.timeoutSeconds)}`,
    measured: took.map((value) => `${round(value, 3)} s`).join(', ') || 'no probe of the slow page',
    look: `${of(duration, 'shop')} in the graph view`,
  };
};

/** Evaluations at which an alert fired, and at which it should not have been as it was. */
export type Fired = { firing: readonly number[]; wrong: readonly number[] };

export const theAlert = ({ firing, wrong }: Fired): Claim => ({
  claim: `${down.alert} fires from ${firing[0] === undefined ? 'no evaluation' : clock(firing[0])} on, at each of ${count(firing.length, 'evaluation')} whose newest probe says 0`,
  holds: firing.length > 0 && wrong.length === 0,
  evidence: `ALERTS{alertname="${down.alert}"}, beside ${of(success, 'shop')}`,
  expected: `firing where ${down.expr}, and nowhere else`,
  measured: `${count(firing.length, 'evaluation')}, wrong at ${wrong.map(clock).join(', ') || 'none'}`,
  look: `ALERTS{alertname="${down.alert}"} in the graph view`,
});

/**
 * The prober is down: since the first scrape that failed, until one was answered or until now, and what a query says at
 * an instant at which that scrape is surely stored. Unix seconds.
 */
export type Outage = {
  from: number;
  to: number;
  at: number;
  says: number | undefined;
  /** evaluations at which the alert on the certificate still fired, although its probe had failed */
  expiresLater: readonly number[];
};

/** @param later  evaluations at which the alert still fired although the failed scrape was stored; @param open  whether one could buy */
export const endedByDeath = ({ firing }: Fired, outage: Outage, later: readonly number[], isOpen: boolean): Claim => {
  const last = firing.findLast((at) => at <= outage.at);
  return {
    claim: `the prober is down at ${clock(outage.from)}: ${of(success, 'shop')} is ${shown(outage.says)}, and ${down.alert} is RESOLVED, as ${expires.alert} is. The shop is ${isOpen ? 'open' : 'as closed as before'}`,
    holds:
      last !== undefined &&
      later.length === 0 &&
      outage.expiresLater.length === 0 &&
      outage.says === undefined &&
      !isOpen,
    evidence: `${of(success, 'shop')} at ${clock(outage.at)}, ALERTS{alertname="${down.alert}"} and /truth`,
    expected: `no value, and neither of them after ${clock(outage.at)}`,
    measured: `${shown(outage.says)}; fired after it at ${[...later, ...outage.expiresLater].map(clock).join(', ') || 'none'}`,
    look: `${of(success, 'shop')} in the graph view`,
  };
};

/**
 * @param activeAt  the values of its ALERTS_FOR_STATE, each once: a new one where the alert has ended and begun again
 * @param after     evaluations after the failed scrape at which it fired
 */
export const theFix = (activeAt: readonly number[], after: readonly number[]): Claim => ({
  claim: `the fix: ${downOrUnknown.alert} asks whether anybody probes as well. It is active since ${activeAt.length === 1 ? clock(activeAt[0]!) : 'no one time'} and fires on, ${count(after.length, 'evaluation')} after the prober's death`,
  holds: activeAt.length === 1 && after.length > 0,
  evidence: `ALERTS_FOR_STATE{alertname="${downOrUnknown.alert}"} and ${shopUp}`,
  expected: 'one and the same alert, before and after',
  measured: `active since ${listed(activeAt.map(clock)) || 'never'}; ${count(after.length, 'evaluation')} after it`,
  look: `ALERTS{alertname="${downOrUnknown.alert}"} in the graph view`,
});
