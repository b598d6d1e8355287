import assert from 'node:assert/strict';
import { diagnose } from '../../experiments/08-debugging/diagnosis.ts';
import { seconds } from '../../lab/model/format.ts';
import { requests } from '../../lab/model/metrics.ts';
import { findProgram } from '../support/programs.ts';
import { scraping, startPrometheus } from '../support/prometheus.ts';
import { pause, until } from '../support/until.ts';
import { badAnswers, startBadExporter } from './bad-exporter.ts';
import type { Fault } from './fault.ts';

const now = () => Date.now() / 1_000;

/** An exporter that behaves badly, seen by a Prometheus of its own that scrapes every second. */
export const scrapeFaults = async (): Promise<{ faults: Fault[]; end: () => Promise<void> }> => {
  if (findProgram('prometheus') === undefined) {
    const skip = 'prometheus is not on this machine';
    return { faults: [{ name: 'a bad exporter', skip, run: async () => assert.fail() }], end: async () => {} };
  }
  const exporter = await startBadExporter();
  const prometheus = await startPrometheus(() => scraping('1s', { my_app: `127.0.0.1:${exporter.port}` }));
  const target = async () => (await prometheus.targets())[0];
  await until('a good scrape', 30, async () => (await target())?.health === 'up');
  const upSamples = async (from: number) => {
    const series = await prometheus.read.samples('up{job="my_app"}', now() - from + 1, now());
    return series.flatMap(({ samples }) => samples).filter(([at]) => at >= from);
  };

  const bad = Object.entries(badAnswers).map(([name, { answer, diagnosis }]) => ({
    name: `the exporter ${name}`,
    run: async () => {
      const began = now();
      exporter.behave(answer);
      try {
        const { lastError, scrapeUrl } = await until('the target to be down', 8, async () => {
          const found = await target();
          return found?.health === 'down' && found;
        });
        assert.notEqual(lastError, '', 'no reason is named');
        const said = diagnose(lastError, scrapeUrl)?.means ?? 'a cause that the list does not know';
        console.log(`  ${lastError}\n  → ${said}`);
        assert.match(said, diagnosis);
        const zero = await until('up to be 0', 3, async () => (await upSamples(began)).find(([, up]) => up === 0));
        assert.ok(zero);
        await pause(1);
      } finally {
        exporter.behave();
      }
      const behavesAgain = now();
      // The second scrape may begin two intervals later, and has to be stored.
      const recovered = await until('a good scrape', 6, async () =>
        (await upSamples(behavesAgain)).find(([, up]) => up === 1),
      );
      const failed = (await upSamples(began)).filter(([, up]) => up === 0);
      const took = recovered[0] - behavesAgain;
      assert.ok(took <= 2, `recovered after ${took.toFixed(1)} scrapes`);
      return {
        lost: `${failed.length} scrapes; up 0, the cause named`,
        recovery: `${seconds(Math.max(0, took))}, a scrape each second`,
      };
    },
  }));

  const clock: Fault = {
    name: "the exporter's clock steps back by an hour",
    run: async () => {
      await pause(4);
      const began = now() - 4;
      exporter.setClock(-3_600);
      await pause(4);
      const values = (await prometheus.read.samples(requests, now() - began, now()))[0]!.samples.map(
        ([, value]) => value,
      );
      for (const [index, value] of values.slice(1).entries()) {
        assert.ok(value >= values[index]!, `the counter fell to ${value}`);
      }
      assert.ok(values.length >= 6, `${values.length} samples`);
      exporter.setClock(0);
      const back = now();
      const [resets] = await until('the answer', 5, () => prometheus.read.query(`resets(${requests}[1m])`));
      assert.equal(resets!.samples[0]![1], 0, 'a reset was seen');
      const counted = async () => (await prometheus.read.query(requests))[0]!.samples[0]![1];
      const before = values.at(-1)!;
      await until('the counter to go on', 10, async () => (await counted()) > before);
      return {
        lost: 'no counter fell, no reset was seen; it stood still meanwhile',
        recovery: seconds(now() - back),
      };
    },
  };
  const end = async () => {
    await prometheus.stop();
    await exporter.close(0);
  };
  return { faults: [...bad, clock], end };
};
