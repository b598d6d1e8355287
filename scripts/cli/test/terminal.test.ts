import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runLab, tryRun } from '../../../test/support/commands.ts';
import { folderFor } from '../../../test/support/folder.ts';
import { serve } from '../../../test/support/serve.ts';
import { printable, terminalFrom } from '../terminal.ts';

const cases: [what: string, environment: Record<string, string>, isTTY: boolean, plain: boolean, moves: boolean][] = [
  ['a terminal', { TERM: 'xterm-256color' }, true, false, true],
  ['a file', { TERM: 'xterm-256color' }, false, false, false],
  ['TERM=dumb', { TERM: 'dumb' }, true, false, false],
  ['NO_COLOR', { NO_COLOR: '1' }, true, false, false],
  ['--json', {}, true, true, false],
];
for (const [what, environment, isTTY, plain, moves] of cases) {
  test(`${what} gets ${moves ? 'colours and a bar' : 'plain lines'}`, () => {
    const terminal = terminalFrom(environment, isTTY, plain);
    assert.equal(terminal.moves, moves);
    assert.equal(terminal.colours.red('x') !== 'x', moves);
  });
}

/** Every character that a terminal obeys, or that turns the order of what is read. */
const commands = [
  ...Array.from({ length: 0xa0 }, (_, code) => code).filter(
    (code) => (code < 0x20 || code > 0x7e) && code !== 9 && code !== 10,
  ),
  ...[0x2028, 0x2029, 0x200e, 0x200f, 0x061c],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));

test('no command of a terminal and no mark of direction is printed as it is, and JSON stays the same JSON', () => {
  for (const character of commands) {
    const shown = printable(`a${character}b`);
    assert.match(shown, /^a\\u[0-9a-f]{4}b$/);
    const json = JSON.stringify({ label: character });
    assert.deepEqual(JSON.parse(printable(json)), { label: character });
    assert.ok(!printable(json).includes(character));
  }
  assert.equal(printable('Zürich\t✓ 日本 \u{1f600}\n'), 'Zürich\t✓ 日本 \u{1f600}\n');
});

test('what a backend says, and what a learner types, reaches the terminal without its commands', async (t) => {
  const hostile = 'red \u001b[31m bell \u0007 csi \u009b2J turned \u202e txt \u2066 x';
  const error = JSON.stringify({ status: 'error', errorType: 'bad_data', error: hostile });
  const address = await serve(t, (_, response) => response.writeHead(400).end(error));
  const tools = (...words: string[]) =>
    runLab('scripts/cli/main.ts', words, {
      PROMETHEUS_ADDRESS: address,
      EXPORTER_ADDRESS: address,
      GUIDE_ADDRESS: address,
    });
  for (const words of [
    ['check', '2'],
    ['solve', '4', `--query=${hostile}`],
    ['solve', '8', `--cause=${hostile}`],
    [hostile],
  ]) {
    const { output } = await tools(...words);
    assert.match(output, /\\u001b\[31m/, words.join(' '));
    assert.doesNotMatch(output, /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u, words.join(' '));
  }
});

const isObeyed = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** How a runtime comes by the log of a service. */
const logs: [runtime: string, log: string][] = [
  ['native', ''],
  // Docker prints a log of its own accord; only that is replaced.
  ['compose', 'container_of() { echo id; }; call_docker() { cat "$lab_folder/logs/guide.log"; };'],
];
for (const [runtime, log] of logs) {
  test(`make logs prints a log as everything else is printed, ${runtime}`, async (t) => {
    const folder = folderFor(t);
    // A shell has no NUL in a text, so the log of a service loses it.
    const text = `Z\u00fcrich\t\u2713 \u65e5\u672c \u{1f600} ${commands.slice(1).join('x')}\ufeff\\ud`;
    mkdirSync(join(folder, 'logs'));
    writeFileSync(join(folder, 'logs/guide.log'), `${text}\n\0last\n`);
    const { output } = await tryRun('sh', [
      '-euc',
      `program=lab; project=lab; lab_folder=$1; . scripts/cli/shell.sh; . scripts/cli/runtime.sh; . scripts/${runtime}/runtime.sh; ${log} runtime_logs guide`,
      'sh',
      folder,
    ]);
    assert.ok(output.includes(`${printable(text)}\n`), output);
    assert.match(output, /last\n$/);
    assert.doesNotMatch(output, isObeyed);
  });
}
