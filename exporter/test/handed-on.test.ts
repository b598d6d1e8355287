import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { repository } from '../../scripts/host/repository.ts';
import { parseConfig } from '../src/config.ts';
import { handedOn } from '../src/document.ts';

const read = (name: string) => readFileSync(join(repository, name), 'utf8');

/** Every variable that the exporter asks its environment for, but for those of single instances. */
const settings = (() => {
  const asked = new Set<string>();
  parseConfig(new Proxy({}, { get: (_, name) => void asked.add(String(name)) }));
  return [...asked].filter((name) => !/_\d+$/.test(name));
})();

/** Where it listens, and whose it is, is for the lab to say. */
const ofTheLab = ['PORT', 'HOST', 'LAB_ID'];

test('the exporter asks for its scenarios and for what is beside them', () => {
  for (const name of ['SIGNAL', 'INSTANCES', 'HOST_NAMES', 'JOB', 'LATENCY', 'CLOCKS', ...ofTheLab]) {
    assert.ok(settings.includes(name), name);
  }
});

test('compose.yaml hands every setting of the exporter on, and nothing that it does not read', () => {
  const { environment } = parse(read('compose.yaml')).services.exporter as { environment: Record<string, string> };
  const expected = [...settings.filter((name) => !ofTheLab.includes(name)), 'JOB_2', ...handedOn];
  assert.deepEqual(Object.keys(environment).sort(), [...new Set(expected)].sort());
  for (const [name, value] of Object.entries(environment)) {
    assert.match(String(value), new RegExp(`^\\$\\{${name}:?-.*\\}$`), name);
  }
});

test('docs/exporter.md has a row for every setting', () => {
  const rows = [...read('docs/exporter.md').matchAll(/^\| `([A-Z_]+)(?:_2)?` \|/gm)].map(([, name]) => name!);
  const expected = settings.filter((name) => !ofTheLab.includes(name));
  assert.deepEqual(rows.sort(), expected.sort());
});
