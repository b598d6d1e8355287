import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { experiments } from '../../experiments/catalogue.ts';
import { count, seconds } from '../../lab/model/format.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { prometheusApi, toSeries } from '../../lab/running/prometheus.ts';
import type { Service } from '../../lab/running/service.ts';
import { repository } from '../../scripts/host/repository.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { pause, until } from '../support/until.ts';
import type { Fault } from './fault.ts';
import { gapIn } from './stored.ts';

const windowSeconds = 20;

/** The experiment in that folder. @throws Error where there is none */
export const experimentNamed = (slug: string): Experiment => {
  const found = experiments.find((each) => each.slug === slug);
  if (found === undefined) throw new Error(`there is no experiment ${slug}`);
  return found;
};

const servicesIn = (file: string): string[] =>
  Object.keys(parse(readFileSync(join(repository, file), 'utf8').replaceAll('!reset', ''), { merge: true }).services);

/** The services that an experiment brings. */
const broughtBy = ({ overrides }: Experiment): string[] => {
  const base = servicesIn('compose.yaml');
  return overrides.flatMap(servicesIn).filter((service) => !base.includes(service));
};

/** Whether an experiment goes beyond one Prometheus: one that asks all of them is among what it brings. */
export const bringsQuerier = (experiment: Experiment): boolean => broughtBy(experiment).includes('query');

const counter = `${requests}{job="${job}"}`;

type ByInstance = Record<string, Sample[]>;

/**
 * Every raw sample of the fleet's counters that the global querier has of the seconds before an instant.
 * @throws ServiceError where one of those that it asks does not answer: a part would pass for the whole
 */
const answered = async ({ places: { query: base } }: Lab, at: number): Promise<ByInstance> => {
  const question = { query: `${counter}[${windowSeconds}s]`, time: at, partial_response: 'false' };
  const querier: Service = { name: 'query', of: 'step' };
  const series = toSeries(await prometheusApi(base, querier)('query', question), base, querier);
  return Object.fromEntries(series.map(({ labels, samples }) => [labels.instance!, samples]));
};

/**
 * Waits until the querier reports the whole fleet, and, where Prometheus sends its samples, of each of them: one that
 * is still on its way was not stored before.
 * @returns its raw samples, and the instant that they reach to
 */
const wholeFleet = async (lab: Lab): Promise<{ at: number; samples: ByInstance }> => {
  const { exporter, remoteWriteUrl } = await lab.state();
  return until('the querier to report the whole fleet', 90, async () => {
    // What was scraped some seconds ago has been stored and sent.
    const at = lab.now() - 12;
    const samples = await answered(lab, at);
    const whole = Object.values(samples).filter((each) => each.length >= 3);
    assert.equal(whole.length, Math.max(1, exporter!.fleet?.length ?? 0), 'instances with all samples');
    if (remoteWriteUrl !== undefined) {
      const [own] = await lab.read.samples(counter, windowSeconds, at);
      assert.deepEqual(Object.values(samples), [own!.samples]);
    }
    return { at, samples };
  });
};

/** `kill -9` of each service that an experiment beyond one machine brings, one after the other. */
export const backendKillFault = (lab: Lab, runtime: Runtime, experiment: Experiment): Fault => ({
  name: `kill -9 of each service of ${experiment.command}, ${experiment.slug}`,
  run: async () => {
    await make(experiment.command);
    const begun = lab.now();
    let slowest = { service: '', tookSeconds: 0 };
    for (const service of broughtBy(experiment)) {
      const { at, samples } = await wholeFleet(lab);
      const killedAt = lab.now();
      await runtime.signal(service, 'SIGKILL');
      if (!runtime.restartsByItself) {
        await until(`${service} to end`, 5, async () => !(await runtime.isRunning(service)));
        assert.match(await make('status'), new RegExp(`^${service} +died`, 'm'));
        await make('start', { SERVICE: service });
      }
      await until(`what was stored before to be answered again after the end of ${service}`, 90, async () => {
        assert.deepEqual(await answered(lab, at), samples);
        return true;
      });
      const tookSeconds = lab.now() - killedAt;
      if (tookSeconds > slowest.tookSeconds) slowest = { service, tookSeconds };
    }
    await pause(6);
    const { missed } = gapIn(await lab.stored(begun, lab.now()), 5);
    assert.ok(missed <= 0, `the lab's own Prometheus missed ${count(missed, 'scrape')}`);
    const by = runtime.restartsByItself ? 'by itself' : 'with make start';
    return {
      lost: "nothing that was stored before; no scrape of the lab's own Prometheus",
      recovery: `${seconds(slowest.tookSeconds)} at most (${slowest.service}), ${by}`,
    };
  },
});
