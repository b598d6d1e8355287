import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { history } from '../../exporter/src/history.ts';
import { targetLabels } from '../../exporter/src/instance.ts';
import { spikeThresholdPercent } from '../../exporter/src/signals/cpu.ts';
import { thanosJob as exportersThanosJob } from '../../exporter/src/thanos-targets.ts';
import type { World } from '../../exporter/src/world.ts';
import { slowScrapeSeconds } from '../../lab/base/steps.ts';
import { grouping, highCpu, targetDown } from '../../lab/model/alerts.ts';
import {
  busySeconds,
  cores,
  cpu,
  instanceName,
  job,
  memory,
  ofExporter,
  recordedAverage,
  recordedRate,
  requestRate,
  requests,
  signalInfo,
  spikes,
  startTime,
  thanosJob,
} from '../../lab/model/metrics.ts';
import { repository } from '../../scripts/host/repository.ts';

/** What has to stand in two languages is tied here: change it in one place only, and a test fails. */
const yaml = (file: string) =>
  parse(readFileSync(join(repository, file), 'utf8').replaceAll(/@[A-Z_]+@/g, 'filled-in'));

type Rule = { alert: string; expr: string; for: string; annotations: { description: string } };
const groups = () => (yaml('prometheus/rules/alerts.yml') as { groups: { name: string; rules: Rule[] }[] }).groups;
const rule = (name: string): Rule => {
  const group = groups().find(({ name }) => name === highCpu.group);
  return group!.rules.find(({ alert }) => alert === name)!;
};

test('the alert HighCPU has the threshold and the time that the checks and the guide know', () => {
  const { expr, for: held, annotations } = rule(highCpu.name);
  assert.equal(expr, `${cpu} > ${highCpu.thresholdPercent}`);
  assert.equal(held, `${highCpu.forSeconds}s`);
  assert.ok(
    annotations.description.includes(`over ${highCpu.thresholdPercent} % for at least ${highCpu.forSeconds} s`),
    annotations.description,
  );
});

test('the alert TargetDown has the time that the checks know', () => {
  const { for: held, annotations } = rule(targetDown.name);
  assert.equal(held, `${targetDown.forSeconds}s`);
  assert.ok(annotations.description.includes(`at least ${targetDown.forSeconds} s`), annotations.description);
});

test('a spike, for the exporter, begins where the alert does', () => {
  assert.equal(spikeThresholdPercent, highCpu.thresholdPercent);
});

test('Alertmanager waits as long as the checks think', () => {
  const { route } = yaml('alertmanager/alertmanager.yml.tmpl');
  assert.deepEqual(route.group_by, grouping.by);
  assert.equal(route.group_wait, `${grouping.waitSeconds}s`);
  assert.equal(route.group_interval, `${grouping.intervalSeconds}s`);
  const [critical, ...others] = route.routes;
  assert.deepEqual(others, []);
  assert.equal(critical.group_wait, `${grouping.criticalWaitSeconds}s`);
  assert.equal(critical.group_interval, undefined);
});

test('the names that the checks know, and those that the history holds, are of the golden scrape', () => {
  const read = (file: string) => readFileSync(join(repository, 'exporter/test/golden', file), 'utf8');
  const typesIn = (text: string) =>
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  const scraped = typesIn(read('base.text.txt'));
  const known = { cpu, memory, cores, requests, spikes, busySeconds, signalInfo };
  for (const name of Object.values(known))
    assert.ok(
      scraped.some((line) => line.startsWith(`${name} `)),
      name,
    );

  const world: World = { signal: 'random', seed: 1, cores: 1, startedAt: 1_000 };
  const reported = typesIn([...history(world, { from: 900, to: 900, step: 1 })].join(''));
  const openMetrics = typesIn(read('base.openmetrics.txt'));
  const own = reported.filter((line) => !line.startsWith(startTime));
  assert.equal(own.length, Object.keys(known).length);
  for (const line of own) assert.ok(openMetrics.includes(line), line);
});

test('the recording rules record what the lessons show', () => {
  const { groups } = yaml('prometheus/rules/recording.yml') as {
    groups: { rules: { record: string; expr: string }[] }[];
  };
  const recorded = groups.flatMap(({ rules }) => rules).map(({ record, expr }) => [record, expr]);
  assert.deepEqual(recorded, [
    [recordedAverage, `avg without (core) (${cores})`],
    [recordedRate, requestRate],
  ]);
});

test('slow-scrape, and no other interval, is the step slow-scrape', () => {
  const { prometheus, grafana } = yaml('compose.slow-scrape.yaml').services;
  assert.equal(prometheus.environment.SCRAPE_INTERVAL, `${slowScrapeSeconds}s`);
  assert.equal(grafana.environment.SCRAPE_INTERVAL, `${slowScrapeSeconds}s`);
});

test("the exporter's labels are those that its target has, and the checks select by them", () => {
  const { scrape_configs } = yaml('prometheus/prometheus.yml.tmpl') as {
    scrape_configs: { job_name: string; static_configs: { labels: { instance: string } }[] }[];
  };
  const scraped = scrape_configs.find(({ job_name }) => job_name === job);
  assert.equal(scraped?.static_configs[0]?.labels.instance, instanceName());
  assert.equal(thanosJob, exportersThanosJob);
  assert.equal(ofExporter('up'), `up{${targetLabels({})}}`);
  assert.equal(ofExporter('up', 'a="b"', 3), 'up{a="b",job="my_app",instance="exporter:8002"}');
  assert.equal(ofExporter('up', '', 3), `up{${targetLabels({ number: 3 })}}`);
});
