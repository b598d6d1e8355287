import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { type Call, cloneFor, ofTheShell } from '../support/clone.ts';

/** A lab that runs, with three services of an experiment, each in another state. */
const shards = async (t: TestContext) => {
  const clone = cloneFor(t, undefined, ofTheShell);
  await clone.run(['make', 'up']);
  clone.setServices('shard-a running\nshard-b paused\nquery exited\n');
  const take = async (verb: string, service: string) => {
    const { code, stderr, calls } = await clone.run(['make', verb, `SERVICE=${service}`]);
    return { code, said: stderr.split('\n')[1], asked: calls.map(wordsOf).filter(isManualStep) };
  };
  return { ...clone, take };
};
const wordsOf = ({ words }: Call) => words.join(' ');
const isManualStep = (words: string) => /^(kill|stop|start|restart|pause|unpause) /.test(words);

const done: [verb: string, service: string, said: string, asked: string[]][] = [
  ['kill', 'shard-a', 'was killed', ['kill id-of-shard-a']],
  ['stop', 'shard-a', 'was stopped', ['stop -t 5 id-of-shard-a']],
  ['restart', 'shard-a', 'was restarted', ['restart -t 5 id-of-shard-a']],
  ['freeze', 'shard-a', 'is frozen', ['pause id-of-shard-a']],
  ['thaw', 'shard-b', 'goes on', ['unpause id-of-shard-b']],
  ['kill', 'shard-b', 'was killed', ['unpause id-of-shard-b', 'kill id-of-shard-b']],
  ['start', 'query', 'runs', ['start id-of-query']],
  ['restart', 'query', 'was restarted', ['restart -t 5 id-of-query']],
];
test('what is done by hand reaches that one container', async (t) => {
  const { take } = await shards(t);
  for (const [verb, service, said, asked] of done) {
    assert.deepEqual(await take(verb, service), { code: 0, said: `lab: ${service} ${said}`, asked });
  }
});

const refused: [verb: string, service: string, said: string][] = [
  ['kill', 'nobody', 'SERVICE must be one of query, shard-a, shard-b, got "nobody"'],
  ['kill', '', 'SERVICE must be one of query, shard-a, shard-b, got ""'],
  ['kill', "$(id)`id`'", 'SERVICE must be one of query, shard-a, shard-b, got "$(id)`id`\'"'],
  ['freeze', 'query', 'query does not run; make start SERVICE=query starts it'],
  ['kill', 'shard-a shard-b', 'SERVICE must be one of query, shard-a, shard-b, got "shard-a shard-b"'],
  ['kill', '\u001b[1mshard-a\n', 'SERVICE must be one of query, shard-a, shard-b, got "?[1mshard-a?"'],
  ['start', 'shard-a', 'shard-a runs already; make restart SERVICE=shard-a starts it anew'],
  ['thaw', 'shard-a', 'shard-a is not frozen: it runs'],
  ['start', 'shard-b', 'shard-b is frozen; make thaw SERVICE=shard-b lets it go on'],
];
test('a wrong service, or one in another state, is named, and nothing is touched', async (t) => {
  const { take } = await shards(t);
  for (const [verb, service, said] of refused) {
    assert.deepEqual(await take(verb, service), { code: 2, said: `lab: ${said}`, asked: [] });
  }
});

test('a service that the step has stopped is no unknown one', async (t) => {
  const { folder, take } = await shards(t);
  const applied = (step: string) => writeFileSync(join(folder, '.lab/applied'), `${step} 1 2\n`);
  applied('exp-1');
  const said = 'lab: exporter is down: exp-1 has stopped it, and make up starts it again';
  for (const verb of ['kill', 'start']) assert.deepEqual(await take(verb, 'exporter'), { code: 2, said, asked: [] });
  const unknown = 'lab: SERVICE must be one of query, shard-a, shard-b, got ';
  assert.equal((await take('kill', 'grafana')).said, `${unknown}"grafana"`);
  applied('exp-2');
  assert.equal((await take('kill', 'exporter')).said, `${unknown}"exporter"`);
});

test('two services at once are none, also without make', async (t) => {
  const { run } = await shards(t);
  const { code, stderr, calls } = await run(['sh', 'scripts/cli/lab.sh', 'kill', 'shard-a', 'shard-b']);
  assert.equal(code, 1);
  assert.match(stderr, /^lab: SERVICE must be one of query, shard-a, shard-b, got "shard-a shard-b"$/m);
  assert.deepEqual(calls.map(wordsOf).filter(isManualStep), []);
});

const script = [
  'measure 1',
  'held manual 0 kill shard-a',
  'held again 1 , after kill shard-a',
  'held manual 0 thaw shard-b',
  'held again 1 , after thaw shard-b',
  'skip 2 not run here: it needs thanos',
  'summary',
];

test('make check takes the manual steps, phase by phase, and measures after each', async (t) => {
  const { setScript, run } = await shards(t);
  setScript(script);
  const { code, stdout, calls, stderr } = await run(['make', 'check']);
  assert.equal(code, 0, stderr);
  const played = calls
    .map(wordsOf)
    .flatMap((words) => (isManualStep(words) ? [words] : / check 1 /.test(words) ? ['check'] : []));
  assert.deepEqual(played, ['check', 'kill id-of-shard-a', 'check', 'unpause id-of-shard-b', 'check']);
  assert.match(stdout, /^ {2}✓ experiment 1 +\d+ s$/m);
  assert.match(stdout, /^ {2}✓ experiment 1 +\d+ s, after kill shard-a$/m);
  assert.match(stdout, /^ {2}✓ experiment 1 +\d+ s, after thaw shard-b$/m);
  assert.match(stdout, /^ {2}· experiment 2 +not run here: it needs thanos$/m);
});

test('where it does not hold, nothing more is done to the services, and that counts once', async (t) => {
  const { setScript, run } = await shards(t);
  setScript(script);
  const { code, stdout, calls, stderr } = await run(['make', 'check'], { DOCKER_CHECK_CODE: '1' });
  assert.equal(code, 2);
  assert.deepEqual(calls.map(wordsOf).filter(isManualStep), []);
  assert.match(stdout, /^ {2}✗ experiment 1 +\d+ s$/m);
  assert.match(stderr, /^lab: 1 of 1 experiments did not hold$/m);
});

test('where Thanos or the OTLP receiver is missing, that is said and nothing is touched', async (t) => {
  const { folder, run } = await shards(t);
  mkdirSync(join(folder, '.lab'), { recursive: true });
  writeFileSync(join(folder, '.lab/images-debian'), '');
  const lacking: [requires: string, reason: string][] = [
    ['thanos', 'it needs thanos, and make images-debian builds no image of it: make images-module does (Go 1.26)'],
    [
      'OTLP',
      'it needs OTLP, and the Prometheus of Debian is built without it: make images-module builds one that has it (Go 1.26)',
    ],
  ];
  const check = await run(['make', 'check']);
  assert.equal(check.code, 0, check.stderr);
  for (const [what, reason] of lacking) {
    const { number } = experiments.find(({ requires }) => requires === what)!;
    const step = await run(['make', `exp-${number}`]);
    assert.equal(step.code, 2);
    assert.ok(step.stderr.includes(`lab: exp-${number} does not run here: ${reason}\n`), step.stderr);
    assert.deepEqual(
      step.calls.filter(({ words }) => words.includes('up')),
      [],
    );
    assert.ok(check.stdout.includes(`  · experiment ${number}  not run here: ${reason}\n`), check.stdout);
  }
});
