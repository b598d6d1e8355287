import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';
import { serve } from '../../test/support/serve.ts';

/** The page in a frame as wide as a phone: no window of Firefox is. */
export const framed = '/framed';
const frame =
  '<!doctype html><title>framed</title><iframe src="/" width="390" height="844" style="border: 0"></iframe>';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What the file server does from now on. */
export type Serving = {
  isDown: boolean;
  /** what another version has in its place, in the page and in what keeps it */
  isNewer: boolean;
};

/** What make site writes, handed out as a plain file server does, until the test ends. @returns its address */
export const siteServed = async (t: TestContext, serving: Serving): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-site-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'tab/build.ts', folder], {
    cwd: repository,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const version = (name: string, text: string) =>
    name === 'index.html' ? text.replace('<title>', '<title>Newer: ') : text.replace(/"[0-9a-f]{12}"/, '"newer"');
  const address = await serve(t, ({ url = '/', socket }, response) => {
    if (serving.isDown) return void socket.destroy();
    const path = new URL(url, 'http://site').pathname;
    if (path === framed) return void response.end(frame);
    const name = path === '/' ? 'index.html' : path.slice(1);
    const file = join(folder, name);
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    if (serving.isNewer && ['index.html', 'service-worker.js'].includes(name))
      return void response.end(version(name, readFileSync(file, 'utf8')));
    createReadStream(file).pipe(response);
  });
  return `http://${address}/`;
};
