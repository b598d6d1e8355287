import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { experiments } from '../experiments/catalogue.ts';
import { repository } from '../scripts/host/repository.ts';

const folderOf = (lesson: string) => join(repository, 'experiments', lesson);

/** @returns what a lesson imports in place of a module beside it, if a lesson imports it */
const fromLesson = (importer: string, kind: string) =>
  basename(importer) === 'lesson.ts' ? { path: basename(dirname(importer)), namespace: kind } : undefined;

/** What else a lesson takes of a module beside it: only where it does is the module read with it. */
const othersOf = (lesson: string, module: string, own: string): string => {
  const text = readFileSync(join(folderOf(lesson), 'lesson.ts'), 'utf8');
  const [, names = ''] = new RegExp(`import \\{([^}]*)\\} from './${module}.ts'`).exec(text) ?? [];
  const others = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== own);
  return others.length === 0 ? '' : `export { ${others.join(', ')} } from './${module}.ts';`;
};

/**
 * Lessons are read at the start, and what is measured and judged in them comes in one file of its own, `later`: a verdict
 * waits for it, and a lesson's list of exercises is filled once it has come. What else a lesson takes of these modules
 * stays with it.
 */
export const judgedLater: Plugin = {
  name: 'what is judged comes later',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\/verdict\.ts$/ }, ({ importer }) => fromLesson(importer, 'check'));
    onLoad({ filter: /.*/, namespace: 'check' }, ({ path: lesson }) => ({
      contents: `${othersOf(lesson, 'verdict', 'check')}
        export const check = async (...given) => (await import('/later'))['${lesson}'](...given);`,
      resolveDir: folderOf(lesson),
    }));
    onResolve({ filter: /^\.\/exercise\.ts$/ }, ({ importer }) => fromLesson(importer, 'exercises'));
    onResolve({ filter: /^exercises of / }, ({ path }) => ({ path: path.slice(13), namespace: 'exercises' }));
    onLoad({ filter: /.*/, namespace: 'exercises' }, ({ path: lesson }) => ({
      contents: `${othersOf(lesson, 'exercise', 'exercises')} export const exercises = [];`,
      resolveDir: folderOf(lesson),
    }));

    onResolve({ filter: /^\/later$/ }, ({ path }) => ({ path, namespace: 'later' }));
    onLoad({ filter: /.*/, namespace: 'later' }, () => ({
      contents: experiments
        .flatMap(({ folder, exercises }, index) => [
          `export { check as '${folder}' } from './${folder}/verdict.ts';`,
          ...(exercises === undefined
            ? []
            : [
                `import { exercises as all${index} } from './${folder}/exercise.ts';`,
                `import { exercises as list${index} } from 'exercises of ${folder}';`,
                `list${index}.push(...all${index});`,
              ]),
        ])
        .join('\n'),
      resolveDir: folderOf('.'),
    }));
    onLoad({ filter: /\/tab\/page\/later\.ts$/ }, () => ({
      contents: `export const later = () => import('/later');`,
      resolveDir: folderOf('.'),
    }));
  },
};
