import assert from 'node:assert/strict';
import { cpu, ofExporter, targetUp } from '../../lab/model/metrics.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { createReader, observe } from '../../lab/running/api.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { make } from './commands.ts';
import { answers, answersOk } from './http.ts';
import { until } from './until.ts';

export type ServiceName = 'exporter' | 'prometheus' | 'alertmanager' | 'guide';
export const services: readonly ServiceName[] = ['exporter', 'prometheus', 'alertmanager', 'guide'];

/**
 * The running lab, as a person at a terminal has it: its commands and its published ports.
 * @param environment  its settings, such as PROMETHEUS_PORT
 */
export const labAt = (environment: Record<string, string | undefined>) => {
  const places = placesFrom({ ...environment, PROFILES: '' });
  const read = createReader(places);
  const health: Record<ServiceName, string> = {
    exporter: `${places.exporter}/healthz`,
    prometheus: `${places.prometheus}/-/ready`,
    alertmanager: `${places.alertmanager}/-/ready`,
    guide: `${places.guide}/healthz`,
  };
  const now = () => Date.now() / 1_000;
  const state = () => observe(places);
  const isHealthy = (service: ServiceName) => answersOk(health[service]);

  /** Waits until every service is healthy and a scrape after `since` went well. @returns seconds from `since` */
  const recovered = (since: number, limitSeconds = 60): Promise<number> =>
    until('every service and a good scrape', limitSeconds, async () => {
      if (!(await Promise.all(services.map(isHealthy))).every(Boolean)) return undefined;
      const up = await read.samples(ofExporter(targetUp), 30, now());
      const first = up.flatMap(({ samples }) => samples).find(([at, value]) => at > since && value === 1);
      return first && first[0] - since;
    });
  /** Waits until the Prometheus that runs has scraped the exporter: the newest `up` may be of the one before. */
  const scraped = () => until('a good scrape', 40, async () => (await state()).target?.health === 'up');
  /** What Prometheus has stored of the gauge from one time to another, unix seconds. */
  const stored = async (from: number, to: number): Promise<Sample[]> =>
    (await read.samples(cpu, to - from, to)).flatMap(({ samples }) => samples);

  /** @throws AssertionError that names the service that still answers */
  const nothingAnswers = async () => {
    for (const service of services) assert.equal(await answers(health[service]), false, `${service} answers`);
  };
  const up = async () => {
    await make('up');
    await recovered(now() - 10);
  };
  return { places, read, health, now, state, isHealthy, recovered, scraped, stored, nothingAnswers, up };
};

export type Lab = ReturnType<typeof labAt>;
