import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from '../../lab/simulator/lab.ts';
import { holdsAfterEarlier } from '../../test/lessons/earlier.ts';
import { eachFails, holds, labOf, said, sendsTo, waits } from '../../test/lessons/verdicts.ts';
import { exercises } from './exercise.ts';
import { lesson } from './lesson.ts';
import {
  code,
  down,
  downOrUnknown,
  duration,
  expires,
  expiry,
  type Module,
  type Probe,
  redirects,
  sayings,
  success,
} from './probes.ts';
import { check, type Measured, verdict } from './verdict.ts';

const start = 1_800_000_000;
const at = (...times: number[]) => times.map((time) => start + time);
const shop: Measured['shop'] = {
  phases: [
    { name: 'good', from: start, to: start + 18 },
    { name: 'error', from: start + 18, to: start + 30 },
    { name: 'slow', from: start + 30, to: start + 44 },
    { name: 'login', from: start + 44, to: start + 56 },
    { name: 'sorry', from: start + 56 },
  ],
  open: [],
  slowSeconds: 3,
  timeoutSeconds: 1,
  certificate: { from: start, to: start + 3 * 86_400 },
};
const statuses = { good: 200, error: 500, slow: 0, login: 200, sorry: 200 };
const times = [10, 15, 20, 25, 32, 37, 42, 47, 52, 57, 62];
const probe = (module: Module, after: number): Probe => {
  const { name } = shop.phases.findLast(({ from }) => start + after >= from)!;
  const values = { [success]: sayings[name][module], [duration]: name === 'slow' ? 0.5 : 0.01 };
  const http = { [code]: statuses[name], [redirects]: name === 'login' ? 1 : 0 };
  const isHttp = module === 'http_2xx' || module === 'shop';
  const durationSeconds = name === 'slow' ? 0.51 : 0.01;
  return {
    at: start + after,
    up: 1,
    durationSeconds,
    values: { ...values, ...(isHttp ? http : {}), ...(module === 'certificate' && { [expiry]: start + 3 * 86_400 }) },
  };
};
const probesOf = (module: Module) => times.map((after) => probe(module, after));
const firing = at(23, 28, 33, 38, 43, 48, 53, 58, 63);
const full: Measured = {
  shop,
  scrapeSeconds: 5,
  probes: {
    tcp: probesOf('tcp'),
    http_2xx: probesOf('http_2xx'),
    shop: probesOf('shop'),
    certificate: probesOf('certificate'),
  },
  exporter: times.map((after) => ({ at: start + after + 1, up: 1, durationSeconds: 0.01 })),
  down: firing,
  expires: at(13, 18, ...firing.map((time) => time - start)),
  orUnknown: firing,
  activeAt: firing.map((time) => [time, start + 23]),
};
const later = at(68, 73);
const dead: Measured = {
  ...full,
  orUnknown: [...firing, ...later],
  activeAt: [...firing, ...later].map((time) => [time, start + 23]),
  outage: { from: start + 67, to: start + 75, at: start + 67.5, says: undefined, isOpen: false, expiresLater: [] },
};
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const judgedDead = (change: Partial<Measured> = {}) => verdict({ ...dead, ...change });
/** The probes of one module, the one at a time otherwise. */
const otherwise = (
  module: Module,
  after: number,
  change: Partial<Probe>,
  values: Probe['values'] = {},
): Measured['probes'] => ({
  ...full.probes,
  [module]: full.probes[module].map((each) =>
    each.at === start + after ? { ...each, ...change, values: { ...each.values, ...values } } : each,
  ),
});
const withValue = (module: Module, after: number, values: Probe['values']) =>
  judged({ probes: otherwise(module, after, {}, values) });

