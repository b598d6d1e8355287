import type { Answer, TargetGroup } from '../../exporter/src/scenario.ts';
import { simulatedBy, type World } from '../../exporter/src/world.ts';
import type { Api } from '../model/reader.ts';
import type { Page, Target } from './scraping.ts';

/** How a module of the prober asks. A test ties them to blackbox/modules.yml, which a browser cannot read. */
export type Module = { prober: 'http' | 'tcp'; timeoutSeconds: number; has?: RegExp; tls?: boolean };

export const modules: Readonly<Record<string, Module>> = {
  http_2xx: { prober: 'http', timeoutSeconds: 5 },
  shop: { prober: 'http', timeoutSeconds: 5, has: /Cart/ },
  certificate: { prober: 'tcp', timeoutSeconds: 5, tls: true },
  tcp: { prober: 'tcp', timeoutSeconds: 5 },
};

/** The prober's flag `--timeout-offset`: so much earlier than the scrape's timeout it gives up. */
const offsetSeconds = 0.5;
const exchangeSeconds = 0.002;
const mostRedirects = 10;

/** What one probe has found; `code` is 0 where there was no answer. */
type Probed = { success: boolean; seconds: number; code?: number; redirects?: number; regex: boolean };

/**
 * One probe of the blackbox exporter, as its modules http and tcp do it.
 * @param path    of the page; none where a connection is all
 * @param answer  what a path is answered with
 * @param limitSeconds  after which it gives up
 */
export const probed = (
  { prober, has }: Module,
  path: string,
  answer: (path: string) => Answer,
  limitSeconds: number,
): Probed => {
  if (prober === 'tcp') return { success: true, seconds: exchangeSeconds, regex: false };
  let seconds = 0;
  let asked = path;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const { status, text, location, afterSeconds = 0 } = answer(asked);
    seconds += exchangeSeconds + afterSeconds;
    if (seconds >= limitSeconds) break;
    if (location !== undefined) {
      asked = location;
      continue;
    }
    const regex = has !== undefined && !has.test(text);
    return { success: status >= 200 && status < 300 && !regex, seconds, code: status, redirects, regex };
  }
  return { success: false, seconds: Math.min(seconds, limitSeconds), code: 0, redirects: 0, regex: false };
};

/** As the blackbox exporter 0.28 writes it, of what the lab asks about. @param expiry  of the certificate, unix seconds */
const pageOf = ({ success, seconds, code, redirects, regex }: Probed, expiry?: number): string =>
  [
    ...(expiry === undefined ? [] : [`probe_ssl_earliest_cert_expiry ${expiry}`]),
    `probe_success ${Number(success)}`,
    `probe_duration_seconds ${seconds}`,
    `probe_failed_due_to_regex ${Number(regex)}`,
    ...(code === undefined ? [] : [`probe_http_status_code ${code}`, `probe_http_redirects ${redirects}`]),
  ].join('\n');

type Probing = { target: Target; page: Page; delayAt: (at: number) => number; timeoutSeconds: number };

const probingOf = (
  { labels }: TargetGroup,
  scrapeJob: string,
  answer: (path: string, at: number) => Answer,
  expiry: number | undefined,
): Probing => {
  const module = modules[labels.__param_module!]!;
  const timeoutSeconds = Number(/^(\d+)s$/.exec(labels.__scrape_timeout__!)![1]);
  const limitSeconds = Math.min(module.timeoutSeconds, timeoutSeconds - offsetSeconds);
  const path = labels.__param_target!.replace(/^http:\/\/[^/]+/, '');
  const probe = (at: number) => probed(module, path, (asked) => answer(asked, at), limitSeconds);
  const own = Object.entries(labels).filter(([name]) => !name.startsWith('__'));
  return {
    target: { labels: Object.fromEntries(own) as Target['labels'], scrapeJob },
    page: async (at) => pageOf(probe(at), module.tls ? expiry : undefined),
    delayAt: (at) => probe(at).seconds,
    timeoutSeconds,
  };
};

/** The probes of an instance's pages, each a target; none where nobody probes it. */
export const probesOf = (world: World): Probing[] =>
  simulatedBy(world).flatMap(({ scenario: { site, targets, tls } }) =>
    site === undefined
      ? []
      : Object.entries(targets?.(world, 'exporter:8000') ?? {}).flatMap(([scrapeJob, groups]) =>
          groups.map((group) =>
            probingOf(group, scrapeJob, (path, at) => site.answer(world, path, at), tls?.(world)?.to),
          ),
        ),
  );

/** The prober itself, as a check asks it: it has no API of Prometheus', and says so where it is there. */
export const proberIn = (isThere: boolean): Api => {
  const none = async () => {
    throw new Error('a prober answers no query');
  };
  const answer = { code: 404, status: '', warnings: [], data: undefined };
  return { query: none, range: none, samples: none, answer: async () => (isThere ? answer : undefined) };
};
