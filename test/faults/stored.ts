import assert from 'node:assert/strict';
import { only } from '../../lab/evidence/samples.ts';
import { couldHaveSeen, cpuOf, marginSeconds, scrapesIn } from '../../lab/evidence/scrape.ts';
import { ofExporter, scrapeDuration, signalInfo } from '../../lab/model/metrics.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import { until } from '../support/until.ts';

/**
 * Holds stored samples against what really happened. What was stored while the lab played another signal, as in
 * an experiment before, has another truth and is left out.
 */
export const assertTrue = async (lab: Lab, samples: readonly Sample[]): Promise<void> => {
  const [first, last] = [samples[0]![0], samples.at(-1)![0]];
  const signal = cpuOf(await lab.read.truth(first - 1, last + marginSeconds));
  const { exporter } = await lab.state();
  const played = await lab.read.samples(`${signalInfo}{signal="${exporter!.signal}"}`, last - first + 1, last);
  const isOfThisSignal = new Set(played.flatMap(({ samples: infos }) => infos.map(([when]) => when)));
  const ofThisSignal = samples.filter(([when]) => isOfThisSignal.has(when));
  assert.ok(ofThisSignal.length > 0, 'no sample of this signal');
  const scrapeAt = scrapesIn(only(await lab.read.samples(ofExporter(scrapeDuration), last - first + 1, last)));
  for (const [when, value] of ofThisSignal) {
    const could = couldHaveSeen(signal, scrapeAt(when));
    assert.ok(could.includes(value), `${value} is stored at ${when}, ${could.join(' or ')} is true`);
  }
};

/** The longest stretch without a sample, and how many scrapes it swallowed. */
export const gapIn = (samples: readonly Sample[], scrapeSeconds: number) => {
  const gaps = samples.slice(1).map(([at], index) => ({ from: samples[index]![0], to: at }));
  const longest = gaps.reduce((one, two) => (two.to - two.from > one.to - one.from ? two : one), gaps[0]!);
  return { ...longest, missed: Math.round((longest.to - longest.from) / scrapeSeconds) - 1 };
};

/** What the lab's own Prometheus had stored before is there afterwards, and make up ends what was wrong. */
export const withStored = async <Result>(lab: Lab, run: () => Promise<Result>): Promise<Result> => {
  await lab.up();
  const { cut, before } = await until('some samples', 40, async () => {
    const cut = lab.now() - 1;
    const before = await lab.stored(cut - 60, cut);
    return before.length > 2 && { cut, before };
  });
  try {
    const result = await run();
    assert.deepEqual(await lab.stored(cut - 60, cut), before, 'what had been stored');
    return result;
  } finally {
    await make('up');
  }
};
