import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runLab } from '../../../test/support/commands.ts';
import { freePort } from '../../../test/support/ports.ts';
import { serve } from '../../../test/support/serve.ts';

/** The tools' own exit codes: make turns each but 0 into 2. */
const tools = (words: string[], environment: Record<string, string> = {}) =>
  runLab('scripts/cli/main.ts', words, environment);

for (const word of ['toString', '__proto__']) {
  test(`${JSON.stringify(word)} is no command, no step, no condition and no experiment`, async () => {
    const answers = await Promise.all([
      tools([word]),
      tools(['describe', word]),
      tools(['wait', word]),
      tools(['check', word]),
    ]);
    for (const { code, output } of answers) {
      assert.equal(code, 2, output);
      assert.match(output, /^lab: (unknown command|there is no (step|condition|experiment)) "/);
    }
  });
}

test('an option that check does not know is named', async () => {
  const { code, output } = await tools(['check', '2', '--jsno']);
  assert.equal(code, 2);
  assert.match(output, /^lab: .*--jsno/);
});

test('what does not answer is named, and not the whole lab, of which the rest may run: 2', async () => {
  const { code, output } = await tools(['check', '2'], { PROMETHEUS_ADDRESS: `127.0.0.1:${await freePort()}` });
  assert.equal(code, 2);
  assert.match(output, /^Nothing can be measured: Prometheus does not answer at .*\n {2}Type: make up\n$/);
});

test('a guide that is not this lab’s is named, with what it keeps a command from: 2', async (t) => {
  const foreign = await serve(t, (_, response) => response.end('{"lab":"0123456789abcdef"}'));
  for (const [words, done] of [
    [['check', '2'], 'measured'],
    [['solve', '4', '--query', 'up'], 'judged'],
    [['progress'], 'shown'],
  ] as const) {
    const { code, output } = await tools([...words], { GUIDE_ADDRESS: foreign, LAB_ID: 'fedcba9876543210' });
    assert.equal(code, 2, output);
    assert.match(output, new RegExp(`^Nothing can be ${done}: the guide at .* is not this lab's`));
  }
});

test('what takes the question and never answers is not said to be not running: 2', async (t) => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const { code, output } = await tools(['check', '2'], { PROMETHEUS_ADDRESS: `127.0.0.1:${port}` });
  assert.equal(code, 2);
  assert.match(output, /^Nothing can be measured: Prometheus does not answer at .*\n {2}Look at: make status\n$/);
});

const html = '<!doctype html><title>somebody else</title>';
const wrongAnswers: [what: string, status: number, body: string, words: RegExp][] = [
  ['HTML', 200, html, /is not Prometheus, or not all of it: <!doctype html>/],
  ['half of an answer', 200, '{"status":"success","da', /is not Prometheus, or not all of it/],
  [
    'a refusal',
    422,
    '{"status":"error","error":"query processing would load too many samples"}',
    /answered 422 .*too many samples/,
  ],
];
for (const [what, status, body, words] of wrongAnswers) {
  test(`where Prometheus answers with ${what}, nothing can be measured, and the lab is not called stopped: 2`, async (t) => {
    const address = await serve(t, (_, response) => response.writeHead(status).end(body));
    const { code, output } = await tools(['check', '2'], { PROMETHEUS_ADDRESS: address, EXPORTER_ADDRESS: address });
    assert.equal(code, 2);
    assert.match(output, words);
    assert.match(output, /^Nothing can be measured: .*\n {2}Look at: make status\n$/s);
  });
}
