import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Express, Request, Response } from 'express';
import { tabHeaders } from './headers.ts';
import type { Site } from './site.ts';

export const tabPath = '/tab/';

/** Such a name says the content. */
const isLasting = (name: string) => /-[0-9A-Z]{8}\./.test(name);

const notBuilt = `The lab in a browser tab is not here: Prometheus' own PromQL engine has not been compiled on this machine
for it.

  make site                       compiles it and needs Node, and Go 1.26 or Docker (about a minute, once)
  sh tab/engine/build.sh          the same without Node

Then reload this page; where the lab runs in Docker, make up first takes it into the guide's image.
`;

/** The lab in a tab, beside the guide. @param site  undefined where it has not been built */
export const addTabRoutes = (app: Express, site: () => Promise<Site | undefined>): void => {
  app.get('/tab', (request, response, next) =>
    request.path.endsWith('/') ? next() : response.redirect(`.${tabPath}`),
  );
  app.get(`${tabPath}{:file}`, tabHeaders, async (request: Request<{ file?: string }>, response, next) => {
    const files = await site();
    if (files === undefined) return void response.status(404).type('text/plain').send(notBuilt);
    const name = request.params.file ?? 'index.html';
    response.set('Cache-Control', isLasting(name) ? 'public, max-age=31536000, immutable' : 'no-cache');
    const content = files.get(name);
    if (content !== undefined) return void response.type(name).send(content);
    const gzipped = files.get(`${name}.gz`);
    if (gzipped === undefined) return next();
    sendPacked(request, response.type(name), { gzip: gzipped, br: files.get(`${name}.br`) });
  });
};

/** What is packed once, since it takes seconds: as the browser wants it. */
const sendPacked = (
  request: Request,
  response: Response,
  { gzip, br }: { gzip: Buffer; br: Buffer | undefined },
): void => {
  response.vary('Accept-Encoding');
  const send = (encoding: string, content: Buffer) => response.set('Content-Encoding', encoding).send(content);
  if (br !== undefined && request.acceptsEncodings('br')) return void send('br', br);
  if (request.acceptsEncodings('gzip')) return void send('gzip', gzip);
  Readable.from([gzip]).pipe(createGunzip()).pipe(response);
};