test('each phase is told by one module alone', () => {
  holds(judged());
  const [happened, up, tcp, status, visitor, slow, certificate, alert] = said(judged());
  assert.match(happened!, /was good from 08:00:00, had status 500 from 08:00:18, .* One could buy until 08:00:18$/);
  assert.match(up!, /^up is 1 all the while, 55 scrapes/);
  assert.match(tcp!, /^tcp says success in all 5 phases, 11 probes/);
  assert.match(
    status!,
    /login page \(200 after 1 redirect\) and of “closed for maintenance” \(200 after 0 redirects\)/,
  );
  assert.match(visitor!, /each of 11 probes says/);
  assert.match(
    slow!,
    /^of the slow page, 3 s, the prober gives up after 0\.5 s: .* scrape, 1 s, though the module says 5 s$/,
  );
  assert.match(
    certificate!,
    /^the certificate is valid for 3 days more, by each of 11 probes .* fires, 11 evaluations/,
  );
  assert.match(alert!, /^ShopDown fires from 08:00:23 on, at each of 9 evaluations/);
});
test('a prober that is dead ends one alert and not the other', () => {
  holds(judgedDead());
  const [ended, fix] = said(judgedDead()).slice(-2);
  assert.match(
    ended!,
    /^the prober is down at 08:01:07: probe_success{module="shop"} is nothing, .* as closed as before$/,
  );
  assert.match(fix!, /active since 08:00:23 and fires on, 2 evaluations after the prober's death$/);
});
test('a scrape that Prometheus gave up says nothing of who was asked', () => {
  const givenUp = { up: 0, durationSeconds: 1, values: {} };
  holds(judged({ probes: otherwise('tcp', 37, givenUp) }));
  const exporter = full.exporter.map((each, index) => (index === 3 ? { ...each, up: 0, durationSeconds: 5 } : each));
  holds(judged({ exporter }));
});

test('where Prometheus gave up every probe of the slow page, that is a fact', () => {
  const givenUp = (each: Probe): Probe =>
    each.at < start + 30 || each.at > start + 43 ? each : { ...each, up: 0, durationSeconds: 1, values: {} };
  const { http_2xx, shop: visitor } = full.probes;
  const probes = { ...full.probes, http_2xx: http_2xx.map(givenUp), shop: visitor.map(givenUp) };
  const verdict = judged({
    probes,
    down: firing.filter((time) => time < start + 32 || time > start + 47),
  });
  holds(verdict);
  assert.match(said(verdict)[5]!, /^of the slow page Prometheus itself gave up 3 scrapes, after 1 s/);
});

eachFails({
  'a target that is down fails': [
    /^up is 1/,
    judged({ exporter: full.exporter.map((each, index) => (index === 3 ? { ...each, up: 0 } : each)) }),
    judged({ probes: otherwise('tcp', 37, { up: 0, values: {} }) }),
    judged({ exporter: [] }),
  ],
  'a port that takes no connection fails': [/^tcp says/, withValue('tcp', 25, { [success]: 0 })],
  'a status that is seen otherwise fails': [
    /^http_2xx says/,
    withValue('http_2xx', 15, { [success]: 0 }),
    withValue('http_2xx', 25, { [code]: 200 }),
    withValue('http_2xx', 47, { [redirects]: 0 }),
    withValue('http_2xx', 52, { [success]: 0 }),
    withValue('http_2xx', 62, { [code]: 503 }),
    withValue('http_2xx', 62, { [success]: 0 }),
  ],
  'a probe that is not as the shop fails': [
    /^the module shop/,
    withValue('shop', 15, { [success]: 0 }),
    judged({
      probes: otherwise('shop', 47, {}, { [success]: 1 }),
      down: firing.filter((time) => time !== start + 48),
      orUnknown: firing,
    }),
  ],
  'a probe of the slow page that takes another time fails': [
    /^of the slow page/,
    withValue('shop', 32, { [duration]: 0.2 }),
    withValue('shop', 37, { [duration]: 3 }),
  ],
  'a certificate of another time, or that nobody is told of, fails': [
    /^the certificate/,
    withValue('certificate', 20, { [expiry]: start }),
    judged({ expires: [] }),
    judged({
      probes: {
        ...full.probes,
        certificate: full.probes.certificate.map((each) => ({ ...each, up: 0, durationSeconds: 1 })),
      },
    }),
  ],
  'an alert that fires otherwise than the probes say fails': [
    /^ShopDown fires/,
    judged({ down: firing.slice(1) }),
    judged({ down: at(13, ...firing.map((time) => time - start)) }),
    judged({ down: [] }),
  ],
  'an alert that goes on without a prober fails': [
    /^the prober is down/,
    judgedDead({ down: [...firing, ...later] }),
    judgedDead({ outage: { ...dead.outage!, says: 0 } }),
    judgedDead({ outage: { ...dead.outage!, isOpen: true } }),
    judgedDead({ outage: { ...dead.outage!, expiresLater: later } }),
  ],
  'a fix that ends, or begins again, fails': [
    /^the fix/,
    judgedDead({ activeAt: [...full.activeAt, [later[0]!, later[0]!]] }),
    judgedDead({ orUnknown: firing }),
  ],
});

test('a lab without a shop is sent to the step', async () => {
  sendsTo(await check({} as never, labOf()));
});

/** The lab of the step, whose prober dies so many seconds after the exporter began. */
const simulated = async (probedSeconds?: number) => {
  const lab = simulate({
    scrapeSeconds: 5,
    phaseSeconds: 1.3,
    lives: [
      { from: start - 300, to: start },
      { from: start, environment: { SHOP: 'blackbox:9115', CERTIFICATE: 'exporter:8443/3d' } },
    ],
    prometheusStartedAt: start - 300,
    rules: [down, expires, downOrUnknown],
    ...(probedSeconds !== undefined && { probedUntil: start + probedSeconds }),
  });
  await lab.advance(start + 120);
  return lab;
};
const labWith = async (probedSeconds?: number) => {
  const lab = await simulated(probedSeconds);
  return (seconds: number) => check(lab.readAt(start + seconds), lab.labAt(start + seconds));
};

test('it waits for the phases, and measures again once the prober is dead', async () => {
  const checkAt = await labWith(75);
  waits(await checkAt(40), 28, /probes of each phase/);
  const before = await checkAt(74);
  holds(before);
  const after = await checkAt(95);
  holds(after);
  assert.deepEqual(
    [before, after].map((each) => each.kind === 'measured' && each.phase),
    [0, 1],
  );
  assert.equal(lesson.manualSteps?.length, 1);
});
test('whenever it is asked, a dead prober is seen by every module or waited for', async () => {
  const checkAt = await labWith(75);
  const kinds: string[] = [];
  for (let seconds = 73; seconds < 110; seconds += 0.5) {
    const verdict = await checkAt(seconds);
    if (verdict.kind === 'measured') holds(verdict);
    const is = verdict.kind === 'measured' ? `phase ${verdict.phase}` : verdict.kind;
    if (kinds.at(-1) !== is) kinds.push(is);
  }
  assert.deepEqual(kinds, ['phase 0', 'wait', 'phase 1']);
});
test('the exercises are judged as well where the prober is killed as soon as the check has asked for that', async () => {
  const alive = await simulated();
  const checked = async (now: number) => (await check(alive.readAt(now), alive.labAt(now))).kind === 'measured';
  let measuredAt = start + 56;
  while (!(await checked(measuredAt))) measuredAt += 0.5;
  const lab = await simulated(measuredAt - start);
  for (const { expected } of exercises)
    assert.equal((await expected(lab.readAt(start + 100), lab.labAt(start + 100))).kind, 'known');
});
test('an exporter that has begun and does not answer yet is not down', async () => {
  const lab = await simulated();
  const now = start + 90;
  const read = lab.readAt(now);
  const samples: typeof read.samples = async (...question) =>
    (await read.samples(...question)).map((series) => ({
      ...series,
      samples: series.samples.map(([at, value]) => [
        at,
        series.labels.__name__ === 'up' && series.labels.job === 'my_app' && at < start + 8 ? 0 : value,
      ]),
    }));
  holds(await check({ ...read, samples }, lab.labAt(now)));
});
test('what an earlier Prometheus has stored of an earlier shop, and still shows, changes nothing', async () => {
  const environment = { SHOP: 'blackbox:9115', CERTIFICATE: 'exporter:8443/3d' };
  const plan = { environment, rules: [down, expires, downOrUnknown] };
  await holdsAfterEarlier(check, plan, { from: start - 120, start, left: { alertname: down.alert } });
});
test('a prober that dies before the last phase is no measurement', async () => {
  const verdict = await (await labWith(50))(90);
  sendsTo(verdict);
  assert.match(verdict.kind === 'elsewhere' ? verdict.reason : '', /^the prober was down at 08:00:5\d, before/);
});
