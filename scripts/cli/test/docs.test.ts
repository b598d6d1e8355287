import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { experiments, steps } from '../../../experiments/catalogue.ts';
import { start } from '../../../grafana/src/start.ts';
import { shots } from '../../../test/screenshots/shots.ts';
import { repository } from '../../host/repository.ts';
import { generatedParts, withParts } from '../docs.ts';

const read = (name: string) => readFileSync(join(repository, name), 'utf8');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'experiments/README.md',
  ...readdirSync(join(repository, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

const known = new Set([
  ...steps.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
  ...[...experiments, start].flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))),
]);

for (const [file, parts] of Object.entries(generatedParts())) {
  test(`${file} is up to date with the catalogue (else: make docs)`, () => {
    assert.equal(read(file), withParts(file, read(file), parts));
  });
}

test('a part replaces what stands between its markers, and nothing else', () => {
  const text = 'before\n<!-- list:begin -->\nold\n$1\n<!-- list:end -->\n# table:begin\n# table:end\nafter\n';
  assert.equal(
    withParts('x.md', text, { list: "the $& and the $'", table: '# new' }),
    "before\n<!-- list:begin -->\nthe $& and the $'\n<!-- list:end -->\n# table:begin\n# new\n# table:end\nafter\n",
  );
});

test('a document without its markers is refused by name', () => {
  assert.throws(() => withParts('x.md', '# empty', { table: 'x' }), {
    message: 'x.md must hold the lines table:begin and table:end',
  });
});

test('docs/experiments.md shows every query of every experiment', () => {
  const text = read('docs/experiments.md');
  const blocks = [...text.matchAll(/```promql\n([\s\S]*?)\n```/g)].map(([, expr]) => expr);
  assert.deepEqual(
    blocks,
    experiments.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
  );
});

test('what a person maintains by hand counts no experiments', () => {
  const byHand = (text: string) => text.replace(/^.*\b(\w+):begin\b[\s\S]*?^.*\b\1:end\b/gm, '');
  for (const name of ['Makefile', 'README.md', 'CONTRIBUTING.md', 'docs/design.md', 'compose.yaml']) {
    assert.doesNotMatch(byHand(read(name)), /\b(eight|8|nine|9) experiments|all (eight|nine)\b/i, name);
  }
});

test('every picture of the documents is made by make screenshots, shown, and under 250 kB', () => {
  const made = shots.map(({ file }) => `docs/${file}`).sort();
  const there = readdirSync(join(repository, 'docs')).filter((name) => name.endsWith('.png'));
  assert.deepEqual(
    there.map((name) => `docs/${name}`),
    made,
  );
  const shown = documents.flatMap((name) =>
    [...read(name).matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => join(dirname(name), path!)),
  );
  assert.deepEqual([...new Set(shown)].sort(), made);
  for (const name of made) assert.ok(statSync(join(repository, name)).size < 250_000, name);
});

for (const name of documents) {
  const text = read(name);

  test(`every promql block of ${name} stands in the catalogue`, () => {
    for (const [, expr] of text.matchAll(/```promql\n([\s\S]*?)\n```/g)) {
      assert.ok(known.has(expr!), `${expr} is in no experiment`);
    }
  });

  test(`every make command of ${name} exists`, () => {
    const targets = new Set([...read('Makefile').matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, target]) => target!));
    for (const { number, exercises } of experiments) {
      targets.add(`exp-${number}`).add(`check-${number}`);
      if (exercises) targets.add(`solve-${number}`);
    }
    for (const [, target] of text.matchAll(/(?:`|^)(?:RUNTIME=\w+ )?make ([a-z][\w-]*)/gm)) {
      if (/^(exp|check|solve)-N$/.test(target!)) continue;
      assert.ok(targets.has(target!), `make ${target} does not exist`);
    }
  });

  test(`every link of ${name} inside the repository leads somewhere`, () => {
    for (const [, target] of text.matchAll(/\]\((?!http)([^)\s]+)\)/g)) {
      const [path, heading] = target!.split('#');
      const file = path === '' ? name : join(name, '..', path!);
      if (file.endsWith('/')) assert.ok(readdirSync(join(repository, file)).length > 0, `nothing in ${target}`);
      else if (heading) assert.ok(anchors(read(file)).has(heading), `no heading for ${target}`);
      else assert.ok(readFileSync(join(repository, file)).length > 0, `no file ${target}`);
    }
  });
}

/** The anchors that a page of markdown gives its headings. */
function anchors(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase());
  return new Set(headings.map((heading) => heading.replaceAll(/[^\w -]/g, '').replaceAll(' ', '-')));
}
