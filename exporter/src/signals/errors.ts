import { Counter } from 'prom-client';
import type { Format } from '../exposition.ts';
import type { Scrape } from '../scrape.ts';
import { sumOf } from '../setting.ts';
import { goneFrom, type World } from '../world.ts';
import { requestsOf } from './requests.ts';
import { spread } from './spread.ts';

/** What has happened on one route since the start. */
export type RouteTotals = { route: string; requests: number; errors: number };

/**
 * The errors of an instance since it began. A burst is of no route.
 * @returns a function of the instant (unix seconds); seconds that have passed only
 */
export const errorsOf = (world: World): ((unixSeconds: number) => { total: number; routes: RouteTotals[] }) => {
  const { errors, startedAt } = world;
  if (errors === undefined) return () => ({ total: 0, routes: [] });
  if ('count' in errors) {
    const second = startedAt + errors.afterSeconds;
    return (at) => ({ total: Math.floor(at) > second && second < goneFrom(world) ? errors.count : 0, routes: [] });
  }
  const requests = requestsOf(world);
  const onRoutes = spread(errors.routes.map((route) => route.perMille));
  const failing = errors.routes.map(({ failingPerMille }) => spread([1_000 - failingPerMille, failingPerMille]));
  return (at) => {
    const routes = onRoutes(requests(at)).map((count, index) => ({
      route: errors.routes[index]!.route,
      requests: count,
      errors: failing[index]!(count)[1]!,
    }));
    return { total: sumOf(routes.map((route) => route.errors)), routes };
  };
};

/** @returns the second in which the first error happened, by an instant; undefined where there was none yet */
export const firstErrorSecond = (world: World, at: number): number | undefined => {
  const errors = errorsOf(world);
  let [none, some] = [world.startedAt, Math.floor(at)];
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
export const registerErrors = ({ registry, world, counted, write }: Scrape): void => {
  if (world.errors === undefined) return;
  const errors = errorsOf(world);
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
  let born: number | undefined;
  write((format) => {
    born ??= firstErrorSecond(world, counted());
    return born === undefined ? '' : datedErrors(format, errors(counted()).total, born);
  });
  if ('count' in world.errors) return;
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
  const help = 'The same errors, born with the first one and with the time of their birth.';
  return `# HELP ${family} ${help}\n# TYPE ${family} counter\n${sample}${created}`;
};

/** What `/truth` tells of the errors; arrays hold one value for each instant. */
export type ErrorsTruth = {
  /** what each of the three counters shows once it is there */
  total: number[];
  /** the second of the first error, which is also its `_created`: the lazy series is there from the next one on */
  bornAt: number | null;
  /** where they all come in one second: how many, and which second, already before it */
  burst?: { count: number; at: number };
  routes: { route: string; requests: number[]; errors: number[] }[];
};

/** @returns undefined where the instance has no errors */
export const errorsTruth = (world: World, at: readonly number[], now: number): ErrorsTruth | undefined => {
  if (world.errors === undefined) return undefined;
  const errors = at.map(errorsOf(world));
  const routes = 'routes' in world.errors ? world.errors.routes : [];
  return {
    total: errors.map(({ total }) => total),
    bornAt: firstErrorSecond(world, now) ?? null,
    ...('count' in world.errors && {
      burst: { count: world.errors.count, at: world.startedAt + world.errors.afterSeconds },
    }),
    routes: routes.map(({ route }, index) => ({
      route,
      requests: errors.map((each) => each.routes[index]!.requests),
      errors: errors.map((each) => each.routes[index]!.errors),
    })),
  };
};
