import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { experiments } from '../../experiments/catalogue.ts';
import { misfits } from '../../grafana/test/misfits.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import type { Plan, Rule } from '../../lab/model/plan.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { durationSeconds } from '../../lab/settings/duration.ts';
import { repository } from '../../scripts/host/repository.ts';

/** What a lesson lacks, by name, each in a sentence. What a type demands is not asked again. */

const fileOf = ({ folder }: Experiment, name: string): string => join(repository, 'experiments', folder, name);
const textOf = (experiment: Experiment, name: string): string | undefined =>
  existsSync(fileOf(experiment, name)) ? readFileSync(fileOf(experiment, name), 'utf8') : undefined;

const fewestMistakes = 3;

const oneLine = (expr: string): string =>
  expr
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\(\s+|\s+\)/g, (bracket) => bracket.trim())
    .trim();

/** What compose.yaml sets for the exporter, as the simulated lab needs it. */
const environmentIn = (text: string): Record<string, string> => {
  const { services } = parse(text) as { services?: { exporter?: { environment?: Record<string, unknown> } } };
  const pairs = Object.entries(services?.exporter?.environment ?? {});
  return Object.fromEntries(pairs.map(([name, value]) => [name, `${value}`.replace(/^\$\{\w+:-(.*)\}$/, '$1')]));
};

const servicesIn = (text: string): string[] =>
  Object.keys((parse(text, { logLevel: 'silent' }) as { services?: object }).services ?? {});

const baseServices = servicesIn(readFileSync(join(repository, 'compose.yaml'), 'utf8'));

/** Services that an override brings, which take memory beside the base lab's. */
const broughtBy = (text: string): string[] => servicesIn(text).filter((name) => !baseServices.includes(name));

/** Whether a compose.yaml sets variables of the exporter and nothing else, which is all that lessons can share. */
const setsTheExporterAlone = (text: string): boolean => {
  const { services } = parse(text) as { services: Record<string, object> };
  return isSame(
    Object.entries(services).map(([name, service]) => [name, ...Object.keys(service)]),
    [['exporter', 'environment']],
  );
};

type Written = { record?: string; alert?: string; expr: string; for?: string; keep_firing_for?: string };

const rulesIn = (text: string): object[] => {
  const { groups } = parse(text, { merge: true }) as { groups: { rules: Written[] }[] };
  return groups.flatMap(({ rules }) =>
    rules.map(({ record, alert, expr, for: wait, keep_firing_for: keep }) => ({
      name: record ?? alert,
      expr: oneLine(expr),
      forSeconds: wait === undefined ? 0 : durationSeconds(wait),
      keepSeconds: keep === undefined ? 0 : durationSeconds(keep),
    })),
  );
};
const plannedRules = (rules: readonly Rule[]): object[] =>
  rules.map((rule) => ({
    name: 'record' in rule ? rule.record : rule.alert,
    expr: oneLine(rule.expr),
    forSeconds: ('alert' in rule && rule.forSeconds) || 0,
    keepSeconds: ('alert' in rule && rule.keepFiringForSeconds) || 0,
  }));

const isSame = (one: object, other: object): boolean => {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
};

const lacksOfPlan = (experiment: Experiment, { environment = {}, rules = [], stops }: Plan): string[] => {
  const compose = experiment.change === 'own' ? textOf(experiment, 'compose.yaml') : undefined;
  const written = compose === undefined || stops ? environment : environmentIn(compose);
  const ruleFile = textOf(experiment, 'rules.yml');
  return [
    isSame(written, environment)
      ? ''
      : `plan.environment in lesson.ts must be what compose.yaml sets for the exporter: ${JSON.stringify(written)}`,
    isSame(ruleFile === undefined ? [] : rulesIn(ruleFile), plannedRules(rules))
      ? ''
      : 'plan.rules in lesson.ts must be those of rules.yml, in their order',
  ];
};

const lacksOf = (experiment: Experiment): string[] => {
  const { plan, picture, exercises = [], panels, queries, change, measuredIn } = experiment;
  const compose = textOf(experiment, 'compose.yaml');
  const brought = compose === undefined ? [] : broughtBy(compose);
  const few = exercises.flatMap(({ mistakes }, index) =>
    mistakes.length < fewestMistakes
      ? [`exercise ${index + 1} has ${mistakes.length} typical mistakes, and ${fewestMistakes} are the least`]
      : [],
  );
  return [
    picture === undefined
      ? 'picture.ts is missing: the guide would show the CPU and its spikes, which are not what this is about'
      : '',
    exercises.length === 0 ? 'exercise.ts is missing: there is nothing for the learner to solve' : '',
    ...few,
    panels.length === 0 ? 'lesson.ts has no panels: its dashboard would be empty' : '',
    ...panels.flatMap(misfits).map((sentence) => `a panel of lesson.ts does not fit: ${sentence}`),
    queries.length === 0 ? 'lesson.ts has no queries: there is nothing to try' : '',
    textOf(experiment, 'verdict.test.ts') === undefined
      ? 'verdict.test.ts is missing: that each claim can fail is not shown'
      : '',
    change === 'own' && compose === undefined ? "compose.yaml is missing, although its change is 'own'" : '',
    measuredIn !== undefined && (compose === undefined || 'needs' in plan || !setsTheExporterAlone(compose))
      ? 'measuredIn: what make check measures beside others sets variables of the exporter in compose.yaml and nothing else'
      : '',
    brought.length > 0 && experiment.memoryMegabytes === undefined
      ? `memoryMegabytes is missing: what ${brought.join(', ')} take has to be free before anything is touched`
      : '',
    textOf(experiment, 'rules.yml') !== undefined && textOf(experiment, 'rules.test.yml') === undefined
      ? 'rules.test.yml is missing: its rules are not tested'
      : '',
    ...('needs' in plan ? [] : lacksOfPlan(experiment, plan)),
  ].filter((sentence) => sentence !== '');
};

for (const experiment of experiments) {
  test(`${experiment.folder} has all that a lesson needs`, () => {
    assert.deepEqual(lacksOf(experiment), [], `experiments/${experiment.folder}`);
  });
}

test('what is missing is named', () => {
  const [first] = experiments as [Experiment];
  const { picture: _, ...rest } = first;
  const bare: Experiment = {
    ...rest,
    folder: '00-nothing',
    exercises: [{ ...first.exercises![0]!, mistakes: [] }],
    panels: [],
    measuredIn: fleet,
  };
  assert.deepEqual(
    lacksOf({ ...bare, plan: { environment: { CORES: '8' }, rules: [{ record: 'a:b', expr: 'b' }] } }).map(
      (sentence) => sentence.split(/[ :]/)[0],
    ),
    ['picture.ts', 'exercise', 'lesson.ts', 'verdict.test.ts', 'compose.yaml', 'measuredIn', 'plan.rules'],
  );
});

test('services without their memory, and a panel that does not fit, are named', () => {
  const { memoryMegabytes: _, ...shards } = experiments.find(({ requires }) => requires === 'thanos')!;
  const [panel] = shards.panels;
  const lacks = lacksOf({ ...shards, panels: [{ ...panel!, width: 2 }] });
  assert.match(
    lacks.join('\n'),
    /^a panel of lesson\.ts does not fit: ".*": the title takes \d+ px, and .* too many$/m,
  );
  assert.match(lacks.join('\n'), /^memoryMegabytes is missing: what .*query.* take has to be free/m);
});
