import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { repository } from '../../host/repository.ts';

/** What `make solve-4` hands on, with a program in place of the lab's command that prints it. */
const handedOn = (args: string[], environment: Record<string, string> = {}): (string | null)[] => {
  const program = `node -p 'JSON.stringify([process.env.LAB_QUERY ?? null, process.env.QUERY ?? null])' --`;
  const env = { PATH: process.env.PATH, ...environment };
  return JSON.parse(
    execFileSync('make', ['solve-4', `lab=${program}`, ...args], { cwd: repository, env, encoding: 'utf8' }),
  );
};

const queries = [
  'avg(cpu_usage)',
  'sum(rate(requests_total[1m])) # a comment',
  'cpu_usage{core=~"core1$"}',
  "cpu_usage{core=~'core\\\\d'}",
  '$(error expanded) $$ $(HOME) $@ %',
  '`id`; $(id) "quoted" \'single\' \\',
  'sum(\n  cpu_usage\n)',
  '-cpu_usage',
  '',
];
for (const query of queries) {
  test(`the query ${JSON.stringify(query)} arrives whole`, () => {
    assert.deepEqual(handedOn([`QUERY=${query}`]), [query, null]);
    if (query !== '') assert.deepEqual(handedOn([], { QUERY: query }), [query, null]);
  });
}

test('where none is typed none is handed on', () => assert.deepEqual(handedOn([]), [null, null]));

/** What `make up` hands on of a setting, with a program in place of the lab's command that prints it. */
const settingHandedOn = (value: string): string => {
  const args = ['up', "lab=node -p 'JSON.stringify(process.env.GRAFANA_ADMIN_PASSWORD)' --"];
  const env = { PATH: process.env.PATH };
  const typed = [...args, `GRAFANA_ADMIN_PASSWORD=${value}`];
  return JSON.parse(execFileSync('make', typed, { cwd: repository, env, encoding: 'utf8' }));
};

for (const value of [
  'a$b',
  '$$',
  '$(shell echo run)',
  '$(error expanded)',
  'a#b',
  'it\'s \\ "quoted"',
  'http://h/$x',
]) {
  test(`the setting ${JSON.stringify(value)} arrives whole`, () => assert.equal(settingHandedOn(value), value));
}
