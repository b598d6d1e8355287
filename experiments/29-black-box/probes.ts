import { instancesIn } from '../../lab/evidence/fleet.ts';
import { secondsMet } from '../../lab/evidence/scrape.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { scrapeDuration, targetUp } from '../../lab/model/metrics.ts';
import type { Series } from '../../lab/promql/sample.ts';

/** How the prober asks (blackbox/modules.yml): each is a target of its own. */
export const modules = ['tcp', 'http_2xx', 'shop', 'certificate'] as const;
export type Module = (typeof modules)[number];

export const probeJob = 'probe';
export const prober = 'blackbox:9115';
export const success = 'probe_success';
export const code = 'probe_http_status_code';
export const redirects = 'probe_http_redirects';
export const duration = 'probe_duration_seconds';
export const expiry = 'probe_ssl_earliest_cert_expiry';
export const of = (metric: string, module: Module): string => `${metric}{module="${module}"}`;
export const shopUp = `${targetUp}{job="${probeJob}",module="shop"}`;

export const down = { alert: 'ShopDown', expr: `${of(success, 'shop')} == 0` };
/** So long before its end somebody has to renew it. */
export const renewSeconds = 7 * 86_400;
export const expires = { alert: 'CertificateExpires', expr: `${expiry} - time() < 7 * 86400` };
export const downOrUnknown = { alert: 'ShopDownOrUnknown', expr: `${down.expr} or ${shopUp} == 0` };

export type Shop = NonNullable<Truth['shop']>;
export type Phase = Shop['phases'][number]['name'];

/** What the modules say of each phase: only one of them asks what a visitor does. */
export const sayings: Readonly<Record<Phase, Readonly<Record<Module, 0 | 1>>>> = {
  good: { tcp: 1, http_2xx: 1, shop: 1, certificate: 1 },
  error: { tcp: 1, http_2xx: 0, shop: 0, certificate: 1 },
  slow: { tcp: 1, http_2xx: 0, shop: 0, certificate: 1 },
  login: { tcp: 1, http_2xx: 1, shop: 0, certificate: 1 },
  sorry: { tcp: 1, http_2xx: 1, shop: 0, certificate: 1 },
};

export const hasShop = (lab: Lab): boolean => instancesIn(lab).some(({ simulates }) => simulates.includes('shop'));

/** What is stored of the prober, of its alerts and of the exporter itself. */
const alerts = ['ALERTS', 'ALERTS_FOR_STATE'];
export const everything = `{__name__=~"${[targetUp, scrapeDuration, success, code, redirects, duration, expiry, ...alerts].join('|')}",job="${probeJob}"}`;

/** A scrape, and whether it was answered in time. */
export type Scraped = { at: number; durationSeconds: number; up: number };
/** A scrape of the prober: what it says, where it was answered. */
export type Probe = Scraped & { values: Readonly<Record<string, number>> };

/** Every scrape of one target, with what it brought. @param series  of that target */
const scrapesOf = (series: readonly Series[]): Probe[] => {
  const byName = new Map(series.map(({ labels, samples }) => [labels.__name__!, new Map(samples)]));
  const at = (name: string, time: number) => byName.get(name)?.get(time);
  const brought = [success, code, redirects, duration, expiry];
  return [...(byName.get(targetUp) ?? [])].map(([time, up]) => ({
    at: time,
    up,
    durationSeconds: at(scrapeDuration, time) ?? 0,
    values: Object.fromEntries(
      brought.flatMap((name) => {
        const value = at(name, time);
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  }));
};

/** @param stored  raw samples of `everything` */
export const probesIn = (stored: readonly Series[], module: Module): Probe[] =>
  scrapesOf(stored.filter(({ labels }) => labels.module === module && !alerts.includes(labels.__name__!)));

/** @param stored  `up` and the durations of the scrapes of one target */
export const scrapedIn = (stored: readonly Series[]): Scraped[] => scrapesOf(stored);

/** Whether Prometheus did not wait for the answer any longer: that says nothing of who was asked. */
export const isGivenUp = ({ up, durationSeconds }: Scraped, timeoutSeconds: number): boolean =>
  up === 0 && durationSeconds >= timeoutSeconds;

/** The phases that a probe may have met: it asks the page some time between its begin and its end. */
export const metBy = ({ at, durationSeconds }: Scraped, { phases }: Shop): Phase[] => {
  const [first, last] = secondsMet({ at, durationSeconds });
  return phases.filter(({ from, to = Number.POSITIVE_INFINITY }) => from <= last && to > first).map(({ name }) => name);
};

/** The probes that were answered and surely met this phase. */
export const surelyIn = (phase: Phase, probes: readonly Probe[], shop: Shop): Probe[] =>
  probes.filter((probe) => probe.up === 1 && metBy(probe, shop).join() === phase);

/** Whether a probe met this phase. Of the slow one a busy Prometheus may have given every probe up. */
export const isSeen = (phase: Phase, probes: readonly Probe[], shop: Shop): boolean =>
  surelyIn(phase, probes, shop).length > 0 || (phase === 'slow' && givenUpOf(probes, shop).length > 0);

/** The scrapes of the slow page that Prometheus gave up: half a second is all that they have beside the probe. */
export const givenUpOf = (probes: readonly Probe[], shop: Shop): Probe[] =>
  probes.filter((probe) => isGivenUp(probe, shop.timeoutSeconds) && metBy(probe, shop).includes('slow'));

/** Whether what a probe says can be so. */
export const isAsSaid = (probe: Probe, module: Module, shop: Shop): boolean =>
  metBy(probe, shop).some((phase) => probe.values[success] === sayings[phase][module]);

/** Since when a target answers: it may begin after Prometheus has heard of it, or while Prometheus scrapes it already. */
export const answeredFrom = <Of extends Scraped>(scrapes: readonly Of[]): Of[] => {
  const first = scrapes.findIndex(({ up }) => up === 1);
  return first < 0 ? [] : scrapes.slice(first);
};

/** So many scrapes in a row that had no answer in time are an outage: one alone may be a busy machine. */
const silentScrapes = 3;

/** The scrapes of the first outage: the prober refused one, or was silent for several. */
export const outageIn = (probes: readonly Probe[], shop: Shop): Probe[] => {
  for (let first = 0; first < probes.length; first += 1) {
    if (probes[first]!.up === 1) continue;
    const end = probes.findIndex(({ up }, index) => index > first && up === 1);
    const missed = probes.slice(first, end < 0 ? probes.length : end);
    const slow = givenUpOf(missed, shop).length;
    if (missed.length - slow >= silentScrapes || missed.some((each) => !isGivenUp(each, shop.timeoutSeconds)))
      return missed.slice(slow);
    first += missed.length;
  }
  return [];
};
