import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { type Call, type Clone, cloneFor, type Ended, ofTheShell } from '../support/clone.ts';
import { until } from '../support/until.ts';

/** The README's commands on a Docker that only records, under whatever a user may have around them. */

const targets = [
  'up',
  'exp-1',
  'check-1',
  'exp-5',
  'spikes',
  'slow-scrape',
  'clocks',
  'status',
  'logs',
  'down',
  'clean',
];

const shellOf = (t: TestContext, name?: string) => cloneFor(t, name, ofTheShell);
const some = ['up', 'exp-5', 'check-5', 'status', 'down'];

/** All that there is to see of a session: exit codes, what was printed, what Docker was asked. */
const session = async ({ folder, run }: Clone, environment: Record<string, string | undefined>, command = ['make']) => {
  const seen = [];
  for (const target of some) {
    const { code, stdout, stderr, calls } = await run([...command, target], environment);
    const asked = calls.map(({ folder: at, words }) => [at.replace(folder, ''), ...words]);
    seen.push({ target, code, stdout, stderr, asked });
  }
  return seen;
};

let quiet: Awaited<ReturnType<typeof session>>;
test('in quiet surroundings every command succeeds', async (t) => {
  quiet = await session(shellOf(t), {});
  const { run } = shellOf(t);
  for (const target of targets) {
    const { code, stderr } = await run(['make', target]);
    assert.equal(code, 0, `make ${target}: ${stderr}`);
  }
});

const foreignCompose = {
  COMPOSE_FILE: '/elsewhere/compose.yaml',
  COMPOSE_PROJECT_NAME: 'other',
  COMPOSE_ENV_FILES: '/elsewhere/.env',
  COMPOSE_PATH_SEPARATOR: ',',
  COMPOSE_DISABLE_ENV_FILE: '1',
  COMPOSE_IGNORE_ORPHANS: '1',
  COMPOSE_ANSI: 'always',
};
const proxy = 'http://127.0.0.1:9';
const quoted = 'a path with spaces, it\'s "quoted" $HOME;`x` colon:colon ünïcode';
/** Some at a time: what each of them would change shows as well beside the others. */
const surroundings: [
  what: string,
  environment: Record<string, string | undefined>,
  command?: string[],
  name?: string,
][] = [
  [
    'another project in COMPOSE_*, proxies, and npm for production',
    {
      ...foreignCompose,
      ...{ http_proxy: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy, NODE_USE_ENV_PROXY: '1' },
      ...{ NODE_ENV: 'production', npm_config_omit: 'dev', npm_config_workspaces: 'false' },
    },
  ],
  [
    'CDPATH, scripts that a shell is to read first, and umask 077',
    { CDPATH: '/tmp:/', BASH_ENV: '/elsewhere/rc', ENV: '/elsewhere/rc', IFS: '/c' },
    ['sh', '-c', 'umask 077 && exec make "$1"', 'sh'],
  ],
  [
    'no home, TERM=dumb, MAKEFLAGS=-j8, and the language and the options of somebody else',
    {
      ...{ HOME: undefined, TERM: 'dumb', MAKEFLAGS: '-j8' },
      ...{ LC_ALL: 'tr_TR.UTF-8', GREP_OPTIONS: '-v', POSIXLY_CORRECT: '1' },
    },
  ],
  [`a folder named ${quoted}`, {}, ['make'], quoted],
];

describe('the commands do the same', { concurrency: 4 }, () => {
  for (const [what, environment, command, name] of surroundings) {
    test(`with ${what} around it`, async (t) => {
      const clone = shellOf(t, name);
      // What CDPATH would find in place of the clone's own folders.
      const decoys = join(clone.folder, '../decoys');
      mkdirSync(join(decoys, 'scripts/cli'), { recursive: true });
      const found = environment.CDPATH ? { CDPATH: `${decoys}:${environment.CDPATH}` } : {};
      assert.deepEqual(await session(clone, { ...environment, ...found }, command), quiet);
    });
  }
});

const call = (calls: Call[], ...words: string[]) =>
  calls.filter((each) => words.every((word) => each.words.includes(word)));

