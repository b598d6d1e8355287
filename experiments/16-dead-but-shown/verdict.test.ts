import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { Sample } from '../../lab/promql/sample.ts';
import { repository } from '../../scripts/host/repository.ts';
import { failsOnly, holds, labOf, said, sendsTo, truthOf } from '../../test/lessons/verdicts.ts';
import { type Silenced, stampedJob } from './findings.ts';
import { type Ended, type Measured, tooSlow, verdict } from './verdict.ts';

const start = 1_800_000_000;
const stopsAt = start + 20;
const lab = labOf({
  now: start + 35,
  prometheusStartedAt: start - 600,
  exporter: { signal: 'random', seed: 1, startedAt: start, cores: 2 },
});
const instants = Array.from({ length: 22 }, (_, index) => start - 1 + index);
const celsius = (at: number) => (at < stopsAt ? 20 + (at - start) / 100 : null);
const truth = truthOf({
  instants,
  timestamps: { stopsAt, celsius: instants.map(celsius), measuredAt: instants.map((at) => (at < stopsAt ? at : null)) },
});

/** Scraped at second 3.5 and every 5 s, so the first scrape after the end is at 23.5. */
const samples = (phase: number): Sample[] => [3, 8, 13, 18].map((at) => [start + at + phase, 20 + at / 100]);
const silenced = (metric: string, phase: number, isShown: boolean, change: Partial<Silenced> = {}): Ended => {
  const last = start + 18 + phase;
  return {
    metric,
    instance: 'exporter:8000',
    job: 'my_app',
    number: 1,
    samples: samples(phase),
    endedAt: start + 23.5,
    shown: [
      { at: start + 23.5, value: isShown ? 20.18 : undefined },
      { at: last + 299, value: isShown ? 20.18 : undefined },
      { at: last + 300, value: undefined },
    ],
    absent: [
      { at: start + 23.5, isAbsent: !isShown },
      { at: last + 299, isAbsent: !isShown },
      { at: last + 300, isAbsent: true },
    ],
    ...change,
  };
};
const plain = silenced('temperature_celsius', 0.5, false);
const stamped = silenced('temperature_stamped_celsius', 0, true);
const fixed = silenced('temperature_stamped_celsius', 0, false, { instance: 'exporter:8001', job: 'my_app_stamped' });
const full: Measured = { truth, plain, stamped, fixed };
const judged = (change: Partial<Measured> = {}) => verdict({ ...full, ...change });
const withAnswer = (whose: Ended, index: number, value: number | undefined) => ({
  ...whose,
  shown: whose.shown.map((each, at) => (at === index ? { ...each, value } : each)),
});
const withAbsence = (whose: Ended, index: number, isAbsent: boolean) => ({
  ...whose,
  absent: whose.absent.map((each, at) => (at === index ? { ...each, isAbsent } : each)),
});

test('one gauge is gone at once, the other is shown for 299 s, and the fix ends it', () => {
  holds(judged());
  const [happened, stored, gone, shown, silent, fix] = said(judged());
  assert.match(happened!, /last measured just before 08:00:20; since then there is none$/);
  assert.match(stored!, /4 samples of temperature_stamped_celsius.*, the last at 08:00:18$/);
  assert.match(gone!, /^temperature_celsius is stale with the next scrape, at 08:00:23, 5 s after its last sample/);
  assert.match(
    shown!,
    /shows 20.18 until 08:05:17, 299 s after its last timestamp, and at 08:05:18, after 300 s, nothing/,
  );
  assert.match(silent!, /absent\(\) is silent for just as long/);
  assert.match(fix!, /^the fix: the job my_app_stamped .* stale at 08:00:23, 5.5 s after its last sample/);
});
test('without an instance in the job with the fix that is said', () => {
  const { fixed: _, ...rest } = full;
  holds(verdict(rest));
  assert.match(said(verdict(rest)).at(-1)!, /^left out: no instance/);
});
test('a stored sample that was not measured at its timestamp fails', () => {
  const odd = stamped.samples.map(([at, value], index): Sample => [at, index === 1 ? value + 1 : value]);
  failsOnly(judged({ stamped: { ...stamped, samples: odd } }), /^what was stored is right/);
});
test('a plain gauge that stays fails', () => {
  failsOnly(judged({ plain: withAnswer(plain, 0, 20.18) }), /^temperature_celsius is stale/);
  failsOnly(judged({ plain: withAbsence(plain, 0, false) }), /^temperature_celsius is stale/);
});
test('a stamped gauge that is gone earlier or later fails', () => {
  failsOnly(judged({ stamped: withAnswer(stamped, 1, undefined) }), /^temperature_stamped_celsius has timestamps/);
  failsOnly(judged({ stamped: withAnswer(stamped, 2, 20.18) }), /^temperature_stamped_celsius has timestamps/);
});
test('an absent() that speaks earlier or later fails', () => {
  failsOnly(judged({ stamped: withAbsence(stamped, 1, true) }), /absent\(\) is silent/);
  failsOnly(judged({ stamped: withAbsence(stamped, 2, false) }), /absent\(\) is silent/);
});
test('a fix that does not end it fails', () => {
  failsOnly(judged({ fixed: withAnswer(fixed, 0, 20.18) }), /^the fix/);
});

test('gauges that no scrape met are sent to a longer life', () => {
  sendsTo(tooSlow(fixed, stopsAt, lab), 'make exp-16 TIMESTAMPS=30s');
  sendsTo(tooSlow(fixed, stopsAt, { ...lab, scrapeSeconds: 60 }), 'make exp-16 TIMESTAMPS=140s');
});
test('the fix is a line of the scrape job', () => {
  const text = readFileSync(`${repository}/prometheus/prometheus.yml.tmpl`, 'utf8').replaceAll(
    /@[A-Z_]+@/g,
    'filled-in',
  );
  const { scrape_configs } = parse(text) as { scrape_configs: { job_name: string }[] };
  const job = scrape_configs.find((each) => each.job_name === stampedJob)! as Record<string, unknown>;
  // Each of the jobs has targets, and says which of them a shard takes.
  const { job_name, http_sd_configs, relabel_configs, ...fix } = job;
  assert.deepEqual(fix, { track_timestamps_staleness: true });
});
