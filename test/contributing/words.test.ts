import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';
import { exceptions, words } from './words.ts';

/** What a learner reads stands in these: of documents all, of code what is quoted. */
const documents = ['README.md', 'CONTRIBUTING.md', 'Makefile', 'compose.yaml', 'docs', 'experiments'];
const code = ['experiments', 'lab', 'scripts/cli', 'scripts/native', 'scripts/compose', 'guide', 'grafana/src'];

const filesIn = (path: string): string[] => {
  if (/\.\w+$|Makefile$/.test(path)) return [path];
  return readdirSync(join(repository, path), { withFileTypes: true })
    .filter(({ name }) => !/^(?:node_modules|test|simulator|promql)$/.test(name))
    .flatMap((entry) => {
      const inside = join(path, entry.name);
      return entry.isDirectory() ? filesIn(inside) : [inside];
    });
};

/** What is quoted in a line of code, if it is a sentence: names of metrics, files and so on have no space. */
const quoted = (line: string): string[] =>
  [...line.matchAll(/'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`/g)]
    .flatMap(([, single, double, template = '']) => [
      single ?? double ?? template.replaceAll(/\$\{[^}]*\}/g, '…'),
      // What is filled into a template may be quoted itself.
      ...[...template.matchAll(/\$\{([^}]*)\}/g)].flatMap(([, filled = '']) => quoted(filled)),
    ])
    .filter((text) => text.trim().includes(' '));

type Line = { file: string; number: number; text: string };

const linesOf = (file: string, pick: (line: string) => string[]): Line[] =>
  readFileSync(join(repository, file), 'utf8')
    .split('\n')
    .flatMap((line, index) => pick(line).map((text) => ({ file, number: index + 1, text })));

const isComment = /^\s*(?:\/\/|\/?\*|import |#)/;
const read: readonly Line[] = [
  ...documents
    .flatMap(filesIn)
    .filter((file) => /\.(?:md|ya?ml)$|Makefile$/.test(file))
    .flatMap((file) => linesOf(file, (line) => [line])),
  ...code
    .flatMap(filesIn)
    .filter((file) => /\.(?:ts|js|sh|html)$/.test(file) && !/\.test\.ts$|\.d\.ts$/.test(file))
    .flatMap((file) =>
      linesOf(file, (line) => {
        if (file.endsWith('.html')) return [line.replaceAll(/<[^>]*>/g, ' ')];
        return isComment.test(line) ? [] : quoted(line);
      }),
    ),
];

const withoutExceptions = (text: string): string =>
  exceptions.reduce((rest, [allowed]) => rest.replaceAll(allowed, ''), text);

test('what a learner reads is said in the words of the field', () => {
  const found = read.flatMap(({ file, number, text }) =>
    words.flatMap(([not, but]) =>
      [...withoutExceptions(text).matchAll(not)].map(
        ([word]) => `${file}:${number}: not "${word}" but: ${but}\n    ${text.trim()}`,
      ),
    ),
  );
  assert.equal(found.length, 0, `\n${found.join('\n')}`);
});

test('every exception is still needed, and says why', () => {
  for (const [text, why] of exceptions) {
    assert.ok(
      read.some((line) => line.text.includes(text)),
      `nobody writes "${text}" any more`,
    );
    assert.ok(
      words.some(([not]) => text.search(not) >= 0),
      `"${text}" holds none of the words`,
    );
    assert.ok(why.length > 10, text);
  }
});

test('a word is found whole, in any case, and not as a part of a name', () => {
  const isFound = (text: string) => words.some(([not]) => text.search(not) >= 0);
  for (const text of ['It tells of it', 'The store is Away', 'Messages of an alert']) assert.ok(isFound(text), text);
  for (const text of ['errors_dated_total', 'alertmanager stores samples', 'a display', 'playwright', 'ENGINE_PORT'])
    assert.ok(!isFound(text), text);
});
