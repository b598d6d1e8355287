import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { proveTurn } from '../../guide/test/turn.browser.ts';
import { make, tryMake } from '../support/commands.ts';
import { lab } from './stack.ts';

/** An exercise as a learner solves it, on the terminal and on the page. What is right is tried with each experiment. */
after(() => make('down'));

const up = async () => {
  await make('up');
  await lab.scraped();
};

test('on the terminal only what is right ends with 0, and it is kept until make clean', async () => {
  await up();
  const solve = (QUERY: string) => tryMake('solve-4', { QUERY });
  const wrong = await solve('sum(cpu_usage)');
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.output, /two cores at 60 % are not 120 %/);
  const refused = await solve('avg(cpu_usage{core=~"core1$"}');
  assert.notEqual(refused.code, 0);
  assert.match(refused.output, /core1\$"}\n +\^/);
  const right = await solve("avg(cpu_usage{core=~'core.$'}) # both");
  assert.equal(right.code, 0, right.output);

  const solved = /✓ 4\.1 .*avg\(cpu_usage\{core=~'core\.\$'\}\) # both/;
  assert.match(await make('progress'), solved);
  await make('down');
  await up();
  assert.match(await make('progress'), solved);
  await make('clean');
  await up();
  assert.match(await make('progress'), / 0 of \d+ solved/);
});

test('an exercise is solved on the page, with the keyboard alone', async () => {
  await up();
  await proveTurn(lab.places.guide);
});
