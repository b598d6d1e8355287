import { hostAndPort, wholeNumber } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import { type Answer, scenario, type TargetGroup, type Tls } from '../scenario.ts';

/** A shop's page, and the prober that asks for it as a visitor would. */
type Shop = { shop: string; certificate?: { address: string; days: number } };

const path = '/shop';
const loginPath = '/login';
/** How late the slow page is answered, and within what time Prometheus wants an answer of the prober. */
const slowSeconds = 3;
const timeoutSeconds = 1;

/** What the page of a shop in which one can buy has, and no other. */
const cart = 'Cart: 2 items';

const html = (words: string): string => `<!doctype html>\n<title>Shop</title>\n<p>${words}</p>\n`;

const daySeconds = 86_400;
const certificateSetting = wholeNumber(1, 3_650);

const parseCertificate = (text: string): Shop['certificate'] => {
  const [, where = '', count = ''] = /^([^/]*)\/(\d+)d$/.exec(text) ?? [];
  const [address, days] = [hostAndPort.parse(where), certificateSetting.parse(count)];
  return address !== undefined && days !== undefined ? { address, days } : undefined;
};

const tlsOf = ({ startedAt, certificate }: Pick<Instance, 'startedAt'> & Shop): Tls | undefined => {
  if (certificate === undefined) return undefined;
  const { hostname, port } = new URL(`http://${certificate.address}`);
  const to = startedAt + certificate.days * daySeconds;
  return { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port || 80), name: 'shop', from: startedAt, to };
};

/** What the page is like, one after the other, and for how long; the last for ever. */
const story = [
  { name: 'good', forSeconds: 18, answer: { status: 200, text: html(cart) } },
  { name: 'error', forSeconds: 12, answer: { status: 500, text: html('Internal Server Error') } },
  { name: 'slow', forSeconds: 14, answer: { status: 200, text: html(cart), afterSeconds: slowSeconds } },
  { name: 'login', forSeconds: 12, answer: { status: 302, text: '', location: loginPath } },
  { name: 'sorry', answer: { status: 200, text: html('Sorry, we are closed for maintenance.') } },
] as const satisfies readonly { name: string; forSeconds?: number; answer: Answer }[];

/** `to` of the last one is not there. Unix seconds. */
type Phase = { name: (typeof story)[number]['name']; from: number; to?: number };

const phasesOf = ({ startedAt }: Pick<Instance, 'startedAt'>): Phase[] => {
  let from = startedAt;
  return story.map((phase) => {
    const began = from;
    if (!('forSeconds' in phase)) return { name: phase.name, from: began };
    from += phase.forSeconds;
    return { name: phase.name, from: began, to: from };
  });
};

/** @returns which of `story` it is; the first before the start */
const indexAt = (instance: Pick<Instance, 'startedAt'>, unixSeconds: number): number =>
  Math.max(
    0,
    phasesOf(instance).findLastIndex(({ from }) => unixSeconds >= from),
  );

const answerAt = (instance: Instance, asked: string, unixSeconds: number): Answer =>
  asked === loginPath ? { status: 200, text: html('Please log in.') } : story[indexAt(instance, unixSeconds)]!.answer;

/**
 * The prober as Prometheus scrapes it, once for each of its modules (blackbox/modules.yml). What people write as three
 * lines of relabelling, service discovery says here: whom to ask, what to probe, and what the series are called.
 * @param address  of the exporter, as the prober reaches it too
 */
const probesOf = ({ shop, certificate }: Shop, address: string): TargetGroup[] => {
  const probe = (module: string, target: string): TargetGroup => ({
    targets: [shop],
    labels: {
      job: 'probe',
      instance: 'shop',
      module,
      __metrics_path__: '/probe',
      __param_module: module,
      __param_target: target,
      __scrape_timeout__: `${timeoutSeconds}s`,
    },
  });
  return [
    probe('tcp', address),
    probe('http_2xx', `http://${address}${path}`),
    probe('shop', `http://${address}${path}`),
    ...(certificate ? [probe('certificate', certificate.address)] : []),
  ];
};

/** What `/truth` reports of the shop: its phases, and whether one can buy there, 1 or 0 at each instant. */
type ShopTruth = {
  phases: Phase[];
  open: number[];
  slowSeconds: number;
  timeoutSeconds: number;
  /** unix seconds between which it is valid */
  certificate?: { from: number; to: number };
};

export const shop = scenario({
  settings: {
    shop: {
      variable: 'SHOP',
      expected: hostAndPort.expected,
      parse: hostAndPort.parse,
      suchAs: '`blackbox:9115`',
      simulates: `a page \`${path}\`, which this blackbox exporter probes: good for 18 s, status 500 for 12 s, answered ${slowSeconds} s late for 14 s, a redirect to \`${loginPath}\` for 12 s, then “closed for maintenance” with status 200`,
    },
    certificate: {
      variable: 'CERTIFICATE',
      expected: 'host:port/DAYSd with 1 to 3650 days, such as exporter:8443/3d',
      parse: parseCertificate,
      suchAs: '`exporter:8443/3d`',
      simulates:
        'with `SHOP`: the exporter answers by TLS there, with a certificate that ends three days after its start; the prober looks at it as well',
    },
  },
  isOfFirst: true,
  simulated: ({ shop }: Partial<Shop>) => shop && 'shop',
  tls: tlsOf,
  site: { paths: [path, loginPath], answer: answerAt },
  targets: (own, address) => ({ my_app: probesOf(own, address) }),
  truth: (own, at): { shop: ShopTruth } => {
    const tls = tlsOf(own);
    return {
      shop: {
        ...(tls && { certificate: { from: tls.from, to: tls.to } }),
        phases: phasesOf(own),
        open: at.map((instant) => Number(story[indexAt(own, instant)]!.name === 'good')),
        slowSeconds,
        timeoutSeconds,
      },
    };
  },
  points: () => 1,
  reports: {
    shop: 'the `phases` of the page, whether it is `open` at each instant, `slowSeconds`, `timeoutSeconds` of the scrapes of its prober, and between which seconds its `certificate` is valid',
  },
});