test('every call of Compose names the project and the files of the lab, and hears no other', async (t) => {
  const { folder, run } = shellOf(t);
  for (const target of [...targets, 'check']) {
    const { code, stderr, calls } = await run(['make', target], { ...foreignCompose, COMPOSE_PROFILES: 'dev,grafana' });
    assert.equal(code, 0, stderr);
    const compose = call(calls, 'compose').filter(({ words }) => !words.includes('version'));
    // Logs are of containers, whichever files they came from.
    assert.ok(compose.length > 0 || target === 'logs', target);
    for (const { folder: at, words, environment } of compose) {
      assert.equal(at, folder);
      assert.deepEqual(valuesOf(words, '--project-name'), ['prometheus-lab']);
      assert.deepEqual(valuesOf(words, '--project-directory'), ['.']);
      assert.deepEqual(valuesOf(words, '--env-file'), ['/dev/null']);
      assert.equal(valuesOf(words, '-f')[0], 'compose.yaml');
      for (const file of valuesOf(words, '-f'))
        assert.match(file, /^(compose[\w.-]*|(experiments|lab\/base\/states)\/[\w/-]+)\.yaml$/);
      const heard = Object.entries(environment).filter(([name]) => name.startsWith('COMPOSE_'));
      // What a step has brought is no orphan to the tools.
      const own = words.includes('run') ? [['COMPOSE_IGNORE_ORPHANS', 'true']] : [];
      assert.deepEqual(heard.sort(), [...own, ['COMPOSE_PROFILES', 'grafana']]);
    }
  }
});

/** The values of an option that may be given more than once. Files for Compose stand before its command. */
const valuesOf = (words: string[], option: string): string[] =>
  words.flatMap((word, index) => (word === option ? [words[index + 1]!] : []));

test('which Docker is asked stays with the user', async (t) => {
  const environment = { DOCKER_HOST: 'ssh://far', DOCKER_CONTEXT: 'far', DOCKER_CONFIG: '/far' };
  const { calls } = await shellOf(t).run(['make', 'up'], environment);
  for (const each of calls) {
    for (const [name, value] of Object.entries(environment)) assert.equal(each.environment[name], value);
  }
});

const images = ['exporter', 'prometheus', 'alertmanager', 'grafana', 'guide', 'tools'];
const imagesOf = (id: string) => images.map((name) => `prometheus-lab/${name}:latest sha256:${name}${id}\n`).join('');

test('nothing is built and nothing brought up where all is as it was', async (t) => {
  const { folder, run, setImages } = shellOf(t);
  setImages(imagesOf(''));
  const asked = async (target: string, environment = {}) => {
    const { code, stderr, calls } = await run(['make', target], environment);
    assert.equal(code, 0, stderr);
    const built = call(calls, 'build').flatMap(({ words }) => words.slice(words.indexOf('build') + 1));
    return { built, up: call(calls, 'up', '-d').length };
  };
  assert.deepEqual(await asked('up'), { built: images, up: 1 });
  assert.deepEqual(await asked('up'), { built: [], up: 0 });
  assert.deepEqual(await asked('up', { CORES: '4' }), { built: [], up: 1 }, 'another setting');
  assert.deepEqual(await asked('up'), { built: [], up: 1 });
  assert.deepEqual(await asked('spikes'), { built: [], up: 1 }, 'another step');
  assert.deepEqual(await asked('spikes'), { built: [], up: 0 });
  appendFileSync(join(folder, 'compose.spikes.yaml'), '# changed\n');
  assert.deepEqual(await asked('spikes'), { built: ['tools'], up: 1 }, 'another override, which the tools read');
  appendFileSync(join(folder, 'alertmanager/entrypoint.sh'), '# changed\n');
  assert.deepEqual(await asked('spikes'), { built: ['alertmanager'], up: 0 }, 'the same image came of it');
  setImages(imagesOf('-by another clone'));
  assert.deepEqual(await asked('spikes'), { built: images, up: 1 });
  await run(['make', 'down']);
  assert.deepEqual(await asked('spikes'), { built: [], up: 1 }, 'nothing runs');
});

const profiles: [value: string, profile: string][] = [
  ['', ''],
  ['dev', ''],
  ['tools', ''],
  ['dev,grafana', 'grafana'],
  ['*', 'grafana'],
];
for (const [value, profile] of profiles) {
  test(`COMPOSE_PROFILES=${value} ${profile ? 'runs' : 'leaves out'} Grafana, and nothing but the lab's own`, async (t) => {
    const { calls } = await shellOf(t).run(['make', 'up'], { COMPOSE_PROFILES: value });
    assert.equal(call(calls, '-d')[0]!.environment.COMPOSE_PROFILES, profile);
    const { words, environment } = call(calls, 'build')[0]!;
    const built = images.filter((name) => profile || name !== 'grafana');
    assert.deepEqual(words.slice(words.indexOf('build') + 1), built);
    assert.equal(environment.COMPOSE_PROFILES, profile);
  });
}

