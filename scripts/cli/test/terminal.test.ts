import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalFrom } from '../terminal.ts';

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
