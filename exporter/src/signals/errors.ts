import { Counter } from 'prom-client';
import { listOf } from '../../../lab/settings/setting.ts';
import type { Format } from '../exposition.ts';
import { goneFrom, type Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { boundsOf, type Episode, episode, perMille, sumOf, wholeSeconds } from '../setting.ts';
import { requestsOf } from './requests.ts';
import { spread, spreadWhile } from './spread.ts';

/** A part of the requests, and how many of it fail, both in thousandths; and how many fail for a while. */
type Route = {
  route: string;
  perMille: number;
  failingPerMille: number;
  while?: { failingPerMille: number; during: Episode };
};

/** Errors: all in one second, so long after the start, or a share of the requests. */
type Errors = { errors: { count: number; afterSeconds: number } | { routes: readonly Route[] } };

const parseErrors = (text: string): Errors['errors'] | undefined => {
  const [, count, after = ''] = /^([1-9]\d{0,5})@(.*)$/.exec(text) ?? [];
  const afterSeconds = wholeSeconds(after);
  if (count !== undefined) return afterSeconds === undefined ? undefined : { count: Number(count), afterSeconds };
  const all = perMille(text);
  if (all) return { routes: [{ route: 'all', perMille: 1_000, failingPerMille: all }] };
  const routes = listOf(text, 10, parseRoute);
  const names = new Set(routes?.map(({ route }) => route));
  return routes && names.size === routes.length && sumOf(routes.map((route) => route.perMille)) === 1_000
    ? { routes }
    : undefined;
};

const parseRoute = (text: string): Route | undefined => {
  const [, route, share = '', fails = '', other, when = ''] =
    /^([a-z]{1,20}):([^:]*):([^:]*)(?::([^:]*):([^:]*))?$/.exec(text) ?? [];
  const [thousandths, failing] = [perMille(share), perMille(fails)];
  if (route === undefined || !thousandths || failing === undefined) return undefined;
  const usual = { route, perMille: thousandths, failingPerMille: failing };
  if (other === undefined) return usual;
  const [failingPerMille, during] = [perMille(other), episode(when)];
  return failingPerMille === undefined || !during ? undefined : { ...usual, while: { failingPerMille, during } };
};

/** What has happened on one route since the start. */
type RouteTotals = { route: string; requests: number; errors: number };

/**
 * The errors of an instance since it began. A burst is of no route.
 * @returns a function of the instant (unix seconds); seconds that have passed only
 */
const errorsOf = (instance: Instance & Errors): ((unixSeconds: number) => { total: number; routes: RouteTotals[] }) => {
  const { errors, startedAt } = instance;
  if ('count' in errors) {
    const second = startedAt + errors.afterSeconds;
    return (at) => ({ total: Math.floor(at) > second && second < goneFrom(instance) ? errors.count : 0, routes: [] });
  }
  const requests = requestsOf(instance);
  const onRoutes = spread(errors.routes.map((route) => route.perMille));
  const failing = errors.routes.map((route, index) => {
    const other = route.while;
    return spreadWhile(
      (at) => onRoutes(requests(at))[index]!,
      failingOf(route),
      other && { split: failingOf(other), ...boundsOf(instance, other.during) },
    );
  });
  return (at) => {
    const routes = onRoutes(requests(at)).map((count, index) => ({
      route: errors.routes[index]!.route,
      requests: count,
      // Of each way of sharing out the second class fails.
      errors: sumOf(failing[index]!(at).filter((_, place) => place % 2 === 1)),
    }));
    return { total: sumOf(routes.map((route) => route.errors)), routes };
  };
};

const failingOf = ({ failingPerMille }: { failingPerMille: number }) =>
  spread([1_000 - failingPerMille, failingPerMille]);

/** @returns the second in which the first error happened, by an instant; undefined where there was none yet */
const firstErrorSecond = (instance: Instance & Errors, at: number): number | undefined => {
  const errors = errorsOf(instance);
  let [none, some] = [instance.startedAt, Math.floor(at)];
  if (errors(some).total === 0) return undefined;
  while (some - none > 1) {
    const middle = Math.floor((none + some) / 2);
    if (errors(middle).total === 0) none = middle;
    else some = middle;
  }
  return none;
};

const labels = { code: '500' };

/** Registers the error counter three times over, and the requests by route where the errors are a share of them. */
const registerErrors = ({ registry, counted, write }: Scrape, instance: Instance & Errors): void => {
  const errors = errorsOf(instance);
  new Counter({
    name: 'errors_total',
    help: 'Simulated errors; there is no series before the first one.',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      const { total } = errors(counted());
      if (total > 0) this.inc(labels, total);
    },
  });
  new Counter({
    name: 'errors_zeroed_total',
    help: 'The same errors, exposed as 0 from the start.',
    labelNames: ['code'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc(labels, errors(counted()).total);
    },
  });
  let createdAt: number | undefined;
  write((format) => {
    createdAt ??= firstErrorSecond(instance, counted());
    return createdAt === undefined ? '' : datedErrors(format, errors(counted()).total, createdAt);
  });
  if ('count' in instance.errors) return;
  new Counter({
    name: 'http_requests_total',
    help: 'Simulated requests by route and status code since the exporter started.',
    labelNames: ['route', 'code'],
    registers: [registry],
    collect() {
      this.reset();
      for (const route of errors(counted()).routes) {
        this.inc({ route: route.route, code: '200' }, route.requests - route.errors);
        this.inc({ route: route.route, code: '500' }, route.errors);
      }
    },
  });
};

