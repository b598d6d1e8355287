import { gzipSync } from 'node:zlib';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { history, historySeries } from './history.ts';
import { contentTypes, createMetrics, type Format } from './metrics.ts';
import { inThePast, parseCores, parseRange, refuseUnknown } from './range.ts';
import { truth, truthSeries } from './truth.ts';
import type { World } from './world.ts';

/**
 * The exporter's HTTP interface, without a listener.
 * @param clock  unix seconds, fractions included
 */
export const createApp = (world: World, clock: () => number): Express => {
  const metrics = createMetrics(world, clock);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.get('/metrics', async (request, response) => {
    const format: Format = request.headers.accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'text';
    response.set('Content-Type', contentTypes[format]);
    sendCompressed(request, response, await metrics(format));
  });
  app.get('/truth', (request, response) => {
    refuseUnknown(request.query, ['from', 'to', 'step', 'cores']);
    const cores = parseCores(request.query, world.cores);
    response.json(truth(world, parseRange(request.query, clock(), truthSeries(cores)), cores));
  });
  app.get('/history', (request, response) => {
    refuseUnknown(request.query, ['from', 'to', 'step']);
    const range = inThePast(parseRange(request.query, clock(), historySeries(world)), clock());
    const text = history(world, range);
    response.set('Content-Type', contentTypes.openmetrics).send(text);
  });
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });

  const paths = ['/metrics', '/truth', '/history', '/healthz'];
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
