import { alertNames, alertState } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { bothTooCoarse } from '../../lab/model/measurable.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import {
  code,
  down,
  downOrUnknown,
  duration,
  expires,
  expiry,
  hasShop,
  of,
  probeJob,
  prober,
  redirects,
  success,
} from './probes.ts';
import { check } from './verdict.ts';

/** Each phase of the shop has to be probed before the next one begins. */
const slowestSeconds = 5;

export const lesson: Lesson = {
  title: 'The black box',
  chapter: 'Monitoring itself',
  minutes: 7,
  question: 'All targets are up. Why can nobody buy anything?',
  change: 'own',
  requires: 'blackbox',
  memoryMegabytes: 30,
  layer: 'producer',
  changes: 'a shop that fails in four ways, one after the other, and a blackbox exporter with four ways to probe it',
  matters:
    'up is about who reports, and status 200 about a server: only a probe that asks what a visitor asks sees the shop',
  todo: [
    'Open /shop of the exporter in a browser, where its /metrics is, again and again for a minute: good, status 500, 3 s late, a login page, closed.',
    'Query probe_success meanwhile: tcp and http_2xx are content with pages that sell nothing.',
    'Compare probe_duration_seconds of the slow page with the 5 s that the module allows.',
  ],
  manualSteps: [
    [
      {
        do: 'kill',
        service: 'blackbox',
        says: 'nobody probes the shop any more, which is as closed as before. Which alert ends?',
      },
    ],
  ],
  queries: [
    {
      expr: `up{job="${probeJob}"}`,
      read: '1 all the while: the prober answers, whatever it has found',
      noValue: 'at rest',
    },
    { expr: success, read: 'what it has found: 0 or 1, for each of four modules', noValue: 'at rest' },
    {
      expr: of(code, 'http_2xx'),
      read: '200, 500, 0 where there was no answer in time, and 200 again for a login page and for maintenance',
      noValue: 'at rest',
    },
    {
      expr: of(redirects, 'http_2xx'),
      read: '1 where it was led to the login page, whose status counts',
      noValue: 'at rest',
    },
    {
      expr: of(duration, 'shop'),
      read: '0.5 s for the slow page: half a second before the scrape’s own timeout',
      noValue: 'at rest',
    },
    {
      expr: `(${expiry} - time()) / 86400`,
      read: 'for how many days the certificate is valid: 3, and CertificateExpires wants 7',
      noValue: 'at rest',
    },
    { expr: downOrUnknown.expr, read: 'the shop is closed, or nobody probes it', noValue: 'at rest' },
  ],
  expect:
    'up is 1 throughout. Only the module shop, which wants a cart on the page, says 0 in all four phases in which one cannot buy. Kill the prober: ShopDown is RESOLVED, and ShopDownOrUnknown goes on.',
  insight:
    'A probe is as good as its question: ask for what the visitor needs, not for a status. And a dead prober leaves no series: alert on probe_success == 0 or up == 0. In a configuration of yours three lines of relabelling move the address into the parameter target; here the exporter’s service discovery says it.',
  lookBack: '10m',
  panels: [
    {
      title: 'Every target is up. Which module sees that the shop is closed?',
      kind: 'timeline',
      targets: [
        { expr: `min(up{job=~"my_app|${probeJob}"})`, legend: 'up, all targets' },
        { expr: of(success, 'tcp'), legend: 'tcp: the port' },
        { expr: of(success, 'http_2xx'), legend: 'http_2xx: the status' },
        { expr: of(success, 'shop'), legend: 'shop: a cart' },
      ],
      names: { 0: { text: '0', colour: 'red' }, 1: { text: '1', colour: 'green' } },
      unit: 'state',
      width: 24,
      height: 7,
    },
    {
      title: '200 also means a login page, and maintenance',
      kind: 'timeseries',
      targets: [{ expr: of(code, 'http_2xx'), legend: 'status that http_2xx saw', style: 'steps' }],
      unit: 'count',
      width: 12,
      height: 6,
    },
    {
      title: 'A page that takes 3 s: the probe ends after 0.5 s',
      kind: 'timeseries',
      targets: [{ expr: of(duration, 'shop'), legend: 'probe of the module shop', style: 'points' }],
      unit: 'seconds',
      width: 12,
      height: 6,
    },
    {
      title: 'Kill the prober: the alert on probe_success alone ends, the other goes on',
      kind: 'timeline',
      targets: [alertState(down.alert), alertState(downOrUnknown.alert)],
      names: alertNames,
      unit: 'state',
      width: 24,
      height: 5,
    },
  ],
  precondition: 'quiet',
  happensOnce: true,
  isActive: hasShop,
  picture,
  exercises,
  tooCoarse: (intervals) =>
    Math.max(intervals.scrapeSeconds, intervals.evaluationSeconds) > slowestSeconds
      ? bothTooCoarse(29, intervals, ': the shop changes every twelve seconds')
      : undefined,
  plan: {
    environment: { SHOP: prober, CERTIFICATE: 'exporter:8443/3d' },
    rules: [down, expires, downOrUnknown],
  },
  check,
};
