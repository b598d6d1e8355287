import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { Registry } from 'prom-client';
import { guard } from '../../lab/http/guard.ts';
import { contentTypes, formatFor } from './exposition.ts';
import { history, historyPointLimit, historySeries } from './history.ts';
import { instanceOf } from './instance.ts';
import { createPages } from './pages.ts';
import { processMetrics } from './process.ts';
import { inReach, inThePast, parseCores, parseInstance, parseRange, refuseUnknown } from './range.ts';
import { livingAt } from './signals/crashes.ts';
import { parseHost, parseJob, targetsOf } from './targets.ts';
import { truth, truthSeries } from './truth.ts';
import { delayAt, simulatedBy, type World } from './world.ts';

/**
 * The HTTP interface of one instance, without a listener. Only the first of a fleet has the past and the targets.
 * @param clock    unix seconds, fractions included
 * @param fleet    every instance of this process, itself included
 * @param process  metrics of the process, which the instances share
 * @param hostNames  by which it is called beside its own
 * @param labId    which lab it belongs to, where that is known
 */
export const createApp = (
  world: World,
  clock: () => number,
  fleet: readonly World[] = [world],
  process: Registry = processMetrics(),
  hostNames: readonly string[] = [],
  labId?: string,
): Express => {
  const pages = createPages(world, clock, process);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(guard(['exporter', ...hostNames]));

  app.get('/metrics', async (request, response) => {
    const format = formatFor(request.headers.accept);
    const { afterSeconds = 0, contentType = contentTypes[format] } = world.scrapeAnswer ?? {};
    if (afterSeconds > 0) await sleep(1_000 * afterSeconds, undefined, { ref: false });
    const at = clock();
    const page = await pages(format, at);
    // A process that is not there answers nobody.
    if (page === undefined) return void request.socket.destroy();
    // A timer: the other instances of this process are answered meanwhile.
    const delay = delayAt(world, at);
    if (delay > 0) await sleep(1_000 * delay, undefined, { ref: false });
    response.set('Content-Type', contentType);
    sendCompressed(request, response, page);
  });
  app.get('/truth', (request, response) => {
    refuseUnknown(request.query, ['from', 'to', 'step', 'cores', 'instance']);
    const asked = fleet[parseInstance(request.query, fleet.map(instanceOf), instanceOf(world))]!;
    const cores = parseCores(request.query, asked.cores);
    const range = parseRange(request.query, clock(), truthSeries(asked, cores));
    const reported = inReach(range, clock());
    const living = livingAt(asked, reported.to) ?? asked;
    response.json({ ...truth(living, fleet, reported, cores), ...(labId && { lab: labId }) });
  });
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });
  const paths = ['/metrics', '/truth', '/healthz'];
  if (world === fleet[0]) paths.push(...addFirst(app, world, clock, fleet));

  app.all(paths, (request, response) => {
    response.set('Allow', 'GET, HEAD').status(405).type('text/plain');
    response.send(`${request.method} is not possible here: use GET\n`);
  });
  app.use((_request, response) => {
    response
      .status(404)
      .type('text/plain')
      .send(`no such path: the exporter has ${paths.join(', ')}\n`);
  });
  app.use(answerError);
  return app;
};

/** @returns the paths that only the first instance has */
const addFirst = (app: Express, world: World, clock: () => number, fleet: readonly World[]): string[] => {
  app.get('/history', (request, response) => {
    refuseUnknown(request.query, ['from', 'to', 'step']);
    const range = inThePast(parseRange(request.query, clock(), historySeries(world), historyPointLimit), clock());
    response.set('Content-Type', contentTypes.openmetrics);
    // Whoever hangs up ends it.
    pipeline(Readable.from(history(world, range)), response, () => {});
  });
  app.get('/targets', (request, response) => {
    refuseUnknown(request.query, ['job']);
    response.json(targetsOf(fleet, parseJob(request.query), parseHost(request.headers.host), clock()));
  });
  const pages = simulatedBy(world).flatMap(({ scenario: { page } }) => page ?? []);
  for (const { path, text } of pages) {
    app.get(path, (_request, response) => {
      response.set('Content-Type', contentTypes.text).send(text(clock()));
    });
  }
  return ['/history', '/targets', ...pages.map(({ path }) => path), ...addSites(app, world, clock)];
};

/** @returns the paths of the pages for people */
const addSites = (app: Express, world: World, clock: () => number): string[] =>
  simulatedBy(world).flatMap(({ scenario: { site } }) => {
    if (site === undefined) return [];
    app.get([...site.paths], async ({ path }, response) => {
      const { status, text, location, afterSeconds = 0 } = site.answer(world, path, clock());
      if (afterSeconds > 0) await sleep(1_000 * afterSeconds, undefined, { ref: false });
      if (location !== undefined) response.set('Location', location);
      response.status(status).type('html').send(text);
    });
    return [...site.paths];
  });

/**
 * Compressed for whoever asks, as Prometheus does, at the level that costs least. At once, since the
 * way to another thread and back takes five times as long as a small answer does.
 */
const sendCompressed = (request: Request, response: Response, text: string): void => {
  response.vary('Accept-Encoding');
  if (request.acceptsEncodings('gzip', 'identity') !== 'gzip') {
    response.send(text);
    return;
  }
  response.set('Content-Encoding', 'gzip').send(gzipSync(text, { level: 1 }));
};

const answerError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = typeof error?.status === 'number' && error.status < 500 ? error.status : 500;
  if (status === 500) console.error(error);
  response.status(status).type('text/plain');
  response.send(`${status === 500 ? 'the exporter failed; its log says why' : error.message}\n`);
};
