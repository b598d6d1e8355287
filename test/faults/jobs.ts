import assert from 'node:assert/strict';
import type { Truth } from '../../lab/model/lab.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { until } from '../support/until.ts';
import { experimentNamed } from './backend-kills.ts';

/** The jobs that push to the Pushgateway of the lab, and what is stored of them. */

export const gateway = 'pushgateway';
export const up = `up{job="${gateway}"}`;
export const deadJob = experimentNamed('dead-job');

export type Run = NonNullable<Truth['batch']>['runs'][number];

/** Applies the step anew. @returns the runs of its nightly job, in their order, the last of which fails */
export const jobsBegin = async (lab: Lab): Promise<Run[]> => {
  await make('up');
  await make(deadJob.command);
  const at = (await lab.state()).exporter!.startedAt;
  return (await lab.read.truth(at, at)).batch!.runs;
};

/** What a scrape brought of the groups, by name: every raw sample from one time to another, unix seconds. */
export const groupsStored = async (lab: Lab, from: number, to: number): Promise<Series[]> => {
  const found = await lab.read.samples('{__name__=~"(batch|worker|push)_.*"}', to - from, to);
  const nameOf = ({ labels }: Series) => JSON.stringify(Object.entries(labels).sort());
  return found.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
};

/** What is stored of the groups until a second ago: a scrape may be on its way to the disk. */
export const groupsBefore = (lab: Lab): Promise<{ cut: number; before: Series[] }> =>
  until('something of the groups to be stored', 30, async () => {
    const cut = lab.now() - 1;
    const before = await groupsStored(lab, cut - 60, cut);
    return before.length > 0 && { cut, before };
  });

/** Waits until Prometheus has stored something of the groups that was pushed at that time or later. */
export const untilStored = (lab: Lab, pushedAt: number): Promise<unknown> =>
  until('a scrape of the Pushgateway', 40, async () => {
    const found = await lab.read.query('push_time_seconds{job="nightly"}');
    return (found[0]?.samples[0]?.[1] ?? 0) >= pushedAt;
  });

/** The page of the Pushgateway, of its groups alone, and how a request to it is answered. */
export const gatewayAt = async (runtime: Runtime) => {
  const base = `http://${await runtime.reached(gateway, 9091)}`;
  const groups = async (): Promise<string[]> => {
    const response = await fetchDirect(`${base}/metrics`, 20_000);
    assert.equal(response.status, 200);
    return (await response.text()).split('\n').filter((line) => line.startsWith('push_time_seconds{'));
  };
  /** @returns its status; 0 where the connection ended without one */
  const send = async (method: 'PUT' | 'DELETE', job: string, body?: string | Uint8Array): Promise<number> => {
    const url = `${base}/metrics/job/${job}`;
    const sent = fetchDirect(url, 120_000, { method, ...(body !== undefined && { body }) });
    return sent.then(
      ({ status }) => status,
      () => 0,
    );
  };
  return { groups, send };
};
