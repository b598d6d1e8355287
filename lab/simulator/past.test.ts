import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulate } from './lab.ts';

const start = 1_800_000_000;

test('labs that begin with the same hour share none of what they store themselves', async () => {
  const course = { scrapeSeconds: 5, phaseSeconds: 1, prometheusStartedAt: start, historyFrom: start - 3_600 };
  const [first, second] = ['high', 'spikes'].map((signal) =>
    simulate({ ...course, lives: [{ from: start - 10 }, { from: start + 20, environment: { SIGNAL: signal } }] }),
  ) as [ReturnType<typeof simulate>, ReturnType<typeof simulate>];
  const samplesAt = async (lab: typeof first, at: number) => {
    await lab.advance(at);
    const series = lab.storedAt(at).filter(({ labels }) => labels.__name__ === 'cpu_usage_simulated');
    assert.equal(series.length, 1);
    return series[0]!.samples.length;
  };
  // An hour of history, then scrapes at 1, 6, 11 … s.
  assert.equal(await samplesAt(first, start + 60), 720 + 12);
  assert.equal(await samplesAt(second, start + 10), 720 + 2);
});
