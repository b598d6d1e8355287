import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { activeStep, experiments } from '../../experiments/catalogue.ts';
import { make, tryMake } from '../support/commands.ts';
import { isSmoke, lab } from './stack.ts';

/** make compare: another backend beside the lab is asked the same. */

before(async () => {
  await make('up');
  await lab.scraped();
});

test('make compare explains every difference by the same samples, and leaves the lab as it was', {
  skip: isSmoke,
}, async (t) => {
  const { code, output } = await tryMake('compare');
  const lacking = /make compare is not run here: (.*)/.exec(output)?.[1];
  if (lacking !== undefined) return t.skip(`not run here: ${lacking}`);
  assert.equal(code, 0, output);
  console.log(output);
  const lessons = [...output.matchAll(/^\| (\d+) /gm)].map(([, number]) => Number(number));
  const compared = experiments.filter(({ comparisons }) => comparisons !== undefined).map(({ number }) => number);
  assert.deepEqual([...new Set(lessons)], compared, output);
  // Of two samples that relabeling has made one series remote write sends both, and what is NaN is not kept by all.
  const others = output.replaceAll(/^\| (21|23) .*$/gm, '');
  assert.doesNotMatch(others, /not explained|raw samples differ|Not asked/);
  assert.match(output, /avg\(disk_free_ratio\)` +\| 0\.05 +\| NaN +\| 0\.05 +\| .* are missing, those that are NaN/);
  assert.match(
    output,
    /increase\(errors_total\[1m\]\)` +\| 5 +\| 0 +\| 5 +\| without extrapolation; a series that begins/,
  );
  assert.match(output, /histogram_quantile\(.*` +\| 0\.26 +\| 0\.4875 +\| 0\.4875 +\| the same/);

  await lab.scraped();
  const state = await lab.state();
  assert.equal(activeStep(state).command, 'up');
  assert.deepEqual([state.exporter?.signal, state.exporter?.fleet?.length], ['random', 1]);
});

test('a QUERY_URL that nothing answers is said by name, and one that answers is asked', async () => {
  const { output } = await tryMake('check-2', { QUERY_URL: 'http://localhost:1' });
  assert.match(output, /lab: QUERY_URL: nothing answers at http:\/\/localhost:1\b/);
  const asked = await make('check-2', { QUERY_URL: lab.places.prometheus });
  assert.match(asked, /^Asked: http:\/\/localhost:\d+ \(QUERY_URL\), as it was 20 s ago$/m);
  assert.match(asked, /✓/);
  assert.doesNotMatch(asked, /✗/);
});
