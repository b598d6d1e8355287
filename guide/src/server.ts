import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { experiments, sources, steps } from '../../experiments/catalogue.ts';
import { guard } from '../../lab/http/guard.ts';
import { pageBundle } from '../bundle/bundle.ts';
import { type AppliedStore, appliedIn } from './applied.ts';
import type { Ask } from './ask/prometheus.ts';
import { addAskRoutes, completionPath } from './ask/routes.ts';
import { RequestError } from './errors.ts';
import type { Exercises } from './exercises.ts';
import { securityHeaders } from './headers.ts';
import type { Health } from './health.ts';
import type { Inbox } from './inbox.ts';
import type { Incidents } from './incident.ts';
import type { LabView, PageState } from './lab.ts';
import { licences } from './licences.ts';
import { addOnCallRoutes, type OnCallPage } from './on-call.ts';
import { readChoices } from './query.ts';
import { isAboutFault, type Search } from './search.ts';
import type { Site } from './site.ts';
import { addTabRoutes, tabPath } from './tab.ts';
import { parseWebhook } from './webhook.ts';
import { windowsSeconds } from './windows.ts';

const page = fileURLToPath(new URL('../page/', import.meta.url));
/** Who is asked, where it is not the lab's own Prometheus. */
const names = sources.map(({ name }) => name);

/** What is sent as it is. */
const still = ['icon.svg', 'reload.js'];

/** Ten times what the most alerts that Alertmanager puts into one message (its setting max_alerts) usually take. */
const bodyLimit = '1mb';

/** The header that a form of another site cannot send. */
const onlyJson: RequestHandler = (request, _response, next) => {
  if (request.is('application/json')) return next();
  throw new RequestError('the body must be JSON, sent with the header Content-Type: application/json', 415);
};
const jsonBody: RequestHandler[] = [onlyJson, express.json({ limit: bodyLimit, strict: false })];

/** What the page shows and does, each part with what it needs. */
type Parts = {
  lab: LabView;
  ask: Ask;
  applied: AppliedStore;
  inbox: Inbox;
  exercises: Exercises;
  health: Health;
  search: Search;
  incidents: Incidents;
  /** the lab in a browser tab; undefined where it has not been built */
  site?: () => Promise<Site | undefined>;
  onCall: OnCallPage;
  /** which lab it belongs to, where that is known */
  labId?: string | undefined;
};

/**
 * The guide's HTTP interface, without a listener.
 * @param clock      unix seconds, fractions included
 * @param hostNames  by which it is called beside its own
 */