/** prom-client writes no creation times, and only OpenMetrics has a place for them. */
const datedErrors = (format: Format, total: number, bornAt: number): string => {
  const family = format === 'text' ? 'errors_dated_total' : 'errors_dated';
  const sample = `errors_dated_total{code="${labels.code}"} ${total}\n`;
  const created = format === 'text' ? '' : `errors_dated_created{code="${labels.code}"} ${bornAt}\n`;
  const help = 'The same errors, created with the first one and with a created timestamp.';
  return `# HELP ${family} ${help}\n# TYPE ${family} counter\n${sample}${created}`;
};

/** What `/truth` reports of the errors; arrays hold one value for each instant. */
type ErrorsTruth = {
  /** what each of the three counters shows once it is there */
  total: number[];
  /** the second of the first error, which is also its `_created`: the lazy series is there from the next one on */
  bornAt: number | null;
  /** where they all come in one second: how many, and which second, already before it */
  burst?: { count: number; at: number };
  routes: { route: string; requests: number[]; errors: number[] }[];
};

const errorsTruth = (instance: Instance & Errors, at: readonly number[], now: number): ErrorsTruth => {
  const errors = at.map(errorsOf(instance));
  const routes = 'routes' in instance.errors ? instance.errors.routes : [];
  return {
    total: errors.map(({ total }) => total),
    bornAt: firstErrorSecond(instance, now) ?? null,
    ...('count' in instance.errors && {
      burst: { count: instance.errors.count, at: instance.startedAt + instance.errors.afterSeconds },
    }),
    routes: routes.map(({ route }, index) => ({
      route,
      requests: errors.map((each) => each.routes[index]!.requests),
      errors: errors.map((each) => each.routes[index]!.errors),
    })),
  };
};

export const errors = scenario({
  settings: {
    errors: {
      variable: 'ERRORS',
      expected:
        'a burst such as 5@30s (5 errors in one second, 30 s after the start), a share of the requests such as 2%, or ' +
        'up to 10 routes of 100 % in all, each with what fails of it, such as light:90%:2%,heavy:10%:20%, and maybe ' +
        'with what fails for a while, such as heavy:10%:2%:50%:40s@20s',
      parse: parseErrors,
      suchAs: '`5@30s`, `2%` or `light:90%:2%,heavy:10%:20%`',
      simulates:
        '`errors_total`, created with the first error; `errors_zeroed_total`, initialised to 0 at the start; `errors_dated_total`, created with the first error and exposed with its created timestamp. Five errors in the second that is 30 s after the start; a share of the requests; or a share for each route, which adds `http_requests_total{route,code}`; with `heavy:10%:2%:50%:40s@20s` half of that route fails for 40 s, from 20 s after the start on',
    },
  },
  // Errors that come all at once are one scenario, a share of the requests is another.
  simulated: ({ errors }: Partial<Errors>) => errors && ('count' in errors ? 'burst' : 'errors'),
  register: registerErrors,
  truth: (instance, at, { to }) => ({ errors: errorsTruth(instance, at, to) }),
  points: ({ errors }) => 1 + 2 * ('routes' in errors ? errors.routes.length : 0),
  reports: {
    errors:
      '`total`, `bornAt` (the second of the first error, or null), and `requests` and `errors` of each of `routes`',
  },
});
