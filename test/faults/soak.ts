import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { startService } from '../support/processes.ts';
import { median } from '../support/quantile.ts';
import { usage } from '../support/usage.ts';
import type { Fault } from './fault.ts';

const tenths = 10;
const readingsPerTenth = 20;

/** Scrapes the exporter many times over a few kept connections, and watches its memory. */
export const soakFault = (scrapes: number, connections = 4): Fault => ({
  name: `a soak: ${scrapes} scrapes of the exporter`,
  run: async () => {
    const exporter = await startService('exporter');
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const url = { host: '127.0.0.1', port: exporter.port, path: '/metrics', agent };
    const begun = performance.now();
    try {
      const megabytes: number[] = [];
      for (let tenth = 0; tenth < tenths; tenth += 1) {
        const readings: number[] = [];
        for (let part = 0; part < readingsPerTenth; part += 1) {
          await scrapeTimes(url, scrapes / tenths / readingsPerTenth, connections);
          readings.push(usage(exporter.pid).residentMegabytes);
        }
        megabytes.push(median(readings));
      }
      const seconds = (performance.now() - begun) / 1_000;
      const series = megabytes.map((each) => each.toFixed(1)).join(' ');
      console.log(`  MB in each tenth: ${series}; ${Math.round(scrapes / seconds)} scrapes a second`);
      const [first, last] = [megabytes[0]!, megabytes.at(-1)!];
      assert.ok(last <= first * 1.1, `${last.toFixed(1)} MB in the last tenth, ${first.toFixed(1)} MB in the first`);
      assert.equal(exporter.stderr(), '');
      return { lost: `nothing; ${first.toFixed(1)} → ${last.toFixed(1)} MB`, recovery: '–' };
    } finally {
      agent.destroy();
      await exporter.stop();
    }
  },
});

const scrapeTimes = async (url: object, times: number, connections: number): Promise<void> => {
  let left = times;
  const goOn = async () => {
    while (left > 0) {
      left -= 1;
      assert.equal(await scrape(url), 200);
    }
  };
  await Promise.all(Array.from({ length: connections }, goOn));
};

const scrape = (url: object): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(url, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
