import { fetchDirect } from '../../lab/running/fetch.ts';
import type { Lab } from '../support/lab.ts';
import { pause } from '../support/until.ts';

/** Scrapes and queries on loopback, a few at a time, until they are stopped; after two minutes they stop by themselves. */
export const startLoad = ({ places }: Lab): { stop: () => Promise<void> } => {
  const query = encodeURIComponent('rate(requests_total[1m]) + on() avg(avg_over_time(cpu_usage[5m]))');
  const urls = [
    `${places.exporter}/metrics`,
    `${places.prometheus}/api/v1/query?query=${query}`,
    `${places.guide}/api/state`,
    `${places.exporter}/truth`,
  ];
  const deadline = Date.now() + 120_000;
  let isOver = false;
  const ask = async (url: string) => {
    while (!isOver && Date.now() < deadline) {
      try {
        await fetchDirect(url, 3_000);
      } catch {
        // What is killed does not answer.
      }
      await pause(0.01);
    }
  };
  const all = Promise.all(urls.map(ask));
  const stop = async () => {
    isOver = true;
    await all;
  };
  return { stop };
};