const reasons: [what: string, marker: string | undefined, environment: Record<string, string>, reason: string][] = [
  ['COMPOSE_PROFILES', undefined, { COMPOSE_PROFILES: 'dev' }, 'grafana: COMPOSE_PROFILES is "dev"'],
  ["Debian's images", '.lab/images-debian', {}, 'grafana: make images-debian builds no image of it'],
  ['nothing', undefined, {}, ''],
];
for (const [what, marker, environment, reason] of reasons) {
  test(`the learner reads that ${what} leaves Grafana out`, async (t) => {
    const { folder, run } = shellOf(t);
    mkdirSync(join(folder, '.lab'));
    if (marker) writeFileSync(join(folder, marker), '');
    const { calls } = await run(['make', 'up'], environment);
    assert.equal(call(calls, 'describe')[0]!.environment.LEFT_OUT, reason);
  });
}

for (const address of [{ BIND: '::1' }, { PROMETHEUS_PORT: 'web' }]) {
  test(`make down and make status work where ${JSON.stringify(address)} is set`, async (t) => {
    const { run } = shellOf(t);
    for (const target of ['status', 'down', 'clean']) {
      const { calls } = await run(['make', target], address);
      for (const each of call(calls, 'compose')) {
        if (each.words.includes('version')) continue;
        assert.equal(each.environment.BIND, '127.0.0.1');
        assert.match(each.environment.PROMETHEUS_PORT!, /^\d+$/);
      }
    }
  });
}

describe('a Docker that never answers is given up with a sentence', { concurrency: 8 }, () => {
  const silent = (DOCKER_HANGS: string) => ({ RUNTIME: 'compose', DOCKER_HANGS, LAB_DOCKER_SECONDS: '1' });
  const cases = [
    ...['version', 'ls', 'build', 'script', 'ps', 'up', 'run'].map((hanging) => [hanging, 'exp-1']),
    ...['down', 'clean', 'status', 'logs', 'check-1', 'check'].map((target) => ['any', target]),
  ] as [hanging: string, target: string][];
  for (const [hanging, target] of cases) {
    test(`make ${target} where "${hanging}" hangs`, async (t) => {
      const { code, stderr } = await shellOf(t).run(['make', target], silent(hanging));
      assert.equal(code, 2);
      assert.match(stderr, /the Docker engine gives no answer within 1 s/);
      assert.match(stderr, /start Docker Desktop/);
    });
  }
});

const versions: [version: string, sentence: string][] = [
  ['none', 'lab: Docker has no Compose: install Docker Compose 2.24.4 or newer, or try RUNTIME=native\n'],
  ['2.24.3', 'lab: Docker Compose 2.24.3 is too old: install Docker Compose 2.24.4 or newer, or try RUNTIME=native\n'],
  ['1.29.2', 'lab: Docker Compose 1.29.2 is too old: install Docker Compose 2.24.4 or newer, or try RUNTIME=native\n'],
];
describe('every command says so where Compose is missing or too old', { concurrency: 4 }, () => {
  for (const [version, sentence] of versions) {
    test(`Compose ${version}`, async (t) => {
      const { run } = shellOf(t);
      for (const target of ['up', 'check', 'check-1', 'status', 'logs', 'down', 'clean']) {
        const { code, stderr } = await run(['make', target], { RUNTIME: 'compose', DOCKER_COMPOSE: version });
        assert.equal(code, 2);
        assert.ok(stderr.includes(sentence), stderr);
        assert.doesNotMatch(stderr, /usage|--help/i);
      }
    });
  }
});

test('two targets of one make -j run one after the other', async (t) => {
  const { calls } = await shellOf(t).run(['make', '-j4', 'up', 'down']);
  const done = calls.filter(({ words }) => !words.includes('script'));
  const order = done.flatMap(({ words }) => words.filter((word) => ['up', 'describe', 'down'].includes(word)));
  assert.deepEqual(order, ['up', 'describe', 'up', 'down']);
});

test("a check's own exit code is the script's, and make turns it into 2", async (t) => {
  const { run } = shellOf(t);
  const check = ['sh', 'scripts/cli/lab.sh', 'check', '2'];
  assert.equal((await run(check)).code, 2, 'nothing runs');
  await run(['make', 'up']);
  for (const code of [0, 1, 2]) assert.equal((await run(check, { DOCKER_CHECK_CODE: String(code) })).code, code);
  for (const code of [1, 2])
    assert.equal((await run(['make', 'check-2'], { DOCKER_CHECK_CODE: String(code) })).code, 2);
});

