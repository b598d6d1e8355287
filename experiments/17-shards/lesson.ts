import { counters } from '../../lab/evidence/querier.ts';
import { upNames, upOf } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { job, requests } from '../../lab/model/metrics.ts';
import { globalQuerier, instancesKnown, prometheusNamed, upOfFleet } from '../../lab/model/sources.ts';
import { exercises } from './exercise.ts';
import { picture } from './picture.ts';
import {
  anyShardDown,
  areHere,
  instancesOfShards,
  plainQuerier,
  shardsUp,
  sidecarsOf,
  targetsOfShards,
} from './services.ts';
import { shards } from './union.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Shards',
  chapter: 'Beyond one Prometheus',
  minutes: 12,
  question: 'Two Prometheus share a fleet, and one of them crashes. What says that the result is incomplete?',
  change: 'own',
  requires: 'thanos',
  memoryMegabytes: 400,
  layer: 'scraper',
  changes: 'twelve instances, sharded over two Prometheus with a Thanos sidecar each, and two queriers that query both',
  matters: 'half a fleet looks like a whole one, unless the querier knows all its endpoints',
  todo: [
    'Query the sum over the fleet: it is that of both shards, to the last digit.',
    'See which instances each shard scrapes: the hash of the `instance` label decides, and the split is not even. Each shard drops the other’s targets: Status → Service discovery lists them as dropped (in Docker no shard publishes its web UI; query it in the guide).',
    'Once a shard is down, query the number of instances on both queriers, and see which of them warns.',
  ],
  manualSteps: [
    [
      {
        do: 'kill',
        service: 'shard-b',
        says: 'it crashes, and no shard scrapes its part of the fleet any more.',
      },
    ],
  ],
  queries: [
    { expr: instancesKnown, read: 'the fleet, as the Prometheus sees it that scrapes all: 12' },
    {
      expr: instancesKnown,
      of: globalQuerier.name,
      read: '12 from both shards; fewer, with a warning, once one is down',
      noValue: 'at rest',
    },
    {
      expr: instancesKnown,
      of: plainQuerier.name,
      read: '12 from both shards; fewer, without a warning, once one is down',
      noValue: 'at rest',
    },
    {
      expr: `sum(rate(${counters}[1m]))`,
      of: globalQuerier.name,
      read: 'the sum over the whole fleet, from both shards',
      noValue: 'at rest',
    },
    ...shards.map(({ service }) => ({
      expr: upOfFleet,
      of: service,
      read: `the instances that ${service} scrapes: the hash of each instance label decides`,
      noValue: 'at rest' as const,
    })),
    { expr: targetsOfShards, read: 'how many instances each shard scrapes', noValue: 'at rest' },
    { expr: shardsUp, read: '1 while a shard is up: what to alert on', noValue: 'at rest' },
    {
      expr: anyShardDown,
      read: 'empty while both shards are up: the alert that no querier gives you',
      noValue: 'on purpose',
    },
    { expr: sidecarsOf(plainQuerier.name), read: 'the sidecars that the plain querier queries', noValue: 'at rest' },
  ],
  sources: [globalQuerier, plainQuerier, ...shards.map(({ service }) => prometheusNamed(service))],
  expect:
    'One result for twelve instances. Once a shard is killed, the strict querier returns a warning; the plain one, after some seconds, returns a part of the fleet without any warning.',
  insight:
    'A querier that knows only the endpoints that are up cannot miss any. List those that must answer (--endpoint-strict), and alert on each shard’s own up.',
  lookBack: '5m',
  panels: [
    {
      title: 'Instances: with a shard down one querier warns, one forgets',
      kind: 'timeseries',
      targets: [
        { expr: instancesOfShards, of: globalQuerier.name, legend: 'query', style: 'wide', colour: 'green' },
        { expr: instancesOfShards, of: plainQuerier.name, legend: 'query-plain', colour: 'purple' },
      ],
      unit: 'count',
      range: [0, 12],
      lastValue: true,
      width: 12,
      height: 8,
    },
    {
      title: 'Which shards are up',
      kind: 'timeline',
      targets: [upOf(shardsUp)],
      names: upNames,
      unit: 'state',
      width: 12,
      height: 8,
    },
    {
      title: 'Instances of each: split by hash',
      kind: 'timeseries',
      targets: [{ expr: targetsOfShards, legend: '{{instance}}' }],
      unit: 'count',
      lastValue: true,
      width: 8,
      height: 9,
    },
    {
      title: 'Sidecars: the plain one forgets',
      kind: 'timeseries',
      targets: [
        { expr: sidecarsOf(globalQuerier.name), legend: 'query', style: 'wide', colour: 'green' },
        { expr: sidecarsOf(plainQuerier.name), legend: 'query-plain', colour: 'purple' },
      ],
      unit: 'count',
      width: 8,
      height: 9,
    },
    {
      title: 'Requests: they continue',
      description: 'From the Prometheus that scrapes all twelve instances.',
      kind: 'timeseries',
      targets: [{ expr: `sum(rate(${requests}{job="${job}"}[1m]))`, legend: 'all instances' }],
      unit: 'requests per second',
      width: 8,
      height: 9,
    },
  ],
  picture,
  exercises,
  precondition: 'scraped',
  isActive: areHere,
  plan: { needs: 'two Prometheus, and a querier that asks both' },
  check,
};
