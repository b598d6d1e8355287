import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { experiments, steps } from '../../../experiments/catalogue.ts';
import { start } from '../../../grafana/src/start.ts';
import { chapters } from '../../../lab/model/lesson.ts';
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

/** What of a document is not taken from the catalogue. */
const byHand = (text: string) => text.replace(/^.*\b(\w+):begin\b[\s\S]*?^.*\b\1:end\b/gm, '');

const known = new Set([
  ...steps.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
  ...experiments.flatMap(({ exercises = [] }) => exercises.map(({ answer }) => answer)),
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

/** A count of experiments: the next lesson makes it wrong. */
const counted =
  /\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|\w+teen|eleven|twelve|(?:twenty|thirty)(?:-\w+)?) (?:more )?(?:experiments|lessons)\b/i;

test('what a person maintains by hand counts no experiments', () => {
  for (const sentence of ['the 8 experiments', 'All twenty experiments', `${experiments.length} lessons`])
    assert.match(sentence, counted);
  for (const name of [...documents, 'Makefile', 'compose.yaml']) assert.doesNotMatch(byHand(read(name)), counted, name);
});

test('the README is read in a few minutes: 1 800 words at most', () => {
  const words = read('README.md').split(/\s+/).length;
  assert.ok(words <= 1_800, `${words} words: what few need belongs into docs/`);
});

test('each experiment stands in the README once, in its chapter', () => {
  const rows = read('README.md')
    .split('\n')
    .filter((line) => /^\| (\*\*|\[)/.test(line));
  assert.deepEqual(
    rows.map((row) => /^\| \*\*(.*?)\*\* /.exec(row)?.[1] ?? /`make exp-(\d+)`/.exec(row)?.[1]),
    chapters.flatMap((chapter) => [
      chapter,
      ...experiments.filter((each) => each.chapter === chapter).map(({ number }) => String(number)),
    ]),
  );
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
    const targets = [...text.matchAll(/(?:`|^)(?:RUNTIME=\w+ )?make ([a-z][\w-]*)/gm)].map(([, target]) =>
      target!.replace(/-N$/, `-${experiments[0]!.number}`),
    );
    const numbered = /^(exp|check|solve)-(.*)$/;
    for (const target of targets) {
      const [, kind, number] = numbered.exec(target) ?? [];
      const experiment = experiments.find((each) => String(each.number) === number);
      assert.ok(kind === undefined || experiment !== undefined, `make ${target}: there is no such experiment`);
      assert.ok(kind !== 'solve' || experiment?.exercises, `make ${target}: it has no exercise`);
    }
    const { stderr } = spawnSync('make', ['-n', 'help', ...targets], { cwd: repository, encoding: 'utf8' });
    assert.equal(stderr, '');
  });

  test(`every link of ${name} inside the repository leads somewhere`, () => {
    for (const [, target] of text.matchAll(/\]\((?!http|\.\.\/\.\.\/)([^)\s]+)\)/g)) {
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
