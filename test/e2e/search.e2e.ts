import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { activeStep, experiments } from '../../experiments/catalogue.ts';
import { proveFault } from '../../guide/test/turn.browser.ts';
import { make, tryMake } from '../support/commands.ts';
import { until } from '../support/until.ts';
import { isSmoke, lab } from './stack.ts';

/** Every search: each of its faults is injected, shown by nothing that should not, found, and then measured. */

before(async () => {
  // What was found before would count as found here.
  await make('clean');
  await make('up');
  await lab.scraped();
});
after(() => make('down'));

for (const { number, command, faults } of experiments.filter((each) => each.faults.length > 0)) {
  const solve = (CAUSE: string) => tryMake(`solve-${number}`, { CAUSE });
  const check = (settings?: Record<string, string>) => tryMake(`check-${number}`, settings);

  test(`${command}: an unknown fault is refused, and what runs is not touched`, async () => {
    const { code, output } = await tryMake(command, { FAULT: 'moon' });
    assert.notEqual(code, 0);
    assert.match(output, /lab: FAULT must be path, port, .* or .*, got "moon"/);
    assert.equal(activeStep(await lab.state()).command, 'up');
    assert.match((await tryMake('exp-4', { FAULT: 'path' })).output, /lab: FAULT is for experiment 8 alone/);
    assert.match(
      (await solve('path')).output,
      /There is no fault to be found: nothing is broken\.\n {2}Type: make exp-8/,
    );
  });

  // What a fault looks like does not depend on the runtime: a smoke run takes one.
  const tried = isSmoke ? faults.slice(0, 1) : faults;
  for (const [index, fault] of tried.entries()) {
    test(`${command} FAULT=${fault.name}: found by its cause, and revealed only then`, async () => {
      const applied = await make(command, { FAULT: fault.name });
      assert.equal(activeStep(await lab.state()).command, command);
      assert.ok(!applied.includes(fault.cause) && !applied.includes(fault.sign), applied);
      const status = await make('status');
      assert.match(status, new RegExp(`applied last: ${command}$`, 'm'));
      for (const { name } of faults) assert.doesNotMatch(status, new RegExp(`\\b${name}\\b`));

      const hidden = await check();
      assert.notEqual(hidden.code, 0, hidden.output);
      assert.match(hidden.output, /the cause is yours to find\.\n {2}Type: make solve-8 CAUSE=…/);
      assert.ok(!hidden.output.includes(fault.cause), hidden.output);

      const wrong = await solve(faults[(index + 1) % faults.length]!.name);
      assert.notEqual(wrong.code, 0);
      assert.match(wrong.output, /^✗ not /m);
      const right = await solve(fault.name);
      assert.equal(right.code, 0, right.output);
      assert.ok(right.output.includes(`✓ right: ${fault.cause}`), right.output);

      const checked = await check();
      assert.equal(checked.code, 0, checked.output);
      assert.ok(checked.output.includes(`So the fault (${fault.name}): ${fault.cause}`), checked.output);
    });
  }

  test(`${command}: found on the page, with the keyboard alone`, async () => {
    const [right, wrong] = [faults[0]!, faults[1]!];
    await make('up');
    await make(command, { FAULT: right.name });
    await proveFault(lab.places.guide, command, wrong, right);
  });

  test(`${command}: after make up nothing is broken; by chance another fault comes, and is revealed when asked`, async () => {
    await make('up');
    await until('the base lab', 30, async () => activeStep(await lab.state()).command === 'up');
    assert.match((await check()).output, /nothing is broken/);
    await make(command);
    const checked = await check({ TELL: '1' });
    assert.equal(checked.code, 0, checked.output);
    assert.match(
      await make('progress'),
      new RegExp(`${tried.length} of ${faults.length} faults of experiment ${number}`),
    );
    await make('up');
  });
}
