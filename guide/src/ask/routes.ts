import type { Express } from 'express';
import { quoted } from '../../../lab/settings/quoted.ts';
import { RequestError } from '../errors.ts';
import type { Ask } from './prometheus.ts';
import { parseQuestion } from './question.ts';

/** The parts of Prometheus' API that completion needs, and the parameters it sends. Nothing else is passed on. */
const completion = /^(labels|series|metadata|label\/\w{1,256}\/values)$/;
const passedOn = ['start', 'end', 'match[]'];
const mostCharacters = 4_000;
/** Names, values or series that one answer holds. */
const mostSuggestions = '2000';

/** Where completion finds Prometheus' API. */
export const completionPath = '/prometheus/api/v1/*path';

/**
 * - `GET /api/ask`: a query of the reader's own, answered as graph, as table or as the samples behind it
 * - `GET /prometheus/api/v1/…`: what completion needs, as Prometheus answers it
 */
export const addAskRoutes = (app: Express, ask: Ask): void => {
  app.get('/api/ask', async (request, response) => {
    response.json(await ask.answer(parseQuestion(request.query)));
  });
  app.get(completionPath, async (request, response, next) => {
    const path = (request.params.path as unknown as string[]).join('/');
    if (!completion.test(path)) return next();
    response.set('Cache-Control', 'no-store');
    response.json(await ask.complete(path, suggestionsFor(request.url)));
  });
};

/** @throws RequestError for a parameter that completion never sends */
const suggestionsFor = (url: string): URLSearchParams => {
  const given = new URLSearchParams(url.split('?')[1]);
  for (const [name, value] of given) {
    if (!passedOn.includes(name))
      throw new RequestError(`unknown parameter ${quoted(name)}: use ${passedOn.join(', ')}`);
    if (value.length > mostCharacters)
      throw new RequestError(`${quoted(name)} must be of at most ${mostCharacters} characters`);
  }
  if ([...given].length > 10) throw new RequestError('at most 10 parameters can be given');
  given.set('limit', mostSuggestions);
  return given;
};
