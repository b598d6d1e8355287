import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stepNamed } from '../../experiments/catalogue.ts';
import { repository } from '../../scripts/host/repository.ts';
import { intervalNote, usualSeconds } from './intervals.ts';

const at = (command: string, scrapeSeconds: number, evaluationSeconds = 5) =>
  intervalNote(stepNamed(command)!, { scrapeSeconds, evaluationSeconds });

test('at the usual intervals there is nothing to say', () => {
  assert.equal(at('up', 5), undefined);
  assert.equal(at('spikes', 5), undefined);
  assert.equal(at('slow-scrape', 30), undefined);
  assert.equal(at('exp-5', 30), undefined);
});

test('at others the intervals are named that the words are for', () => {
  assert.equal(
    at('spikes', 1),
    'This text and its figures are for a scrape interval of 5 s and an evaluation interval of 5 s. This lab has 1 s and 5 s.',
  );
  assert.match(
    at('slow-scrape', 30, 1)!,
    /interval of 30 s and an evaluation interval of 5 s\. This lab has 30 s and 1 s\.$/,
  );
});

test('what its check cannot measure at these intervals is said with the step', () => {
  assert.match(
    at('exp-14', 7)!,
    / make check-14 cannot measure here: a scrape every 7 s .* Type make exp-14 SCRAPE_INTERVAL=5s EVALUATION_INTERVAL=5s\.$/,
  );
  assert.match(at('exp-10', 60)!, / make check-10 cannot measure here: a window of 1m holds one sample /);
  assert.match(
    at('exp-16', 15)!,
    / make check-16 may not be able to measure here: .* type make exp-16 TIMESTAMPS=50s\.$/,
  );
  assert.match(at('exp-2', 61)!, / make check-2 cannot measure here: Prometheus scrapes every 61 s/);
  for (const step of ['exp-10', 'exp-14', 'exp-16', 'exp-2']) assert.doesNotMatch(at(step, 2) ?? '', /make check/);
});

test('compose.yaml has the usual intervals', () => {
  const text = readFileSync(join(repository, 'compose.yaml'), 'utf8');
  for (const name of ['SCRAPE_INTERVAL', 'EVALUATION_INTERVAL'])
    assert.ok(text.includes(`${name}: \${${name}:-${usualSeconds}s}`), name);
});
