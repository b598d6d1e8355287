import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { createReader } from '../../lab/running/api.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { temporaryFolder } from './folder.ts';
import { freePort } from './ports.ts';
import { type Running, start, untilAnswers } from './processes.ts';
import { findProgram } from './programs.ts';

/** A Prometheus of one test's own; its port, its folder and its data go with it. */
type OwnPrometheus = Running & {
  port: number;
  /** its folder */
  data: string;
  read: Reader;
  /** the targets it scrapes; empty where it does not answer */
  targets: () => Promise<Target[]>;
};

/** The configuration that scrapes one target per job and has no rules. @param jobs  job → address */
export const scraping = (scrapeInterval: string, jobs: Record<string, string>): object => ({
  global: { scrape_interval: scrapeInterval },
  scrape_configs: Object.entries(jobs).map(([job, address]) => ({
    job_name: job,
    static_configs: [{ targets: [address] }],
  })),
});

/**
 * Starts one, and waits until it answers.
 * @param configure  what prometheus.yml holds, given the address that this Prometheus listens on
 * @throws Error where the program is not on this machine, or where it ends; with what it printed
 */
export const startPrometheus = async (
  configure: (ownAddress: string) => object,
  flags: readonly string[] = [],
): Promise<OwnPrometheus> => {
  const program = findProgram('prometheus');
  if (program === undefined) throw new Error('prometheus is not on this machine');
  const { folder, address, ...own } = await startOwn((into, ownAddress) => {
    // JSON is YAML, too.
    writeFileSync(join(into, 'prometheus.yml'), JSON.stringify(configure(ownAddress)));
    return [
      program,
      // As in the lab: without it the first scrape is held back for 5 s.
      '--scrape.discovery-reload-interval=100ms',
      `--config.file=${join(into, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(into, 'data')}`,
      `--web.listen-address=${ownAddress}`,
      ...flags,
    ];
  });
  const targets = async () => {
    try {
      const response = await fetchDirect(`http://${address}/api/v1/targets`, 3_000);
      return ((await response.json()) as { data: { activeTargets: Target[] } }).data.activeTargets;
    } catch {
      return [];
    }
  };
  return {
    ...own,
    data: join(folder, 'data'),
    read: createReader(placesFrom({ PROMETHEUS_ADDRESS: address })),
    targets,
  };
};

/**
 * Starts a Prometheus in a folder and at a port of its own, which end with it, and waits until it answers.
 * @param commandIn  what starts it, given the folder and the address
 */
export const startOwn = async (commandIn: (folder: string, address: string) => [string, ...string[]]) => {
  const { folder, remove } = temporaryFolder();
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const running = start(commandIn(folder, address));
  const stop = async () => {
    await running.stop();
    remove();
  };
  try {
    await untilAnswers('Prometheus', running, `http://${address}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...running, folder, port, address, stop };
};
