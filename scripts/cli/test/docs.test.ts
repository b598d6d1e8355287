import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { experiments, steps } from '../../../experiments/catalogue.ts';
import { start } from '../../../experiments/start.ts';
import { generatedParts, withParts } from '../docs.ts';

const root = new URL('../../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');
const documents = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

const known = new Set([
  ...steps.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
  ...[...experiments, start].flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))),
]);

test('the README is in step with the catalogue (else: make docs)', () => {
  assert.equal(readme, withParts(readme, generatedParts()));
});

test('a README without its markers is refused by name', () => {
  assert.throws(() => withParts('# empty', { table: 'x' }), /markers <!-- table:begin --> and <!-- table:end -->/);
});

for (const name of documents) {
  const text = readFileSync(new URL(name, root), 'utf8');

  test(`every promql block of ${name} stands in the catalogue`, () => {
    const blocks = [...text.matchAll(/```promql\n([\s\S]*?)\n```/g)].map(([, expr]) => expr!);
    if (name === 'README.md') assert.ok(blocks.length >= 30, `only ${blocks.length} blocks found`);
    for (const expr of blocks) assert.ok(known.has(expr), `${expr} is in no experiment`);
  });

  test(`every make command of ${name} exists`, () => {
    const makefile = readFileSync(new URL('Makefile', root), 'utf8');
    const targets = new Set([...makefile.matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, target]) => target!));
    for (let n = 1; n <= 8; n += 1) targets.add(`exp-${n}`).add(`check-${n}`);
    for (const [, target] of text.matchAll(/(?:`|^)(?:RUNTIME=\w+ )?make ([a-z][\w-]*)/gm)) {
      if (/^(exp|check)-N$/.test(target!)) continue;
      assert.ok(targets.has(target!), `make ${target} does not exist`);
    }
  });

  test(`every link of ${name} inside the repository leads somewhere`, () => {
    const anchors = new Set(
      [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        heading!
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    for (const [, target] of text.matchAll(/\]\((?!http)([^)\s]+)\)/g)) {
      if (target!.startsWith('#')) assert.ok(anchors.has(target!.slice(1)), `no heading for ${target}`);
      else assert.doesNotThrow(() => readFileSync(new URL(target!, new URL(name, root))), `no file ${target}`);
    }
  });
}
