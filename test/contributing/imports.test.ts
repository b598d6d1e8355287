import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';
import { importsAtRunTime, importsIn } from '../support/imports.ts';

/** What the exporter reports has its type in the exporter, once; types leave nothing behind at run time. */
const exporterType = /^import type [^;]* from '[^']*exporter\/src\/[^']*';$/gm;

/** What writes the documents reads the exporter's scenarios as well as the catalogue. */
const documents = { by: 'scripts/dev/docs.ts', from: 'exporter/src/document.ts' };

/**
 * Imports run one way, as docs/design.md says: what each room may import, besides itself. A room of several rooms,
 * such as lab/, is named room by room.
 */
const arithmetic = ['lab/promql', 'lab/model'];
const shared = [...arithmetic, 'lab/alertmanager', 'lab/evidence', 'lab/judging', 'lab/backtest', 'lab/base'];
const mayImport: Record<string, readonly string[]> = {
  'lab/settings': [],
  'lab/chance': [],
  'lab/http': ['lab/settings'],
  'lab/promql': [],
  'lab/alertmanager': ['lab/settings'],
  'lab/model': ['lab/promql', 'lab/alertmanager'],
  'lab/base': arithmetic.concat('lab/evidence'),
  'lab/evidence': arithmetic,
  'lab/judging': [...arithmetic, 'lab/settings', 'lab/evidence'],
  'lab/backtest': [...arithmetic, 'lab/chance', 'lab/settings'],
  'lab/incidents': [...arithmetic, 'lab/chance', 'lab/judging', 'lab/settings'],
  'lab/simulator': [...arithmetic, 'lab/alertmanager', 'lab/settings', 'lab/evidence', 'exporter'],
  experiments: [...shared, 'lab/incidents'],
  'lab/running': [...shared, 'lab/settings', 'lab/incidents', 'experiments'],
  exporter: ['lab/chance', 'lab/http', 'lab/settings'],
  grafana: [...shared, 'experiments'],
  guide: [...shared, 'lab/http', 'lab/settings', 'lab/incidents', 'lab/running', 'experiments'],
  scripts: [...shared, 'lab/chance', 'lab/settings', 'lab/incidents', 'lab/running', 'experiments'],
  tab: [
    ...shared,
    'lab/chance',
    'lab/settings',
    'lab/incidents',
    'lab/running',
    'lab/simulator',
    'experiments',
    'exporter',
    'guide',
    'scripts/host',
  ],
};

const sources = Object.keys(mayImport).flatMap((part) =>
  readdirSync(join(repository, part), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[jt]s$/.test(name) && !name.includes('node_modules/'))
    // A test may import anything.
    .filter((name) => !/(^|\/)test\/|\.test\.ts$/.test(name))
    .map((name) => `${part}/${name}`),
);

const text = (name: string): string => readFileSync(join(repository, name), 'utf8');

/** The paths of the repository among the imports of a module. */
const pathsOf = (name: string, imports: readonly string[]): string[] =>
  imports.filter((each) => each.startsWith('.')).map((each) => normalize(join(name, '..', each)));

const importsOf = (name: string): string[] => pathsOf(name, importsIn(text(name).replaceAll(exporterType, '')));

test('every source is read, and imports are found in it', () => {
  assert.ok(sources.length > 100, `${sources.length} files`);
  assert.ok(importsOf('scripts/native/main.ts').includes('scripts/cli/main.ts'), 'a dynamic one');
  assert.ok(importsOf('lab/running/check.ts').includes('lab/model/reader.ts'), 'one of types');
});

for (const [room, others] of Object.entries(mayImport)) {
  test(`${room} imports ${['itself', ...others].join(', ')} and nothing else of the lab`, () => {
    const isIn = (path: string) => (each: string) => path.startsWith(`${each}/`);
    for (const name of sources.filter((each) => each.startsWith(`${room}/`))) {
      const imported = importsOf(name).filter((path) => name !== documents.by || path !== documents.from);
      for (const path of imported) assert.ok([room, ...others].some(isIn(path)), `${name} imports ${path}`);
    }
  });
}

test('no module needs itself, by way of others or for a type', () => {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    assert.ok(!way.includes(name), [...way.slice(way.indexOf(name)), name].join(' → '));
    if (done.has(name) || !sources.includes(name)) return;
    for (const each of importsOf(name)) visit(each, [...way, name]);
    done.add(name);
  };
  for (const name of sources) visit(name, []);
});

/** The last stage of an image, and those before it in which a program runs. */
const images: [dockerfile: string, stage: string | undefined, program: string][] = [
  ['exporter/Dockerfile', undefined, 'exporter/src/main.ts'],
  ['guide/Dockerfile', undefined, 'guide/src/main.ts'],
  ['guide/Dockerfile', 'page', 'guide/bundle/make.ts'],
  ['guide/Dockerfile', 'page', 'guide/page/main.ts'],
  ['guide/Dockerfile', 'tab', 'tab/build.ts'],
  ['guide/Dockerfile', 'tab', 'tab/page/main.ts'],
  ['guide/Dockerfile', 'tab', 'tab/page/on-call.ts'],
  ['guide/Dockerfile', 'page', 'guide/page/on-call.ts'],
  ['grafana/Dockerfile', 'dashboards', 'grafana/src/main.ts'],
  ['scripts/cli/Dockerfile', undefined, 'scripts/cli/main.ts'],
];
for (const [dockerfile, name, program] of images) {
  test(`the image of ${dockerfile} holds every module that ${program} imports`, () => {
    const stages = text(dockerfile).split(/^FROM /m);
    const isNamed = (stage: string, wanted: string) => stage.split('\n')[0]!.endsWith(` AS ${wanted}`);
    const last = stages.findLast((each) => name === undefined || isNamed(each, name))!;
    // With what it begins from.
    const stage = [...stages.filter((each) => isNamed(each, last.split(' ')[0]!)), last].join('');
    const copied = [...stage.matchAll(/^COPY (?:--\S+ )*(.*) \S+$/gm)].flatMap(([, names]) => names!.split(' '));
    const isCopied = (path: string) =>
      copied.some((name) => path === name || path.startsWith(`${name}/`) || matchesGlob(path, name));
    const seen = new Set<string>();
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      assert.ok(isCopied(path), `${path} is not copied`);
      for (const each of pathsOf(path, importsAtRunTime(text(path)))) visit(each);
    };
    visit(program);
    assert.ok(seen.size > 1, [...seen].join());
  });
}

/** `scripts/cli/*.ts`: the only pattern that is used. */
function matchesGlob(path: string, pattern: string): boolean {
  const [before, after] = pattern.split('*');
  return (
    after !== undefined && path.startsWith(before!) && path.endsWith(after) && !path.slice(before!.length).includes('/')
  );
}
