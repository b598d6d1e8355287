import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../../experiments/types.ts';
import { createReader } from '../../lab/api.ts';
import { placesFrom } from '../../lab/places.ts';
import { repository } from '../../lab/repository.ts';
import { freePort, pause, start } from './processes.ts';

/** A Prometheus apart from the lab, from the same entrypoint: a scrape a second, data in a folder that goes with it. */
export const startPrometheus = async (exporterPort: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-faults-'));
  const address = `127.0.0.1:${await freePort()}`;
  const running = start(['sh', 'prometheus/entrypoint.sh'], {
    LAB_CONFIG_DIR: join(repository, 'prometheus'),
    LAB_DATA_DIR: folder,
    EXPORTER_ADDRESS: `127.0.0.1:${exporterPort}`,
    PROMETHEUS_ADDRESS: address,
    PROMETHEUS_LISTEN: address,
    // Nothing listens there: no alert of these faults reaches anybody.
    ALERTMANAGER_ADDRESS: '127.0.0.1:9',
    SCRAPE_INTERVAL: '1s',
    EVALUATION_INTERVAL: '1s',
    HISTORY_SECONDS: '0',
  });
  const places = placesFrom({ PROMETHEUS_ADDRESS: address, EXPORTER_ADDRESS: `127.0.0.1:${exporterPort}` });
  const read = createReader(places);
  /** From Prometheus alone: the exporter may be the one that does not answer. */
  const target = async (): Promise<Target | undefined> => {
    try {
      const response = await fetch(`${places.prometheus}/api/v1/targets?scrapePool=my_app`);
      const { data } = (await response.json()) as { data: { activeTargets: Target[] } };
      return data.activeTargets[0];
    } catch {
      return undefined;
    }
  };
  for (let attempt = 0; (await target())?.health !== 'up'; attempt += 1) {
    if (running.hasEnded() || attempt > 300) throw new Error(`Prometheus did not start: ${running.stderr()}`);
    await pause(0.1);
  }
  const end = async () => {
    await running.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { read, target, end };
};
