import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { repository } from '../../scripts/host/repository.ts';
import { missing } from '../lessons/bounded-prometheus.ts';
import { type Clone, cloneFor } from '../support/clone.ts';
import { findProgram } from '../support/programs.ts';

/** CONTRIBUTING.md, followed to the letter in a copy of the repository: the next experiment, through all that reads it. */

const number = Math.max(...experiments.map((each) => each.number)) + 1;
const digits = String(number).padStart(2, '0');
const folder = `experiments/${digits}-more-cores`;
const read = (root: string, name: string) => readFileSync(join(root, name), 'utf8');

const launcher = 'scripts/native/launch.js';
const seriesTest = 'grafana/test/series.test.ts';

/** The files that the text shows: fenced blocks that name one after their language. */
const blocks = [...read(repository, 'CONTRIBUTING.md').matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)]
  .map(([, name, text]) => ({ name: name!.replace('NN', digits), text: text!.replaceAll('NN', digits) }))
  .filter(({ name }) => name.startsWith('experiments/'));

/** Runs a program of the copy's own modules. */
const script = async ({ run }: Clone, program: string) => {
  const { code, stdout, stderr } = await run(['node', '--import', 'tsx', '--input-type=module', '-e', program]);
  assert.equal(code, 0, stderr);
  return stdout;
};

const filesIn = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => !/^(\.git|\.lab|\.artefacts|node_modules)\//.test(name));

describe(`experiment ${number}, as CONTRIBUTING.md says it`, () => {
  const cleanups: (() => void)[] = [];
  after(() => {
    for (const cleanup of cleanups) cleanup();
  });
  let clone: Clone;

  before(async () => {
    clone = cloneFor({ after: (cleanup: () => void) => cleanups.push(cleanup) });
    for (const { name, text } of blocks) {
      const path = join(clone.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      if (name !== 'experiments/catalogue.ts') writeFileSync(path, text);
      // The list ends where its bracket closes.
      else writeFileSync(path, read(clone.folder, name).replace(/^\};$/m, `${text}};`));
    }
    const { code, stderr } = await clone.run(['make', 'docs']);
    assert.equal(code, 0, stderr);
    if (missing) return;
    const recorded = await clone.run(['node', '--import', 'tsx', '--test', seriesTest], {
      PATH: `${dirname(findProgram('prometheus')!)}:${process.env.PATH}`,
      UPDATE: '1',
      LESSON: String(number),
    });
    assert.equal(recorded.code, 0, recorded.stdout);
  });

  test('nothing changes but its folder, the line, and what make docs writes', () => {
    const changed = filesIn(clone.folder).filter(
      (name) => !existsSync(join(repository, name)) || read(repository, name) !== read(clone.folder, name),
    );
    const documents = ['answers', 'exercises', 'experiments'].map((name) => `docs/${name}.md`);
    const written = ['README.md', ...documents, 'experiments/README.md'];
    const own = ['compose.yaml', 'exercise.ts', 'lesson.ts', 'picture.ts', 'verdict.test.ts', 'verdict.ts'].map(
      (name) => `${folder}/${name}`,
    );
    const answers = missing ? [] : [`grafana/test/answers/lab-${digits}-more-cores.json`];
    assert.deepEqual(changed.sort(), [...written, ...own, ...answers, 'experiments/catalogue.ts'].sort());
  });

  test('types, the tests that read every experiment, and the linter are content', async () => {
    const check = await clone.run(['node_modules/.bin/tsc', '--noEmit']);
    assert.equal(check.code, 0, check.stdout);
    const lint = await clone.run(['node_modules/.bin/biome', 'check', '--error-on-warnings', 'experiments']);
    assert.equal(lint.code, 0, lint.stderr);
    const tests = [
      'scripts/dev/test/docs.test.ts',
      'scripts/compose/test/runtime.test.ts',
      'grafana/test/dashboards.test.ts',
      'grafana/test/fit.test.ts',
      'guide/test/lab.test.ts',
      'test/lessons/conformance.test.ts',
      'test/lessons/browser.test.ts',
      'test/lessons/exercises.test.ts',
      `${folder}/verdict.test.ts`,
      'test/lessons/worlds.test.ts',
      'test/lessons/sweep.test.ts',
      'test/lessons/all-verdicts.test.ts',
    ];
    // Of those that try every lesson on a real or in a simulated Prometheus, its own.
    const environment = { PATH: process.env.PATH, LESSON: String(number) };
    const report = '.lab/test.log';
    const { code, stderr } = await clone.run(['node', launcher, 'test/unit/main.ts', report, ...tests], environment);
    assert.equal(code, 0, `${stderr}${read(clone.folder, report)}`);
    assert.match(read(clone.folder, report), /✔ \d+ More cores, scraped every 1 s/);
  });

  test('make lists it, and make exp-N applies it', async () => {
    const { stdout } = await clone.run(['make']);
    assert.match(stdout, new RegExp(`^ +${number} {2}More cores$`, 'm'));
    const { code, calls } = await clone.run(['make', `exp-${number}`]);
    assert.equal(code, 0);
    const up = calls.find(({ words }) => words.includes('up'))!.words;
    assert.deepEqual(up.slice(up.indexOf('-f'), up.indexOf('up')), [
      '-f',
      'compose.yaml',
      '-f',
      `${folder}/compose.yaml`,
    ]);
    assert.match((await clone.run(['make', '-n', `check-${number}`])).stdout, new RegExp(`lab\\.sh check ${number} `));
  });

  test('make check measures it with the others', async () => {
    const { stdout } = await clone.run(['make', 'check']);
    assert.match(stdout, new RegExp(`^ {2}✓ experiment ${number} `, 'm'));
  });

  test('it has a dashboard, and a place in the guide', async () => {
    const { code, stderr } = await clone.run(['make', 'dashboards']);
    assert.equal(code, 0, stderr);
    const dashboards = readdirSync(join(clone.folder, '.lab/dashboards'), { recursive: true, encoding: 'utf8' });
    assert.ok(
      dashboards.some((name) => name.endsWith(`lab-${digits}-more-cores.json`)),
      dashboards.join(),
    );
  });

  test('its check holds on the lab that it describes', async () => {
    const said = await script(
      clone,
      `import { experiments } from './experiments/catalogue.ts';
       import { settle } from './test/lessons/settle.ts';
       const from = 1_800_000_000;
       const lives = [{ from, signal: 'random', cores: 8 }];
       const plan = { scrapeSeconds: 5, phaseSeconds: 1, lives, prometheusStartedAt: from, until: from + 300 };
       const { verdict } = await settle(experiments.at(-1).check, plan, from + 2);
       console.log(JSON.stringify(verdict.findings.map(({ claim, holds }) => [claim, holds])));`,
    );
    assert.deepEqual(JSON.parse(said), [
      ['one metric name, 8 series', true],
      ['count() says 8', true],
    ]);
  });
});