export const createApp = (
  {
    lab,
    ask,
    applied,
    inbox,
    exercises,
    health,
    search,
    incidents,
    onCall,
    site = async () => undefined,
    labId,
  }: Parts,
  clock: () => number,
  hostNames: readonly string[] = [],
): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(securityHeaders, guard(['guide', ...hostNames]), compression());

  app.get('/', (_request, response) => response.sendFile(join(page, 'index.html')));
  app.get('/on-call', (_request, response) => response.sendFile(join(page, 'on-call.html')));
  app.get('/assets/:file', async (request, response, next) => {
    const { file } = request.params;
    response.set('Cache-Control', 'no-cache');
    if (still.includes(file)) return response.sendFile(file, { root: page, etag: true });
    const text = (await pageBundle()).files.get(file);
    if (text === undefined) return next();
    response.set('ETag', `"${createHash('sha256').update(text).digest('base64url')}"`);
    if (request.fresh) return response.status(304).end();
    return response.type(file.endsWith('.css') ? 'text/css' : 'text/javascript').send(text);
  });

  app.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.get('/api/state', async (_request, response) => {
    const state: PageState = { ...(await lab.state()), refused: inbox.refused(), applied: applied.list() };
    response.json(state);
  });
  app.get('/api/notifications', (_request, response) => void response.json(inbox.list()));
  app.get('/api/picture', async (request, response) => {
    const commands = steps.map(({ command }) => command);
    const { step = commands[0]!, seconds = 120 } = readChoices(request.query, {
      step: commands,
      seconds: windowsSeconds,
    });
    response.json(await lab.picture(step, seconds));
  });
  app.get('/api/verdict', async (request, response) => {
    const numbers = experiments.map(({ number }) => number);
    response.json(await lab.verdict(readChoices(request.query, { experiment: numbers }).experiment));
  });
  app.get('/api/targets', async (request, response) => {
    response.json(await health.targets(readChoices(request.query, { of: names }).of));
  });
  app.get('/api/rules', async (request, response) => {
    response.json(await health.rules(readChoices(request.query, { of: names }).of));
  });
  app.get('/api/alerts', async (_request, response) => void response.json(await health.alerts()));
  addOnCallRoutes(app, onCall);
  addAskRoutes(app, ask);
  addTabRoutes(app, site);
  app.get('/licences', async (_request, response) => void response.type('text/plain').send(await licences()));
  app.get('/api/lab', (_request, response) => void response.json({ lab: labId }));
  app.get('/healthz', (_request, response) => void response.type('text/plain').send('ok\n'));

  app.get('/api/exercises', (_request, response) => void response.json(exercises.list()));
  app.get('/api/search', (_request, response) => void response.json(search.state()));
  app.post('/api/solve', ...jsonBody, async ({ body }, response) => {
    response.json(await (isAboutFault(body) ? search.name(body) : exercises.solve(body)));
  });
  app.get('/api/incidents', (_request, response) => void response.json(incidents.list()));
  app.post('/api/incident', ...jsonBody, async ({ body }, response) => {
    response.json(await incidents.ask(body));
  });
  app.post('/api/applied', ...jsonBody, ({ body }, response) => {
    applied.set(appliedIn(body));
    response.status(204).end();
  });
  const receive: RequestHandler = (request, response) => {
    inbox.add(parseWebhook(request.body, clock()));
    response.status(204).end();
  };
  const refuse: ErrorRequestHandler = (error, _request, _response, next) => {
    inbox.refuse(sentenceOf(error), clock());
    next(error);
  };
  app.post('/alerts', ...jsonBody, receive, refuse);

  const read = [
    ...['state', 'picture', 'verdict', 'notifications', 'ask', 'exercises', 'search', 'lab'],
    ...['targets', 'rules', 'alerts', 'incidents', 'on-call', 'backtest'],
  ].map((name) => `/api/${name}`);
  const paths = ['/', ...read, '/on-call', tabPath, '/licences', '/healthz'];
  const written = ['/api/solve', '/api/incident', '/api/applied', '/alerts'];
  app.all([...paths, completionPath, ...written], (request, response, next) => {
    const allowed = written.includes(request.path) ? 'POST' : 'GET, HEAD';
    // A part of Prometheus' API that is not passed on.
    if (allowed.split(', ').includes(request.method)) return next();
    response.set('Allow', allowed).status(405).type('text/plain');
    response.send(`${request.method} is not possible here: use ${allowed.replace(', HEAD', '')}\n`);
  });
  app.use((_request, response) => {
    response
      .status(404)
      .type('text/plain')
      .send(
        `no such path: the guide has ${paths.join(', ')}; for a learner's answer /api/solve and /api/incident, for Alertmanager /alerts, for the lab's commands /api/applied\n`,
      );
  });
  app.use(answerError);
  return app;
};

/** The JSON parser's own errors, as sentences. */
const sentences: Record<string, string> = {
  'entity.too.large': `the body is larger than ${bodyLimit}, the most that is read`,
  'entity.parse.failed': 'the body is not JSON',
};

const answerError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = typeof error?.status === 'number' && error.status < 500 ? error.status : 500;
  if (status === 500) console.error(error);
  response.status(status).type('text/plain');
  response.send(`${status === 500 ? 'the guide failed; its log says why' : sentenceOf(error)}\n`);
};

const sentenceOf = (error: Error & { type?: string }): string =>
  error instanceof URIError ? 'the path holds a % that is no escape' : (sentences[error.type ?? ''] ?? error.message);
