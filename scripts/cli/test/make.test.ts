import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { experiments } from '../../../experiments/catalogue.ts';
import { repository } from '../../host/repository.ts';

/** What a host with Docker and no Node has, without its Docker: the shell's own programs. */
const bin = mkdtempSync(join(tmpdir(), 'lab-bin-'));
for (const program of ['make', 'sh', 'awk', 'sed', 'grep', 'dirname', 'mkdir']) {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' });
  symlinkSync(stdout.trim(), join(bin, program));
}
/** A copy of what these commands read. */
const copy = mkdtempSync(join(tmpdir(), 'lab-make-'));
mkdirSync(join(copy, 'experiments'));
for (const name of ['Makefile', 'scripts', 'compose.yaml', 'experiments/README.md']) {
  cpSync(join(repository, name), join(copy, name), { recursive: true });
}
after(() => {
  for (const folder of [bin, copy]) rmSync(folder, { recursive: true });
});

const make = (...args: string[]) =>
  spawnSync('make', args, { cwd: copy, encoding: 'utf8', env: { PATH: bin, LC_ALL: 'C' } });

const titles = experiments
  .map(({ number, title, requires }) => {
    const needs = requires ? `, needs ${requires}` : '';
    return `  ${String(number).padStart(2)}  ${title}${needs}\n`;
  })
  .join('');

/** Of what some experiments need: that this host does not have it, as it has no Docker either. */
const lacking = `\
      thanos: thanos is not in PATH: sh packaging/go-programs.sh thanos builds it (Go 1.26) (runtime: native)
      alertmanager: alertmanager is not in PATH: https://prometheus.io/download has it (runtime: native)
      pushgateway: pushgateway is not in PATH: https://prometheus.io/download has it (runtime: native)
      blackbox: blackbox_exporter is not in PATH: https://prometheus.io/download has it (runtime: native)
      OTLP: no prometheus in PATH has the flag --web.enable-otlp-receiver: the version that .env pins has it (runtime: native)
`;

test('make lists the commands in groups, on one screen, and, without Node, the experiments by their titles', () => {
  const { status, stdout, stderr } = make();
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^ {2}make up {29}start the base lab, or return to it$/m);
  assert.match(stdout, /^ {2}make exp-N {26}start experiment N/m);
  assert.match(stdout, /^ {2}make status, logs {19}show what is running/m);
  assert.ok(stdout.endsWith(`\nexperiments\n${titles}${lacking}`), stdout);
  const commands = stdout.slice(0, stdout.indexOf('\nexperiments\n')).split('\n');
  const groups = commands.filter((line) => /^\S/.test(line));
  assert.deepEqual(groups, ['learn', 'by hand, for one service (SERVICE=…)', 'the lab', 'for developers']);
  assert.ok(commands.filter(Boolean).length <= 25, `${commands.length} lines`);
  for (const line of commands) assert.ok(line.length <= 110, `${line.length} characters: ${line}`);
});

test('make lists every target that is not a part of another', () => {
  const makefile = readFileSync(join(repository, 'Makefile'), 'utf8');
  const [, phony] = /^\.PHONY: (.*)$/m.exec(makefile)!;
  const listed = make().stdout;
  for (const target of phony!.split(' ').filter((each) => !/^(always|help)$/.test(each)))
    assert.match(listed, new RegExp(`^ {2}make (\\S+, )*${target}[, ]`, 'm'), target);
});

for (const { number } of experiments) {
  test(`make exp-${number} and make check-${number} exist`, () => {
    assert.equal(make('-n', `exp-${number}`).stdout, `sh scripts/cli/lab.sh step exp-${number}\n`);
    const { stdout } = make('-n', `check-${number}`, 'ARGS=--json');
    assert.equal(stdout, `sh scripts/cli/lab.sh check ${number} --json\n`);
  });
}

for (const target of ['exp-99', 'check-99', 'exp-0', 'exp-01', 'exp-x', 'check-.', 'exp-1x']) {
  test(`make ${target} says which experiments there are, and touches nothing`, () => {
    const { status, stdout, stderr } = make(target);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    const wanted = target.replace(/^\w+-/, '');
    assert.ok(stderr.startsWith(`lab: there is no experiment "${wanted}"; there are:\n${titles}make: `), stderr);
    assert.equal(existsSync(join(copy, '.lab')), false);
  });
}

for (const [target, typed] of [
  ['down', 'LABB=two'],
  ['clean', 'LAB_=two'],
  ['status', 'RUNTIM=native'],
  ['kill', 'SERVCE=guide'],
] as const) {
  test(`make ${target} ${typed} is refused: it would be done to another lab or service than the one that is meant`, () => {
    const { status, stderr } = make(target, typed);
    assert.equal(status, 2, stderr);
    const name = typed.slice(0, typed.indexOf('='));
    assert.match(stderr, new RegExp(`^lab: ${name} is no setting, and nothing was done: make ${target} reads LAB`));
  });
}

test('a setting that make down does not need is no reason to leave the lab running', () => {
  for (const typed of [
    'PROMETHEUS_PORT=9091',
    'SCRAPE_INTERVAL=1s',
    'GRAFANA_ADMIN_PASSWORD_FILE=x',
    'RUNTIME=neither',
  ]) {
    assert.doesNotMatch(make('down', typed).stderr, /is no setting/);
  }
});
