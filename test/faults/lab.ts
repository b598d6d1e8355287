import assert from 'node:assert/strict';
import { cpu, ofExporter, scrapeDuration, signalInfo, targetUp } from '../../experiments/metrics.ts';
import { only } from '../../experiments/samples.ts';
import { couldHaveSeen, cpuOf, marginSeconds, scrapesIn } from '../../experiments/seen.ts';
import type { Sample } from '../../experiments/types.ts';
import { createReader, observe } from '../../lab/api.ts';
import { placesFrom } from '../../lab/places.ts';
import { answers, made, until } from '../e2e/commands.ts';

export type ServiceName = 'exporter' | 'prometheus' | 'alertmanager' | 'guide';
export const services: readonly ServiceName[] = ['exporter', 'prometheus', 'alertmanager', 'guide'];

/** The real lab, as a person at a terminal has it: its commands and its published ports. */
export const labAt = (environment: Record<string, string | undefined>) => {
  const at = (name: string, port: number) => `127.0.0.1:${environment[`${name}_PORT`] || port}`;
  const places = placesFrom({
    ...environment,
    EXPORTER_ADDRESS: at('EXPORTER', 8000),
    PROMETHEUS_ADDRESS: at('PROMETHEUS', 9090),
    ALERTMANAGER_ADDRESS: at('ALERTMANAGER', 9093),
    GUIDE_ADDRESS: at('GUIDE', 8080),
    PROFILES: '',
  });
  const read = createReader(places);
  const health: Record<ServiceName, string> = {
    exporter: `${places.exporter}/healthz`,
    prometheus: `${places.prometheus}/-/ready`,
    alertmanager: `${places.alertmanager}/-/ready`,
    guide: `${places.guide}/healthz`,
  };
  const now = () => Date.now() / 1_000;

  const isHealthy = async (service: ServiceName) => {
    try {
      return (await fetch(health[service], { signal: AbortSignal.timeout(3_000) })).ok;
    } catch {
      return false;
    }
  };
  /** Waits until every service is healthy and a scrape after `since` went well. @returns seconds from `since` */
  const recovered = (since: number, limitSeconds = 60) =>
    until('every service and a good scrape', limitSeconds, async () => {
      if (!(await Promise.all(services.map(isHealthy))).every(Boolean)) return false;
      const up = await read.samples(ofExporter(targetUp), 30, now()).catch(() => []);
      const first = up.flatMap(({ samples }) => samples).find(([when, value]) => when > since && value === 1);
      return first && first[0] - since;
    });
  /** What Prometheus has stored of the gauge from one time to another, unix seconds. */
  const stored = async (from: number, to: number): Promise<Sample[]> =>
    (await read.samples(cpu, to - from, to)).flatMap(({ samples }) => samples);

  const nothingAnswers = async () => {
    for (const service of services) assert.equal(await answers(health[service]), false, `${service} answers`);
  };
  const up = async () => {
    await made('up');
    await recovered(now() - 10);
  };
  return { places, read, health, now, isHealthy, recovered, stored, nothingAnswers, up, state: () => observe(places) };
};

export type Lab = ReturnType<typeof labAt>;

/**
 * Holds stored samples against what really happened. What was stored while the lab played another signal, as in
 * an experiment before, has another truth and is left out.
 */
export const assertTrue = async (lab: Lab, samples: readonly Sample[]): Promise<void> => {
  const [first, last] = [samples[0]![0], samples.at(-1)![0]];
  const signal = cpuOf(await lab.read.truth(first - 1, last + marginSeconds));
  const { exporter } = await lab.state();
  const played = await lab.read.samples(`${signalInfo}{signal="${exporter!.signal}"}`, last - first + 1, last);
  const isOfThisSignal = new Set(played.flatMap(({ samples: infos }) => infos.map(([when]) => when)));
  const ofThisSignal = samples.filter(([when]) => isOfThisSignal.has(when));
  assert.ok(ofThisSignal.length > 0, 'no sample of this signal');
  const scrapeAt = scrapesIn(only(await lab.read.samples(ofExporter(scrapeDuration), last - first + 1, last)));
  for (const [when, value] of ofThisSignal) {
    const could = couldHaveSeen(signal, scrapeAt(when));
    assert.ok(could.includes(value), `${value} is stored at ${when}, ${could.join(' or ')} is true`);
  }
};

/** The longest stretch without a sample, and how many scrapes it swallowed. */
export const gapIn = (samples: readonly Sample[], scrapeSeconds: number) => {
  const gaps = samples.slice(1).map(([at], index) => ({ from: samples[index]![0], to: at }));
  const longest = gaps.reduce((one, two) => (two.to - two.from > one.to - one.from ? two : one), gaps[0]!);
  return { ...longest, missed: Math.round((longest.to - longest.from) / scrapeSeconds) - 1 };
};
