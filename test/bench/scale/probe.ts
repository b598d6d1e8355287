import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { behindSeconds } from '../../../lab/running/backend.ts';
import { fetchDirect } from '../../../lab/running/fetch.ts';

/** What a server says of itself, and what its folder holds. */

/** A query over a million series takes seconds, on a busy machine minutes. */
export const patienceSeconds = 600;

export const get = async (url: string, method = 'GET'): Promise<string> => {
  const response = await fetchDirect(url, 1_000 * patienceSeconds, { method });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return response.text();
};

/** @param name  with its labels, where it has any @returns its value; NaN where there is none */
export const metricIn = (text: string, name: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length) ?? Number.NaN,
  );

/** What is in use right after a garbage collection. */
export const heapBytes = async (address: string): Promise<number> => {
  await get(`${address}/debug/pprof/heap?gc=1`);
  return metricIn(await get(`${address}/metrics`), 'go_memstats_heap_alloc_bytes');
};

export const folderBytes = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );

/** What is sent to a backend is there a little later. @returns seconds since 1970 */
export const askedAt = (): string => String(Date.now() / 1_000 - behindSeconds);

/** @returns milliseconds of each of some answers to an instant query */
export const timed = async (address: string, query: string, rounds: number): Promise<number[]> => {
  const milliseconds: number[] = [];
  const time = askedAt();
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    // VictoriaMetrics would keep the answer; Prometheus passes this over.
    const text = await get(`${address}/api/v1/query?${new URLSearchParams({ query, time, nocache: '1' })}`);
    milliseconds.push(performance.now() - begin);
    if (!text.includes('"result":[{')) throw new Error(`${query} found nothing: ${text.slice(0, 200)}`);
  }
  return milliseconds;
};
