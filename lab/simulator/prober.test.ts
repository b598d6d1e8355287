import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Answer } from '../../exporter/src/scenario.ts';
import { repository } from '../../scripts/host/repository.ts';
import { modules, probed } from './prober.ts';

const pages: Record<string, Answer> = {
  '/good': { status: 200, text: 'Cart' },
  '/error': { status: 500, text: 'Cart' },
  '/sorry': { status: 200, text: 'Sorry' },
  '/slow': { status: 200, text: 'Cart', afterSeconds: 3 },
  '/login': { status: 302, text: '', location: '/sorry' },
  '/loop': { status: 302, text: '', location: '/loop' },
};
const said = (module: string, path: string) => {
  const { success, code, redirects, regex } = probed(modules[module]!, path, (asked) => pages[asked]!, 0.5);
  return [success, code, redirects, regex];
};

// As the blackbox exporter 0.28.0 answers, where it was asked for such pages.
test('a module asks for the status, or for words as well, and follows redirects', () => {
  assert.deepEqual(said('http_2xx', '/good'), [true, 200, 0, false]);
  assert.deepEqual(said('http_2xx', '/error'), [false, 500, 0, false]);
  assert.deepEqual(said('http_2xx', '/sorry'), [true, 200, 0, false]);
  assert.deepEqual(said('http_2xx', '/login'), [true, 200, 1, false]);
  assert.deepEqual(said('shop', '/good'), [true, 200, 0, false]);
  assert.deepEqual(said('shop', '/sorry'), [false, 200, 0, true]);
  assert.deepEqual(said('shop', '/login'), [false, 200, 1, true]);
  assert.deepEqual(said('tcp', '/error'), [true, undefined, undefined, false]);
});
test('a page that is late has no status, and the probe takes as long as it may', () => {
  assert.deepEqual(said('http_2xx', '/slow'), [false, 0, 0, false]);
  assert.equal(probed(modules.shop!, '/slow', (path) => pages[path]!, 0.5).seconds, 0.5);
});
test('redirects without end are no success', () => {
  assert.equal(said('http_2xx', '/loop')[0], false);
});

type Written = {
  prober: string;
  timeout: string;
  http?: { fail_if_body_not_matches_regexp?: string[] };
  tcp?: { tls?: boolean };
};

test('its modules are those of blackbox/modules.yml', () => {
  const written = parse(readFileSync(join(repository, 'blackbox/modules.yml'), 'utf8')) as {
    modules: Record<string, Written>;
  };
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(written.modules).map(([name, { prober, timeout, http, tcp }]) => [
        name,
        [prober, timeout, http?.fail_if_body_not_matches_regexp, tcp?.tls],
      ]),
    ),
    Object.fromEntries(
      Object.entries(modules).map(([name, { prober, timeoutSeconds, has, tls }]) => [
        name,
        [prober, `${timeoutSeconds}s`, has && [has.source], tls],
      ]),
    ),
  );
});
