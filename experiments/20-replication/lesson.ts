import { isSentTo } from '../../lab/evidence/remote-endpoint.ts';
import { behind, refused, sendingPanels, waiting } from '../../lab/evidence/remote-write.ts';
import { upNames, upOf } from '../../lab/model/alert-states.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import { exercises } from './exercise.ts';
import { eachUp, entry, noQuorum, receiversUp } from './nodes.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'Replication factor 3',
  chapter: 'Beyond one Prometheus',
  minutes: 15,
  question: 'Three receivers store each sample three times. What is lost when one of them is down, and when two are?',
  change: 'own',
  requires: 'thanos',
  memoryMegabytes: 350,
  layer: 'storage',
  changes:
    'Prometheus remote-writes to three Thanos receivers (replication factor 3), and a querier queries all of them',
  matters: 'replicas help only queries of all of them: each keeps a gap for its own outage',
  todo: [
    'Graph how many receivers are up, and the samples in the remote-write queue.',
    'Query a single receiver, by its label.',
  ],
  manualSteps: [
    [{ do: 'kill', service: 'receive-2', says: 'one of three crashes: two are enough.' }],
    [
      {
        do: 'kill',
        service: 'receive-3',
        says: 'one of three is left: writes fail and are retried, and nothing is dropped.',
      },
    ],
    [
      { do: 'start', service: 'receive-3', says: 'two again: what waited is written.' },
      { do: 'start', service: 'receive-2', afterSeconds: 20, says: 'nothing gives it what it missed.' },
    ],
  ],
  queries: [
    { expr: receiversUp, read: 'how many of three are up: with two, writes succeed', noValue: 'at rest' },
    { expr: noQuorum, read: 'empty while two are up: the alert for writes that wait', noValue: 'on purpose' },
    {
      expr: `count_over_time(${cpu}[10m])`,
      of: globalQuerier.name,
      read: 'one series, from all receivers together: complete, whichever one is down',
      noValue: 'at rest',
    },
    {
      expr: `count_over_time(${cpu}{receive="receive-2"}[10m])`,
      of: globalQuerier.name,
      read: 'receive-2 alone: what it missed stays missing',
      noValue: 'at rest',
    },
    { expr: waiting, read: 'samples in the remote-write queue: it fills once two are down', noValue: 'at rest' },
    { expr: behind, read: 'seconds since the newest sample that two of three have accepted', noValue: 'at rest' },
    { expr: refused, read: '0, whatever happens: a write without a quorum is retried', noValue: 'at rest' },
  ],
  sources: [globalQuerier],
  expect:
    'One killed: no result changes, and writes succeed. Two killed: writes wait in Prometheus, and nothing is lost. Both up again: every result is complete; queried alone, the one that went down first has a gap.',
  insight:
    'With replication factor 3, one may be down; with two down, writes wait. A receiver that comes back gets nothing of what it missed: query all of them, and alert on how many are up.',
  lookBack: '5m',
  panels: [
    {
      title: 'Which receivers are up',
      kind: 'timeline',
      targets: [upOf(eachUp)],
      names: upNames,
      unit: 'state',
      width: 24,
      height: 5,
    },
    ...sendingPanels({ fillsOnce: 'two of three are down', receiver: 'receivers' }),
    {
      title: 'Samples of the CPU in 20 s: receive-2 keeps its gap',
      kind: 'timeseries',
      targets: [
        {
          expr: `count_over_time(${ofExporter(cpu, 'receive=~"receive-.+"')}[20s])`,
          of: globalQuerier.name,
          legend: 'all together',
          style: 'wide',
        },
        {
          expr: `count_over_time(${ofExporter(cpu, 'receive="receive-2"')}[20s])`,
          of: globalQuerier.name,
          legend: 'receive-2 alone',
        },
      ],
      unit: 'count',
      width: 12,
      height: 7,
    },
  ],
  picture,
  exercises,
  // By way of the base: no Prometheus before it sends to these receivers.
  precondition: 'scraped',
  isActive: (lab) => isSentTo(entry, lab),
  plan: { needs: 'three receivers, and a querier that asks all of them' },
  check,
};