test('make check applies, measures and undoes every experiment, and ends with what did not hold', async (t) => {
  const { run, setScript } = shellOf(t);
  const held = await run(['make', 'check']);
  assert.equal(held.code, 0, held.stderr);
  for (const { number } of experiments)
    assert.match(held.stdout, new RegExp(`^ {2}✓ experiment ${number} +\\d+ s$`, 'm'));
  assert.match(held.stdout, /^ {2}\d{1,3} s in all, of which \d{1,3} s to apply and undo$/m);
  const said = held.stderr.match(/^lab: experiment .*$/gm) ?? [];
  assert.equal(said.length, experiments.length);
  assert.equal(said[0], `lab: experiment 1 of ${experiments.length}`);
  assert.match(said.at(-1)!, /^lab: experiment (\d+) of \1, about \d{1,3} s left$/);
  const states = new Set(experiments.map(({ measuredIn, overrides }) => measuredIn?.name ?? overrides.join(' ')));
  states.delete('');
  assert.equal(held.stderr.match(/: applying /g)?.length, states.size, 'a state is applied once');
  // For what it says then, two of them will do.
  setScript(['measure 1', 'measure 2', 'summary']);
  const failed = await run(['make', 'check'], { DOCKER_CHECK_CODE: '1' });
  assert.equal(failed.code, 2);
  assert.match(failed.stderr, /^lab: 2 of 2 experiments did not hold$/m);
});

test('every setting that compose.yaml fills in is checked, and no password leaves the shell', async (t) => {
  const { folder, run } = shellOf(t);
  const { calls } = await run(['make', 'up'], { GRAFANA_ADMIN_PASSWORD: 'secret' });
  const { words } = calls.find((each) => each.words.includes('script'))!;
  const names = [...readFileSync(join(folder, 'compose.yaml'), 'utf8').matchAll(/\$\{(\w+)/g)].map(([, name]) => name!);
  const settings = [...new Set(names)].filter((name) => !name.endsWith('PASSWORD'));
  const handed = valuesOf(words, '-e').filter((name) => !name.startsWith('LAB_') && name !== 'RUNTIME');
  assert.deepEqual(handed.sort(), settings.sort());
});

test('a command that is ended ends what Docker is doing, leaves no process, and gives the lock back', async (t) => {
  const { folder, start, calls } = shellOf(t);
  const child = start(['make', 'up'], { RUNTIME: 'compose', DOCKER_HANGS: '-d' });
  const ended = once(child, 'close');
  await until('compose up', 20, () => call(calls(), '-d').length > 0);
  // As Ctrl-C does, but for the signal: what runs in the background may have been set to ignore that one.
  process.kill(-child.pid!, 'SIGTERM');
  // It closes once no process has its output any more.
  await ended;
  assert.equal(existsSync(join(folder, '.lab/lock')), false);
});

test('a setting of one instance that would change nothing is refused by name, and nothing is touched', async (t) => {
  const { folder, run } = shellOf(t);
  const refused = await run(['make', 'up'], { LATENCY_3: '0.5', ERRORS_12: '5@40s', LATENCY_2: '0.5', HOST_5: 'x' });
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^ {2}ERRORS_12 in the environment is not handed on to the exporter\. .*\n {2}LATENCY_3 in the environment is not/m,
  );
  assert.deepEqual(call(refused.calls, '-d'), []);
  appendFileSync(join(folder, '.env'), 'CHURN_4=10s\n');
  assert.match((await run(['make', 'up'])).stderr, /^ {2}CHURN_4 in \.env is not handed on to the exporter\. /m);
});

test('a fleet leaves before anything else changes: a Prometheus that begins anew would show it for five minutes', async (t) => {
  const { run } = shellOf(t);
  const of = ({ calls }: Ended) =>
    calls.flatMap(({ words }) => {
      if (words.includes('departed')) return ['wait'];
      return words.includes('-d') ? [`up ${words.includes('exporter') ? 'the exporter' : 'all'}`] : [];
    });
  assert.deepEqual(of(await run(['make', 'up'], { INSTANCES: '3' })), ['up all']);
  assert.deepEqual(of(await run(['make', 'up'], { SCRAPE_INTERVAL: '1s' })), ['up the exporter', 'wait', 'up all']);
  assert.deepEqual(of(await run(['make', 'slow-scrape'])), ['up all']);
});

test('make status says what is applied, and what did not succeed', async (t) => {
  const { run } = shellOf(t);
  const applied = async () => /^applied last: (.*)$/m.exec((await run(['make', 'status'])).stderr)?.[1];
  assert.equal(await applied(), undefined);
  await run(['make', 'up']);
  assert.equal(await applied(), 'up');
  const refused = await run(['make', 'exp-5'], { DOCKER_FAILS: 'script' });
  assert.equal(refused.code, 2);
  assert.deepEqual(call(refused.calls, '-d'), [], 'nothing is touched');
  assert.equal(await applied(), 'up');
  const failed = await run(['make', 'exp-5'], { DOCKER_FAILS: 'up' });
  assert.match(failed.stderr, /^up fails\nlab: the change failed; make up returns to the base$/m);
  assert.equal(await applied(), 'exp-5, which did not succeed; make up returns to the base');
  await run(['make', 'up']);
  assert.equal(await applied(), 'up');
  await run(['make', 'down']);
  assert.equal(await applied(), undefined);
});
