import assert from 'node:assert/strict';
import { seconds } from '../../lab/model/format.ts';
import { requests } from '../../lab/model/metrics.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { pause } from '../support/until.ts';
import type { Fault } from './fault.ts';
import { assertTrue, gapIn } from './stored.ts';

const scrapeSeconds = 5;

/** Prometheus is stopped for a while and started again: the gap is the stop, and a counter bridges it. */
export const stopFault = (lab: Lab, runtime: Runtime, stopSeconds: number): Fault => ({
  name: `Prometheus stopped for ${stopSeconds} s`,
  run: async () => {
    await make('up');
    await lab.recovered(lab.now() - 1);
    await pause(21);
    const { exporter } = await lab.state();
    const stoppedAt = lab.now();
    await runtime.stop('prometheus');
    await pause(stopSeconds);
    await make('up');
    const backAt = lab.now();
    const recoverySeconds = await lab.recovered(backAt);
    await pause(11);

    const samples = (await lab.stored(stoppedAt - 20, lab.now())).filter(([at]) => at > exporter!.startedAt + 1);
    await assertTrue(lab, samples);
    const { from, to, missed } = gapIn(samples, scrapeSeconds);
    assert.ok(from > stoppedAt - scrapeSeconds - 1, `the last sample before is of ${from - stoppedAt} s`);
    assert.ok(from < stoppedAt + 1.5, 'a sample was stored while Prometheus was stopped');
    // A new Prometheus can hold its targets back for 5 s, and then waits for the moment of their scrape.
    assert.ok(to <= backAt + 5 + scrapeSeconds + 1, `the first sample after came ${to - backAt} s after make up`);

    // Over a window as long as the samples reach, so that what is extrapolated is less than a second.
    const counter = (await lab.read.samples(requests, lab.now() - stoppedAt + 15, lab.now()))[0]!.samples;
    const [first, last] = [counter[0]!, counter.at(-1)!];
    const windowMilliseconds = Math.round((last[0] - first[0]) * 1_000) + 500;
    const increase = (await lab.read.query(`increase(${requests}[${windowMilliseconds}ms])`, last[0]))[0]!
      .samples[0]![1];
    const { totals } = await lab.read.truth(first[0], last[0]);
    const errorPercent = Math.abs(100 * (increase / totals.requests - 1));
    assert.ok(errorPercent < 5, `increase() says ${increase}, ${totals.requests} is true`);
    const gap = `${missed} scrapes: a gap of ${seconds(to - from)}`;
    return {
      lost: `${gap}; increase() across it wrong by ${errorPercent.toFixed(1)} %`,
      recovery: `${seconds(recoverySeconds)} after make up`,
    };
  },
});
