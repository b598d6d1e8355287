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

/** One of `plain` and `gzip` is there. */
type Packed = Record<'plain' | 'gzip' | 'br', Buffer | undefined>;

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
    const packed = { plain: files.get(name), gzip: files.get(`${name}.gz`), br: files.get(`${name}.br`) };
    if (packed.plain === undefined && packed.gzip === undefined) return next();
    send(request, response.type(name).vary('Accept-Encoding'), packed);
  });
};

/** A file, packed once if at all, since that takes seconds: as the browser wants it. */
const send = (request: Request, response: Response, { plain, gzip, br }: Packed): void => {
  const sendAs = (encoding: string, content: Buffer) => response.set('Content-Encoding', encoding).send(content);
  if (br !== undefined && request.acceptsEncodings('br')) return void sendAs('br', br);
  // As any other answer of the guide.
  if (plain !== undefined) return void response.send(plain);
  if (gzip === undefined) return;
  if (request.acceptsEncodings('gzip')) return void sendAs('gzip', gzip);
  Readable.from([gzip]).pipe(createGunzip()).pipe(response);
};
